"""The heat map of one slide: probabilities on a grid of cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ResultError
from histoviewer.results.bins import BINS, bin_counts
from histoviewer.results.colormaps import NOT_JUDGED, levels_of
from histoviewer.results.store import ResultStore
from histoviewer.slides.geometry import Box
from histoviewer.translation import _

_MOST_CELLS = 50_000_000
"""More means that file names hold coordinates that are none."""

_MANY = 8
"""From one new answer in so many cells on it is quicker to go through all cells."""


class Heatmap:
    """Probabilities of the patches on one slide, one cell a step of the grid.

    A cell holds the mean of the patches that cover it: of one without overlap, of several where the stride
    is smaller than a patch. Owned by the store's thread.

    Attributes:
        store: where the probabilities are from.
        values: float32 (rows, columns), NaN where nothing was judged; the same array all the time.
        levels: uint16 (rows, columns), ``levels_of`` the values; the same array all the time.
        x, y: top left corner of the first cell, level-0 pixels.
        cell: edge of a cell, level-0 pixels: the stride.
        bins: intp (BINS,), the patches by probability; the same array all the time.
    """

    def __init__(
        self, store: ResultStore, rows: NDArray[np.intp], probabilities: NDArray[np.float32] | None = None
    ) -> None:
        """``rows``: those of the store that lie on the slide, ascending. Takes what was judged so far, or
        these ``probabilities`` of the rows.

        Raises ResultError when they lie so far apart that no slide can hold them.
        """
        self.store = store
        self.cell = store.facts.stride
        self._rows = rows
        columns = store.columns
        self.x, self._column = _cells(columns.x[rows], self.cell)
        self.y, self._row = _cells(columns.y[rows], self.cell)
        self._across = _span(columns.width[rows], self.cell)
        self._down = _span(columns.height[rows], self.cell)
        shape = _extent(self._row, self._down), _extent(self._column, self._across)
        if shape[0] * shape[1] > _MOST_CELLS:
            message = _(
                "{path}: patches lie up to {width} x {height} cells apart, too far for one slide. "
                "Check the coordinates in the file names."
            )
            raise ResultError(message.format(path=store.path, width=shape[1], height=shape[0]))
        self.values = np.full(shape, np.nan, np.float32)
        self.levels = np.full(shape, NOT_JUDGED, np.uint16)
        self._sum = np.zeros(shape, np.float64)
        self._count = np.zeros(shape, np.int32)
        self._given = np.full(len(rows), np.nan, np.float32)
        self.bins = np.zeros(BINS, np.intp)
        self.update(rows, store.probability[rows] if probabilities is None else probabilities)

    @property
    def has_answers(self) -> bool:
        """At least one cell was judged."""
        return bool(self.bins.any())

    def update(self, rows: NDArray[np.intp], probabilities: NDArray[np.float32]) -> None:
        """Take answers, float32 (n,), of these rows of the store; those of other slides are passed over.

        An answer replaces an earlier one of the same patch, NaN takes it away. Costs as much as the cells
        it touches.
        """
        places = np.searchsorted(self._rows, rows)
        is_here = places < len(self._rows)
        is_here[is_here] = self._rows[places[is_here]] == rows[is_here]
        places = places[is_here]
        before, now = self._given[places], probabilities[is_here]
        self._given[places] = now
        self.bins += bin_counts(now) - bin_counts(before)
        for cells, covering in self._covered(places):
            self._count_in(cells, before[covering], sign=-1)
            self._count_in(cells, now[covering], sign=1)
        for cells, _covering in self._covered(places):
            count = self._count.flat[cells]
            means = np.full(len(cells), np.nan)
            np.divide(self._sum.flat[cells], count, out=means, where=count > 0)
            values = means.astype(np.float32)
            self.values.flat[cells], self.levels.flat[cells] = values, levels_of(values)

    def bare(self) -> Iterator[Box]:
        """Parts of judged cells, level-0 pixels, that their patch does not cover and so were not judged.

        The patch is truncated at the slide's border, or smaller than the stride.
        """
        rows, store, cell = self._rows, self.store, self.cell
        right = store.columns.x[rows] + store.width[rows]
        bottom = store.columns.y[rows] + store.height[rows]
        # A stride that is not whole is rounded in positions and sizes, by less than a pixel.
        is_partial = (store.width[rows] + 1 <= cell) | (store.height[rows] + 1 <= cell)
        for i in np.flatnonzero(is_partial & ~np.isnan(self._given)).tolist():
            left, top = self.x + self._column[i] * cell, self.y + self._row[i] * cell
            across, down = float(left + cell - right[i]), float(top + cell - bottom[i])
            if across > 0:
                yield Box(float(right[i]), float(top), across, cell)
            if down > 0:
                yield Box(float(left), float(bottom[i]), cell, down)

    def _covered(self, places: NDArray[np.intp]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
        """Flat cells, one a patch, and which of the patches they belong to; as often as a patch has cells."""
        across, down = self._across[places], self._down[places]
        for dy in range(int(down.max(initial=0))):
            for dx in range(int(across.max(initial=0))):
                covering = (dx < across) & (dy < down)
                there = places[covering]
                yield (self._row[there] + dy) * self.values.shape[1] + self._column[there] + dx, covering

    def _count_in(self, cells: NDArray[np.intp], probabilities: NDArray[np.float32], *, sign: int) -> None:
        is_known = ~np.isnan(probabilities)
        if not is_known.any():
            return
        cells, probabilities = cells[is_known], probabilities[is_known]
        shape, size = self.values.shape, self.values.size
        if len(cells) > size // _MANY:
            self._sum += sign * np.bincount(cells, probabilities, size).reshape(shape)
            self._count += sign * np.bincount(cells, minlength=size).reshape(shape).astype(np.int32)
        else:
            np.add.at(self._sum.reshape(-1), cells, sign * probabilities)
            np.add.at(self._count.reshape(-1), cells, sign)


def _cells(positions: NDArray[np.int32], cell: float) -> tuple[float, NDArray[np.intp]]:
    """Where the first cell begins, and the cell of each patch.

    Positions on a grid of a stride that is not whole are rounded: the nearest cell is meant.
    """
    start = float(positions.min()) if len(positions) else 0.0
    return start, np.rint((positions - start) / cell).astype(np.intp)


def _span(sizes: NDArray[np.int32], cell: float) -> NDArray[np.int32]:
    """Cells whose middle a patch covers, at least one."""
    return np.maximum(np.rint(sizes / cell), 1).astype(np.int32)


def _extent(first: NDArray[np.intp], count: NDArray[np.int32]) -> int:
    return int((first + count).max(initial=0))
