"""Where each cell of the gallery lies: arithmetic only, so that a million cells cost nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect

from histoviewer.gui.theme import GRID

BORDER = 3
"""Pixels of class colour around a thumbnail."""

GAP = GRID
"""Pixels between neighbouring cells, and around all of them."""


@dataclass(frozen=True, eq=False)
class GalleryGrid:
    """Equal cells in lines from left to right, in content pixels (0, 0 at the top of the first line).

    Cells may stand in groups: each begins a line of its own, below a header as wide as the grid. A group
    without cells (a closed one) is its header alone.

    Attributes:
        count: cells.
        width: pixels of the viewport.
        side: pixels of a thumbnail.
        caption: height of the line of text below it; 0 without.
        header: height of a group's header; 0 without groups.
        sizes: intp, cells of each group; None without groups.
    """

    count: int
    width: int
    side: int
    caption: int
    header: int = 0
    sizes: NDArray[np.intp] | None = None

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
        """Of all lines and headers, with the gaps around them."""
        return int(self._tops[-1]) + GAP

    # Cells

    def top(self, position: int) -> int:
        group = self.group_of(position)
        line = (position - int(self.starts[group])) // self.columns
        return int(self._tops[group]) + self.header + GAP + line * self.line_height

    def cell(self, position: int) -> QRect:
        """The cell's rectangle: thumbnail, border and caption."""
        column = (position - int(self.starts[self.group_of(position)])) % self.columns
        left = GAP + column * (self.cell_width + GAP)
        return QRect(left, self.top(position), self.cell_width, self.cell_height)

    def position_at(self, point: QPoint) -> int | None:
        """The cell under a point; gaps count as cell, so that the pointer never falls between two."""
        group, line = self._place(point.y())
        column = _half_gap(point.x()) // (self.cell_width + GAP)
        position = int(self.starts[group]) + line * self.columns + column
        is_inside = 0 <= column < self.columns and line >= 0 and position < self.starts[group + 1]
        return position if is_inside else None

    def between(self, top: int, bottom: int) -> range:
        """Positions of the lines that reach into a stripe of the content, ``bottom`` excluded."""
        group, line = self._place(top)
        first = self._start_of(group, max(0, line))
        group, line = self._place(bottom)
        return range(first, max(first, self._start_of(group, line + 1)))

    def within(self, box: QRect) -> NDArray[np.intp]:
        """Positions of the cells that a rectangle of the content touches."""
        lines = self.between(box.top(), box.bottom() + 1)
        positions = np.arange(lines.start, lines.stop)
        groups = np.searchsorted(self.starts, positions, side="right") - 1
        left = GAP + (positions - self.starts[groups]) % self.columns * (self.cell_width + GAP)
        touched: NDArray[np.intp] = positions[(left <= box.right()) & (left + self.cell_width > box.left())]
        return touched

    def moved(self, position: int, *, lines: int) -> int:
        """The cell some lines below (above, if negative), in the same column as far as there is one; closed
        groups are passed over."""
        group = self.group_of(position)
        line, column = divmod(position - int(self.starts[group]), self.columns)
        goal = min(max(int(self._lines[group]) + line + lines, 0), int(self._lines[-1]) - 1)
        there = int(np.searchsorted(self._lines, goal, side="right")) - 1
        first = int(self.starts[there]) + (goal - int(self._lines[there])) * self.columns
        return min(first + column, int(self.starts[there + 1]) - 1)

    def page(self, height: int) -> int:
        """Lines that a viewport of this height shows whole, at least one."""
        return max(1, (height - GAP - self.header) // self.line_height)

    # Groups

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Position of each group's first cell, and last of all ``count``; intp (groups + 1,)."""
        return _sums(self._sizes)

    def group_of(self, position: int) -> int:
        """The group that a cell stands in."""
        return int(np.searchsorted(self.starts[1:-1], position, side="right"))

    def is_closed(self, group: int) -> bool:
        """Its header is all that there is of it."""
        return self.sizes is not None and bool(self.starts[group] == self.starts[group + 1])

    def header_of(self, group: int, offset: int = 0) -> QRect:
        """Where a header is seen of a view that begins at ``offset``: it stays in sight with its group."""
        top = int(self._tops[group]) + GAP // 2
        if offset > top:
            top = max(top, min(offset, int(self._tops[group + 1]) + GAP // 2 - self.header))
        return QRect(0, top, self.width, self.header)

    def headers_seen(self, offset: int, height: int) -> range:
        """Groups whose headers are in sight in a view of this height."""
        if self.sizes is None:
            return range(0)
        below = int(np.searchsorted(self._tops[:-1] + GAP // 2, offset + height, side="left"))
        return range(self._place(offset)[0], below)

    @cached_property
    def _sizes(self) -> NDArray[np.intp]:
        return np.array([self.count], np.intp) if self.sizes is None else self.sizes

    @cached_property
    def _lines(self) -> NDArray[np.intp]:
        """Lines above each group, and last those of all."""
        return _sums(-(-self._sizes // self.columns))

    @cached_property
    def _tops(self) -> NDArray[np.intp]:
        """Content pixels above each group's header, and last those of all."""
        headers = np.arange(len(self._lines)) * self.header
        tops: NDArray[np.intp] = headers + self._lines * self.line_height
        return tops

    def _place(self, y: int) -> tuple[int, int]:
        """The group there and the line in it; -1 is its header, and above all of them."""
        inside = _half_gap(y)
        group = max(0, int(np.searchsorted(self._tops[:-1], inside, side="right")) - 1)
        return group, max(-1, (inside - int(self._tops[group]) - self.header) // self.line_height)

    def _start_of(self, group: int, line: int) -> int:
        """Position of a line's first cell; of a line below the last, that after the group's last cell."""
        return min(int(self.starts[group]) + line * self.columns, int(self.starts[group + 1]))


def _sums(sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    sums = np.zeros(len(sizes) + 1, np.intp)
    np.cumsum(sizes, out=sums[1:])
    return sums


def _half_gap(value: int) -> int:
    return value - GAP // 2
