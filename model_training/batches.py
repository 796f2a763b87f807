"""What a training sees: batches in an order, and in views, that seed and epoch alone decide.

So a training that goes on after being killed sees what it would have seen.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from model_training.augmentation import randomly_oriented, restained

Batch = tuple[NDArray[np.generic], NDArray[np.float32], NDArray[np.float32]]
"""Inputs (n, ...), truth float32 (n, 1), weights float32 (n,)."""


class EpochBatches(keras.utils.PyDataset, ABC):
    """Batches of rows, shuffled anew each epoch.

    ``weights``: of a benign and of a malignant patch.
    """

    def __init__(
        self, truth: NDArray[np.int8], weights: NDArray[np.float32], *, batch_size: int, seed: int
    ) -> None:
        super().__init__()
        self._truth = truth[:, None].astype(np.float32)
        self._weights = weights[truth]
        self._batch_size = batch_size
        self._seed = seed
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        """What follows are the batches of this epoch, counted from 0."""
        self._epoch = epoch
        self._order = self._random().permutation(len(self._truth))

    def __len__(self) -> int:
        return math.ceil(len(self._truth) / self._batch_size)

    def __getitem__(self, index: int) -> Batch:
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        return self._inputs(rows, self._random(index + 1)), self._truth[rows], self._weights[rows]

    def _random(self, *place: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, self._epoch, *place))

    @abstractmethod
    def _inputs(self, rows: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.generic]:
        """What the model is given of these rows."""


class FeatureBatches(EpochBatches):
    """Features float32 (n, ...), each patch in one of the orientations they were computed in."""

    def __init__(
        self,
        orientations: Sequence[NDArray[np.float16]],
        truth: NDArray[np.int8],
        weights: NDArray[np.float32],
        *,
        batch_size: int,
        seed: int,
    ) -> None:
        self._orientations = orientations
        super().__init__(truth, weights, batch_size=batch_size, seed=seed)

    def _inputs(self, rows: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.generic]:
        views = random.integers(len(self._orientations), size=len(rows))
        features = [self._orientations[view][row] for view, row in zip(views, rows, strict=True)]
        return np.asarray(features, np.float32)


class PatchBatches(EpochBatches):
    """Patches uint8 RGB (n, s, s, 3), turned, mirrored and restained at random."""

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        truth: NDArray[np.int8],
        weights: NDArray[np.float32],
        *,
        batch_size: int,
        seed: int,
        stain_jitter: float,
    ) -> None:
        self._pixels = pixels
        self._stain_jitter = stain_jitter
        super().__init__(truth, weights, batch_size=batch_size, seed=seed)

    def _inputs(self, rows: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.generic]:
        turned = randomly_oriented(self._pixels[rows], random)
        return restained(turned, random, strength=self._stain_jitter)


def class_weights(truth: NDArray[np.int8]) -> NDArray[np.float32]:
    """Of benign and malignant, float32 (2,): both classes sum up to half of the patches."""
    count = np.bincount(truth, minlength=2)
    return (len(truth) / (2 * np.maximum(count, 1))).astype(np.float32)
