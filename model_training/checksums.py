"""What a training was made from, as checksums: so that it does not go on with something else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.config import write_whole
from model_training.dataset import Dataset
from model_training.features import pixels_digest

Weights = Mapping[str, NDArray[Any]]
"""Of the base, by their names."""


@dataclass(frozen=True, slots=True)
class Checksums:
    """Of what is not in the recipe.

    Attributes:
        data: of the patches: pixels, truth and files.
        weights: of the base.
    """

    data: str
    weights: str

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"

    def save(self, path: Path) -> None:
        write_whole(path, self.text())


def checksums_of(dataset: Dataset, rows: NDArray[np.intp], weights: Weights) -> Checksums:
    """Those of some patches of a data set."""
    base = hashlib.sha256()
    for name in sorted(weights):
        base.update(np.ascontiguousarray(weights[name]).data)
    return Checksums(_of_data(dataset, rows), base.hexdigest()[:16])


def checksums_of_all(dataset: Dataset, weights: Weights) -> Checksums:
    """Those of every patch, whichever side it is on."""
    return checksums_of(dataset, np.arange(len(dataset)), weights)


def data_checksum(dataset: Dataset) -> str:
    """The part that is of the patches, of every one."""
    return _of_data(dataset, np.arange(len(dataset)))


def _of_data(dataset: Dataset, rows: NDArray[np.intp]) -> str:
    digest = pixels_digest(dataset.pixels, rows)
    digest.update(np.ascontiguousarray(dataset.truth[rows]).data)
    digest.update("\n".join(dataset.files[row] for row in rows.tolist()).encode())
    return digest.hexdigest()[:16]
