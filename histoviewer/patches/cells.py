"""The grid of cells over a slide: arithmetic only, no pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import Block
from histoviewer.slides.geometry import Box, Size


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells over a slide's bounds. Positions are exact, so that they do not drift along the slide.

    Attributes:
        bounds: what is covered, level-0 pixels; cells may reach beyond its right and lower end.
        pixel: level-0 pixels along the side of one model pixel.
        side, stride: of a cell, and from one to the next, model pixels.
    """

    bounds: Box
    pixel: float
    side: int
    stride: int

    @property
    def columns(self) -> int:
        return self._count(self.bounds.width)

    @property
    def rows(self) -> int:
        return self._count(self.bounds.height)

    def box(self, column: int, row: int, *, columns: int = 1, rows: int = 1) -> Box:
        """Level-0 box around neighbouring cells."""
        size = self.size(columns=columns, rows=rows)
        return Box(
            self.bounds.x + column * self.stride * self.pixel,
            self.bounds.y + row * self.stride * self.pixel,
            size.width * self.pixel,
            size.height * self.pixel,
        )

    def size(self, *, columns: int = 1, rows: int = 1) -> Size:
        """Model pixels of the same box."""
        overlap = self.side - self.stride
        return Size(columns * self.stride + overlap, rows * self.stride + overlap)

    def whole_pixels(
        self, index: NDArray[np.int32], start: float, length: float
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Start and length of cells along one axis, whole level-0 pixels, clipped to the bounds.

        Both ends are rounded, so that neighbours without overlap leave no gap.
        """
        exact = start + index * (self.stride * self.pixel)
        first = np.rint(exact).astype(np.int32)
        end = np.rint(np.minimum(exact + self.side * self.pixel, start + length)).astype(np.int32)
        return first, np.maximum(end - first, 1)

    def is_cut(self, column: NDArray[np.int32], row: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which cells reach beyond the bounds by half a model pixel or more."""
        right = (column * self.stride + self.side) * self.pixel - self.bounds.width
        bottom = (row * self.stride + self.side) * self.pixel - self.bounds.height
        is_cut: NDArray[np.bool_] = np.maximum(right, bottom) >= self.pixel / 2
        return is_cut

    def _count(self, length: float) -> int:
        length = length / self.pixel - 1e-6  # a rounding error is no further cell
        until_covered = math.ceil((length - self.side) / self.stride) + 1
        return max(1, min(until_covered, math.ceil(length / self.stride)))


def square_blocks(column: NDArray[np.int32], row: NDArray[np.int32], edge: int) -> list[Block]:
    """Square blocks of ``edge`` cells a side, row by row."""
    order = np.lexsort((column, row, column // edge, row // edge))
    place = np.stack((row // edge, column // edge))[:, order]
    is_new = np.any(place[:, 1:] != place[:, :-1], axis=0)
    parts = np.split(order, np.flatnonzero(is_new) + 1) if len(order) else []
    return [Block(i, rows) for i, rows in enumerate(parts)]
