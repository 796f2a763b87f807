"""Which patches of a source lie next to each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import NO_LOCATION

_TOLERANCE = 0.02
"""How far the side of a patch may be from a whole number of strides."""

_CHUNK = 65_536
"""Rows that are looked up at a time: a large slide's neighbours need much more room than its patches."""

_NOWHERE = np.iinfo(np.int64).min // 2
"""Key of a patch without neighbours: so far below all others that no step from it leads to one."""


class Neighbourhood:
    """The patches around each patch, ring by ring: those of ring r lie r sides of a patch away (Chebyshev
    distance), so that ring 1 has 8 places and ring 2 has 16.

    Places are cells of a grid of one stride, counted on each slide from its first patch; positions are
    whole pixels and the stride need not be, hence the nearest cell. With a stride of a half, a third …
    of a patch the neighbours are those a whole side away, whose pixels do not overlap; where that ratio is
    no whole number within 2 % there are none. Of several rows that claim one place the first has it; the
    others are treated as if they had no place. Not changed once it is built: safe in any thread.

    Attributes:
        rings: how many are looked at.
        has_neighbours: whether there are any at all.
    """

    def __init__(
        self,
        slide: NDArray[np.integer],
        x: NDArray[np.int32],
        y: NDArray[np.int32],
        *,
        patch: float,
        stride: float,
        rings: int,
    ) -> None:
        """``slide``: int (n,), 0 or more, which one each row lies on. ``x``, ``y``: int32 (n,), level-0
        pixels, NO_LOCATION where a row has no place. ``patch``, ``stride``: level-0 pixels, side of a patch
        and from one to the next."""
        self.rings = rings
        step = max(1, round(patch / stride))
        located = np.flatnonzero(x != NO_LOCATION) if _is_whole(patch / stride) else np.empty(0, np.intp)
        column = _cells(slide[located], x[located], stride)
        row = _cells(slide[located], y[located], stride)
        # Beyond each row's and each slide's last cell as many empty ones as a step can lead out.
        width = int(column.max(initial=0)) + 1 + rings * step
        height = int(row.max(initial=0)) + 1 + rings * step
        claimed = (slide[located].astype(np.int64) * height + row) * width + column
        self._places, first = np.unique(claimed, return_index=True)
        self._rows = located[first]
        self._place = np.full(len(x), _NOWHERE, np.int64)
        self._place[self._rows] = self._places
        self._steps = [
            np.array([step * (dy * width + dx) for dy, dx in _ring(distance)])[:, np.newaxis]
            for distance in range(1, rings + 1)
        ]
        every_step = (step for steps in self._steps for step in steps)
        self.has_neighbours = any(self._found(self._places + step)[0].any() for step in every_step)

    def around(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """These rows and all that they are neighbours of: intp, ascending, each once."""
        is_around = np.zeros(len(self._place), np.bool_)
        is_around[rows] = True
        if is_around.all():  # as when a finished run is opened again
            return np.arange(len(is_around))
        for part in _chunks(rows):
            for steps in self._steps:
                is_there, found = self._found(self._place[part] + steps)
                is_around[found[is_there]] = True
        return np.flatnonzero(is_around)

    def rings_of(
        self, values: NDArray[np.float32], rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Mean of the neighbours' values, and how many there are, of each of these rows and in each ring.

        ``values``: float32 (n,), one a row of the source; NaN is a neighbour that is missing. Returns
        float32 (len(rows), rings), 0 where there is none, and int32 (len(rows), rings). What a row gets
        does not depend on the rows it is asked for together with.
        """
        means: list[NDArray[np.float32]] = [np.empty((0, self.rings), np.float32)]
        counts: list[NDArray[np.int32]] = [np.empty((0, self.rings), np.int32)]
        for part in _chunks(rows):
            rings = [self._mean(values, self._place[part] + steps) for steps in self._steps]
            means.append(np.stack([mean for mean, _count in rings], axis=1))
            counts.append(np.stack([count for _mean, count in rings], axis=1))
        return np.concatenate(means), np.concatenate(counts)

    def _mean(
        self, values: NDArray[np.float32], places: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Over the first axis: float32 and int32 (len(places[0]),)."""
        is_there, found = self._found(places)
        value = np.where(is_there, values[found], np.nan)
        is_known = ~np.isnan(value)
        count = is_known.sum(axis=0, dtype=np.int32)
        # One neighbour after the other: NumPy's own sum orders them by the shape of the array.
        total = np.zeros(places.shape[1])
        for of_step in np.where(is_known, value, 0):
            total += of_step
        return (total / np.maximum(count, 1)).astype(np.float32), count

    def _found(self, places: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Where a row has the place, and that row; any row where none has. Of the shape of ``places``."""
        if not len(self._places):
            return np.zeros(places.shape, np.bool_), np.zeros(places.shape, np.intp)
        at = np.minimum(np.searchsorted(self._places, places), len(self._places) - 1)
        return self._places[at] == places, self._rows[at]


def _chunks(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))


def _is_whole(ratio: float) -> bool:
    return round(ratio) >= 1 and abs(ratio / round(ratio) - 1) <= _TOLERANCE


def _cells(slide: NDArray[np.integer], position: NDArray[np.int32], stride: float) -> NDArray[np.int64]:
    """Cell of each position along one axis: a slide's first patch may lie at any fraction of a stride."""
    start = np.full(int(slide.max(initial=0)) + 1, np.iinfo(np.int32).max)
    np.minimum.at(start, slide, position)
    cells: NDArray[np.int64] = np.rint((position - start[slide]) / stride).astype(np.int64)
    return cells


def _ring(distance: int) -> Iterator[tuple[int, int]]:
    """(dy, dx) of the places at a Chebyshev distance."""
    reach = range(-distance, distance + 1)
    return ((dy, dx) for dy in reach for dx in reach if max(abs(dy), abs(dx)) == distance)
