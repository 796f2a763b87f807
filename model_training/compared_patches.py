"""What two bundles say of the same patches, with the places that a map of the difference needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import PatchSource
from histoviewer.staging import staged
from model_training.patches import PatchList

PATCHES = "comparison.npz"
"""In a training's folder, beside ``comparison.json``."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPatches:
    """One row a patch.

    Attributes:
        files: name of each, as ``PatchFacts`` has it.
        truth: int8 (n,), 1 = malignant.
        old, new: float32 (n,), what the viewer shows for each bundle.
    """

    files: tuple[str, ...]
    truth: NDArray[np.int8]
    old: NDArray[np.float32]
    new: NDArray[np.float32]


def save_compared(path: Path, compared: ComparedPatches, listed: PatchList) -> None:
    """Write them as NumPy's ``.npz``, whole or not at all. ``listed``: holds all of them.

    Arrays of one row a patch: ``slide`` (str, the patient, or the file of a slide), ``x``, ``y``, ``side``
    (int32) and ``stride`` (float64), level-0 pixels, x and y NO_LOCATION where unknown; ``truth``, ``old``,
    ``new``. Raises ResultError.
    """
    place = {file: row for row, file in enumerate(listed.facts.files)}
    rows = np.array([place[file] for file in compared.files], np.intp)
    slides, side, stride = (np.concatenate(parts)[rows] for parts in zip(*_of_sources(listed), strict=True))
    with staged(path) as file:
        np.savez_compressed(
            file,
            slide=slides,
            x=listed.facts.x[rows],
            y=listed.facts.y[rows],
            side=side,
            stride=stride,
            truth=compared.truth,
            old=compared.old,
            new=compared.new,
        )


def _of_sources(
    listed: PatchList,
) -> list[tuple[NDArray[np.str_], NDArray[np.int32], NDArray[np.float64]]]:
    """Of each source: which slide its patches lie on, their sides and strides."""
    return [
        (_slides(source, rows), source.columns.width[rows], np.full(len(rows), source.stride))
        for source, rows in zip(listed.sources, listed.rows, strict=True)
    ]


def _slides(source: PatchSource, rows: NDArray[np.intp]) -> NDArray[np.str_]:
    """A patient's patches may be in several folders; of slides two may have one name."""
    if source.kind == "slide":
        return np.full(len(rows), source.path.as_posix())
    return np.asarray(source.columns.patients)[source.columns.patient[rows]]
