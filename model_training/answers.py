"""What a network said of patches whose truth is known: what every figure is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from model_training.dataset import Dataset
from model_training.weights import NPZ_ERRORS

NEAREST = 1e-7
"""To 0 and 1 that a probability is taken for: float32 has no finite logit beyond."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One row a patch.

    Attributes:
        files: str (n,), relative path of each.
        patients: str (n,).
        truth: int8 (n,), 1 = malignant.
        x, y: int32 (n,), level-0 pixels of the patient's slide; NO_LOCATION where unknown.
        probability: float32 (n,), of malignancy, the network's answer for the patch alone.
        fold: int16 (n,), which part of the patients was held out when it was judged, from 1; 0 where
            there are no folds.
    """

    files: NDArray[np.str_]
    patients: NDArray[np.str_]
    truth: NDArray[np.int8]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    probability: NDArray[np.float32]
    fold: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def logit(self) -> NDArray[np.float32]:
        """Of ``probability``, float32 (n,)."""
        return logit(self.probability)

    def __getitem__(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Answers:
        """Those of some rows."""
        return Answers(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @classmethod
    def together(cls, parts: Sequence[Answers]) -> Answers:
        """Those of several, one behind the other."""
        return cls(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)})

    def save(self, path: Path) -> None:
        """Write them as NumPy's ``.npz``."""
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez_compressed(file, **{f.name: getattr(self, f.name) for f in fields(self)})
        unfinished.replace(path)


def load_answers(path: Path) -> Answers:
    """Answers written by ``save``. Raises SourceError where they are missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return Answers(**{field.name: arrays[field.name] for field in fields(Answers)})
    except (*NPZ_ERRORS, KeyError) as error:
        raise SourceError(
            f"Cannot read the answers {path}: {error}. Run crossvalidate to its end."
        ) from error


def answers_of(
    dataset: Dataset, rows: NDArray[np.intp], probability: NDArray[np.float32], *, fold: int = 0
) -> Answers:
    """What was said of these rows of a data set."""
    return Answers(
        files=np.asarray(dataset.files)[rows],
        patients=dataset.patients[rows],
        truth=dataset.truth[rows],
        x=dataset.x[rows],
        y=dataset.y[rows],
        probability=probability,
        fold=np.full(len(rows), fold, np.int16),
    )


def logit(probability: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log odds, float32."""
    certain = np.clip(probability.astype(np.float64), NEAREST, 1 - NEAREST)
    return np.log(certain / (1 - certain)).astype(np.float32)


def sigmoid(logit: NDArray[np.floating]) -> NDArray[np.float32]:
    """The probability of log odds, float32."""
    return (1 / (1 + np.exp(-logit.astype(np.float64)))).astype(np.float32)
