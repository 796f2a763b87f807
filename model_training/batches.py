"""What a training sees: batches in an order, and in views, that seed and epoch alone decide.

So a training that goes on after being killed sees what it would have seen.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from model_training.augmentation import randomly_oriented, restained

Batch = tuple[NDArray[np.generic], NDArray[np.float32], NDArray[np.float32]]
"""Inputs (n, ...), truth float32 (n, 1), weights float32 (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What is known of the patches that an epoch draws from.

    Attributes:
        truth: int8 (n,).
        patients: str (n,).
        weights: float32 (2,), of a benign and of a malignant patch.
    """

    truth: NDArray[np.int8]
    patients: NDArray[np.str_]
    weights: NDArray[np.float32]


class EpochBatches(keras.utils.PyDataset, ABC):
    """Batches of rows, shuffled anew each epoch.

    ``most_of_patient``: patches of one patient in one epoch, at most, drawn anew each epoch, so that a few
    whole slides do not outweigh everybody else; None for all of them.
    """

    def __init__(
        self, labels: Labels, *, batch_size: int, seed: int, most_of_patient: int | None = None
    ) -> None:
        super().__init__()
        self._truth = labels.truth[:, None].astype(np.float32)
        self._weights = labels.weights[labels.truth]
        self._patient = np.unique(labels.patients, return_inverse=True)[1]
        self._batch_size = batch_size
        self._seed = seed
        self._most_of_patient = most_of_patient
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        """What follows are the batches of this epoch, counted from 0."""
        self._epoch = epoch
        order = self._random().permutation(len(self._truth))
        if self._most_of_patient is not None:
            order = order[rank_within(self._patient[order]) < self._most_of_patient]
        self._order = order

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch_size)

    def __getitem__(self, index: int) -> Batch:
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        return self._inputs(rows, self._random(index + 1)), self._truth[rows], self._weights[rows]

    def _random(self, *place: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, self._epoch, *place))

    @abstractmethod
    def _inputs(self, rows: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.generic]:
        """What the model is given of these rows."""


class FeatureBatches(EpochBatches):
    """Some rows of features, float16 (m, ...), each in one of the orientations they were computed in.

    ``labels`` are those of the rows, in the same order.
    """

    def __init__(
        self,
        orientations: Sequence[NDArray[np.float16]],
        rows: NDArray[np.intp],
        labels: Labels,
        *,
        batch_size: int,
        seed: int,
    ) -> None:
        self._orientations = orientations
        self._rows = rows
        super().__init__(labels, batch_size=batch_size, seed=seed)

    def _inputs(self, rows: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.generic]:
        views = random.integers(len(self._orientations), size=len(rows))
        features = [self._orientations[view][row] for view, row in zip(views, self._rows[rows], strict=True)]
        return np.asarray(features, np.float32)


class PatchBatches(EpochBatches):
    """Some rows of ``pixels``, uint8 RGB (m, s, s, 3), turned, mirrored and restained at random.

    ``labels`` are those of the rows, in the same order.
    """

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        rows: NDArray[np.intp],
        labels: Labels,
        *,
        batch_size: int,
        seed: int,
        stain_jitter: float,
        most_of_patient: int | None = None,
    ) -> None:
        self._pixels = pixels
        self._rows = rows
        self._stain_jitter = stain_jitter
        super().__init__(labels, batch_size=batch_size, seed=seed, most_of_patient=most_of_patient)

    def _inputs(self, rows: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.generic]:
        turned = randomly_oriented(self._pixels[self._rows[rows]], random)
        return restained(turned, random, strength=self._stain_jitter)


class RowsInOrder(keras.utils.PyDataset):
    """Rows of ``inputs``, (m, ...), in their order with their truth: what a network is judged on, without a
    copy of all of it."""

    def __init__(
        self,
        inputs: NDArray[np.generic],
        rows: NDArray[np.intp],
        truth: NDArray[np.int8],
        *,
        batch_size: int = 32,
    ) -> None:
        super().__init__()
        self._inputs = inputs
        self._rows = rows
        self._truth = truth
        self._batch_size = batch_size

    @property
    def truth(self) -> NDArray[np.int8]:
        """Of the rows, in their order, int8 (n,)."""
        return self._truth

    def __len__(self) -> int:
        return math.ceil(len(self._rows) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.generic], NDArray[np.float32]]:
        place = slice(index * self._batch_size, (index + 1) * self._batch_size)
        return self._inputs[self._rows[place]], self._truth[place, None].astype(np.float32)


def class_weights(
    truth: NDArray[np.int8], patients: NDArray[np.str_], most_of_patient: int | None = None
) -> NDArray[np.float32]:
    """Of benign and malignant, float32 (2,): both weigh the same in what an epoch is expected to draw."""
    _, patient, count = np.unique(patients, return_inverse=True, return_counts=True)
    chance = (
        np.ones(len(truth)) if most_of_patient is None else (most_of_patient / count[patient]).clip(max=1)
    )
    drawn = np.bincount(truth, weights=chance, minlength=2)
    weights: NDArray[np.float64] = drawn.sum() / (2 * np.maximum(drawn, 1))
    return weights.astype(np.float32)


def rank_within(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many members of the same group stand before each one, intp (n,)."""
    order = np.argsort(groups, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(groups))[:-1]))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(groups)) - first[groups[order]]
    return rank
