"""Two models' probabilities on the same slides, and how they differ: absolute, from -1 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ResultError, reason_of
from histoviewer.patches.patch import NO_LOCATION
from histoviewer.results.colormaps import lookup_table
from histoviewer.results.store import is_positive
from histoviewer.translation import _

DIFFERENCE_COLORMAP = "RdBu_r"
"""Of matplotlib, from ColorBrewer, where it counts as safe for colour-blind eyes: blue where the newer
probability is lower and red where it is higher, as benign and malignant are everywhere; no difference is
nearly white, which neither theme's surround is."""

_MODELS = ("old", "new")
_COLUMNS = ("slide", "x", "y", "side", "stride", "truth", *_MODELS)

STEPS = 127
"""Colours on either side of no difference."""

_MOST_CELLS = 4_000_000
"""Of one map: beyond, the places are none."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedMap:
    """One slide.

    Attributes:
        slide: the patient, or the path of a slide file.
        patches: how many lie on it.
        raised, lowered: how many of them only the new model calls malignant, and only the old one, each at
            its own threshold.
        x, y: top left corner of the first cell, level-0 pixels.
        cell: edge of a cell, level-0 pixels: the stride, of several the finest.
        old, new: float32 (rows, columns), mean probability of the patches that cover a cell; NaN where there
            is none.
        truth: float32 (rows, columns), the share of malignant ones among these; NaN as above.
    """

    slide: str
    patches: int
    raised: int
    lowered: int
    x: int
    y: int
    cell: float
    old: NDArray[np.float32]
    new: NDArray[np.float32]
    truth: NDArray[np.float32]

    @property
    def difference(self) -> NDArray[np.float32]:
        """New minus old, float32 (rows, columns), -1 to 1; NaN where there is no patch."""
        return self.new - self.old


def read_compared_maps(path: Path, *, thresholds: tuple[float, float]) -> list[ComparedMap]:
    """The maps that a comparison of two models has left, those of most patches first.

    ``thresholds``: of the old model and the new one. Patches without a place are on none. Raises ResultError
    where the file cannot be read.
    """
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            columns = {name: arrays[name] for name in _COLUMNS}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        message = _("Cannot read {path}: {reason}.")
        raise ResultError(message.format(path=path, reason=reason_of(error))) from error
    slides, number = np.unique(columns["slide"], return_inverse=True)
    is_placed = columns["x"] != NO_LOCATION
    maps = []
    for i, slide in enumerate(slides.tolist()):
        rows = np.flatnonzero(is_placed & (number == i))
        if len(rows):
            maps.append(_map(slide, {name: column[rows] for name, column in columns.items()}, thresholds))
    return sorted((one for one in maps if one is not None), key=lambda one: -one.patches)


def _map(slide: str, columns: dict[str, NDArray[Any]], thresholds: tuple[float, float]) -> ComparedMap | None:
    """None where the places lie so far apart that no slide can hold them."""
    before, after = (
        is_positive(columns[name], at) for name, at in zip(("old", "new"), thresholds, strict=True)
    )
    x, y = (columns[axis].astype(np.int64) for axis in ("x", "y"))
    cell = float(columns["stride"].min())  # where a slide was cut more than once, the finest holds them all
    left, top = int(x.min()), int(y.min())
    column, row = (np.rint((at - start) / cell).astype(np.intp) for at, start in ((x, left), (y, top)))
    span = np.maximum(np.rint(columns["side"] / cell), 1).astype(np.intp)
    shape = int((row + span).max()), int((column + span).max())
    if shape[0] * shape[1] > _MOST_CELLS:
        return None
    old, new, truth = _means([columns[name] for name in (*_MODELS, "truth")], row, column, span, shape)
    raised, lowered = np.count_nonzero(after & ~before), np.count_nonzero(before & ~after)
    return ComparedMap(slide, len(x), int(raised), int(lowered), left, top, cell, old, new, truth)


def _means(
    values: Sequence[NDArray[Any]],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    span: NDArray[np.intp],
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """Of patches that cover ``span`` x ``span`` cells each: float32 (len(values), rows, columns)."""
    count, sums = np.zeros(shape, np.int32), np.zeros((len(values), *shape), np.float64)
    for dy, dx in np.ndindex(2 * (int(span.max()),)):
        is_there = (dy < span) & (dx < span)
        at = row[is_there] + dy, column[is_there] + dx
        np.add.at(count, at, 1)
        for total, value in zip(sums, values, strict=True):
            np.add.at(total, at, value[is_there])
    means = np.full(sums.shape, np.nan)
    np.divide(sums, count, out=means, where=count > 0)
    return means.astype(np.float32)


def colorize_difference(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colours of differences: float32 (rows, columns), -1 to 1, NaN nothing -> uint8 RGBA (rows, columns, 4).

    Opaque, transparent where there is nothing. The scale is absolute: the same colour is the same
    difference on every slide.
    """
    table = np.concatenate((difference_colours(), np.zeros((1, 4), np.uint8)))
    places = np.rint(np.clip(values, -1, 1) * STEPS) + STEPS
    colours: NDArray[np.uint8] = table[np.nan_to_num(places, nan=len(table) - 1).astype(np.intp)]
    return colours


def difference_colours() -> NDArray[np.uint8]:
    """From -1 to 1: uint8 RGBA (2 * STEPS + 1, 4), opaque, the one of no difference in the middle."""
    return lookup_table(DIFFERENCE_COLORMAP)[1:]
