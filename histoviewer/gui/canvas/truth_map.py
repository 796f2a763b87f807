"""What the data set says of a slide's patches, on the grid of their places: numpy only, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import UNKNOWN, PatchColumns
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.outlines import lines, runs

Colour = tuple[int, int, int, int]
"""Red, green, blue, alpha; 0-255."""


@dataclass(frozen=True, slots=True, eq=False)
class TruthMap:
    """The truth of each cell of a heat map.

    Attributes:
        classes: int8 (rows, columns), MALIGNANT, BENIGN or UNKNOWN of the patch module.
        x, y: top left corner of the first cell, level-0 pixels.
        cell: edge of a cell, level-0 pixels.
    """

    classes: NDArray[np.int8]
    x: float
    y: float
    cell: float

    @classmethod
    def of(cls, columns: PatchColumns, rows: NDArray[np.intp], heatmap: Heatmap) -> TruthMap:
        """``rows``: the patches on the slide that the heat map is of."""
        classes = np.full(heatmap.values.shape, UNKNOWN, np.int8)
        across = np.rint((columns.x[rows] - heatmap.x) / heatmap.cell).astype(np.intp)
        down = np.rint((columns.y[rows] - heatmap.y) / heatmap.cell).astype(np.intp)
        classes[down, across] = columns.truth[rows]
        return cls(classes, heatmap.x, heatmap.y, heatmap.cell)

    def coloured(self, colours: dict[int, Colour]) -> NDArray[np.uint8]:
        """uint8 RGBA (rows, columns, 4): class -> colour; classes without one are transparent."""
        rgba = np.zeros((*self.classes.shape, 4), np.uint8)
        for verdict, colour in colours.items():
            rgba[self.classes == verdict] = colour
        return rgba

    def outline(self, verdict: int) -> NDArray[np.float64]:
        """Lines around all cells of a class, level-0 pixels: float64 (n, 4) of x, y, x, y, ends included.

        Edges in a row are one line; each lies between a cell of the class and one that is not.
        """
        return self._level0(lines(self.classes == verdict))

    def stripes(self, verdict: int) -> NDArray[np.float64]:
        """All cells of a class, neighbours in a row as one rectangle, level-0 pixels: float64 (n, 4) of
        left, top, right, bottom."""
        found = runs(self.classes == verdict)
        return self._level0(np.stack([found[:, 1], found[:, 0], found[:, 2], found[:, 0] + 1], axis=1))

    def _level0(self, cells: NDArray[np.intp]) -> NDArray[np.float64]:
        """x, y, x, y counted in cells."""
        placed: NDArray[np.float64] = cells * self.cell + np.array([self.x, self.y, self.x, self.y])
        return placed
