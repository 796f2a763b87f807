"""Where each cell of the gallery lies: arithmetic only, so that a million cells cost nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPoint, QRect

from histoviewer.gui.theme import GRID

BORDER = 3
"""Pixels of class colour around a thumbnail."""

GAP = GRID
"""Pixels between neighbouring cells, and around all of them."""


@dataclass(frozen=True)
class GalleryGrid:
    """Equal cells in lines from left to right, in content pixels (0, 0 at the top of the first line).

    Attributes:
        count: cells.
        width: pixels of the viewport.
        side: pixels of a thumbnail.
        caption: height of the line of text below it; 0 without.
    """

    count: int
    width: int
    side: int
    caption: int

    @cached_property
    def cell_width(self) -> int:
        return self.side + 2 * BORDER

    @cached_property
    def cell_height(self) -> int:
        return self.side + 2 * BORDER + self.caption

    @cached_property
    def line_height(self) -> int:
        """From the top of a line to the top of the next."""
        return self.cell_height + GAP

    @cached_property
    def columns(self) -> int:
        return max(1, (self.width - GAP) // (self.cell_width + GAP))

    @property
    def height(self) -> int:
        """Of all lines, with the gaps around them."""
        return -(-self.count // self.columns) * self.line_height + GAP

    def top(self, position: int) -> int:
        return GAP + position // self.columns * self.line_height

    def cell(self, position: int) -> QRect:
        """The cell's rectangle: thumbnail, border and caption."""
        left = GAP + position % self.columns * (self.cell_width + GAP)
        return QRect(left, self.top(position), self.cell_width, self.cell_height)

    def position_at(self, point: QPoint) -> int | None:
        """The cell under a point; gaps count as cell, so that the pointer never falls between two."""
        column, line = self._half_gap(point.x()) // (self.cell_width + GAP), self._line(point.y())
        position = line * self.columns + column
        is_inside = 0 <= column < self.columns and line >= 0 and position < self.count
        return position if is_inside else None

    def between(self, top: int, bottom: int) -> range:
        """Positions of the lines that reach into a stripe of the content, ``bottom`` excluded."""
        first = max(0, self._line(top)) * self.columns
        return range(min(first, self.count), min((self._line(bottom) + 1) * self.columns, self.count))

    def moved(self, position: int, *, lines: int) -> int:
        """The cell some lines below (above, if negative), in the same column as far as there is one."""
        last = (self.count - 1) // self.columns
        line = min(max(position // self.columns + lines, 0), last)
        return min(line * self.columns + position % self.columns, self.count - 1)

    def page(self, height: int) -> int:
        """Lines that a viewport of this height shows whole, at least one."""
        return max(1, (height - GAP) // self.line_height)

    def _line(self, y: int) -> int:
        return self._half_gap(y) // self.line_height

    def _half_gap(self, value: int) -> int:
        return value - GAP // 2
