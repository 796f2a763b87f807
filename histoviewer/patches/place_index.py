"""Which patches of a slide cover a point, without looking at all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import PatchColumns


class PlaceIndex:
    """The patches of one slide, sorted by squares as large as the largest of them: what covers a point begins
    in the point's square or in the one before it, across and down."""

    def __init__(self, columns: PatchColumns, rows: NDArray[np.intp]) -> None:
        """``rows``: those of the columns that lie on the slide."""
        x, y = columns.x[rows].astype(np.int64), columns.y[rows].astype(np.int64)
        sizes = (columns.width[rows].max(initial=1), columns.height[rows].max(initial=1))
        self._side = int(max(*sizes, 1))
        self._x, self._y = int(x.min(initial=0)), int(y.min(initial=0))
        across = (x - self._x) // self._side
        self._columns = int(across.max(initial=0)) + 1
        squares = (y - self._y) // self._side * self._columns + across
        order = np.argsort(squares, kind="stable")
        self._squares, self._rows = squares[order], rows[order]

    def near(self, x: float, y: float) -> NDArray[np.intp]:
        """Rows, intp, ascending: all that cover a level-0 point, and few others."""
        column, row = int((x - self._x) // self._side), int((y - self._y) // self._side)
        first, last = max(column - 1, 0), min(column, self._columns - 1)
        if first > last:
            return np.empty(0, np.intp)
        starts = np.array([row - 1, row]) * self._columns
        begins = np.searchsorted(self._squares, starts + first)
        ends = np.searchsorted(self._squares, starts + last, side="right")
        found = [self._rows[begin:end] for begin, end in zip(begins, ends, strict=True)]
        return np.sort(np.concatenate(found))
