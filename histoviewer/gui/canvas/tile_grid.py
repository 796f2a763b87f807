"""How a slide is cut into display tiles. Arithmetic only: no Qt, no pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from histoviewer.slides.geometry import Box, Size

TILE = 256
"""Pixels along a tile's edge."""


class TileKey(NamedTuple):
    """One tile: its display level (downsample 2**level, whatever levels the file has) and its place."""

    level: int
    column: int
    row: int

    def ancestor(self, steps: int) -> TileKey:
        """The tile that covers this one, ``steps`` levels coarser."""
        return TileKey(self.level + steps, self.column >> steps, self.row >> steps)


@dataclass(frozen=True, slots=True)
class TileGrid:
    """The tiles over the scanned part of a slide.

    Attributes:
        bounds: level-0 box; tiles count from its top left corner and end at its edges.
    """

    bounds: Box

    @property
    def coarsest(self) -> int:
        """The level at which two by two tiles hold everything."""
        longest = max(self.bounds.width, self.bounds.height)
        return max(0, math.ceil(math.log2(longest / (2 * TILE))))

    def level_for(self, downsample: float) -> int:
        """The coarsest level that is at least as fine as ``downsample``."""
        # A hair of tolerance: a view at exactly 1:4 must not fall to 1:2 by rounding.
        fitting = math.floor(math.log2(downsample) + 1e-6)
        return min(max(fitting, 0), self.coarsest)

    def keys(self, box: Box, level: int) -> list[TileKey]:
        """Tiles of a level that a level-0 box touches, nearest to its middle first."""
        edge = TILE * 2**level
        left, right = self._span(box.x - self.bounds.x, box.width, self.bounds.width, edge)
        top, bottom = self._span(box.y - self.bounds.y, box.height, self.bounds.height, edge)
        middle_x = (box.x + box.width / 2 - self.bounds.x) / edge - 0.5
        middle_y = (box.y + box.height / 2 - self.bounds.y) / edge - 0.5
        places = [(column, row) for row in range(top, bottom) for column in range(left, right)]
        places.sort(key=lambda place: math.hypot(place[0] - middle_x, place[1] - middle_y))
        return [TileKey(level, column, row) for column, row in places]

    def children(self, key: TileKey) -> list[TileKey]:
        """The tiles one level finer that cover this one: four, at the edge of the bounds two or one."""
        if key.level == 0:
            return []
        edge = TILE * 2 ** (key.level - 1)
        columns = [c for c in (2 * key.column, 2 * key.column + 1) if c * edge < self.bounds.width]
        rows = [r for r in (2 * key.row, 2 * key.row + 1) if r * edge < self.bounds.height]
        return [TileKey(key.level - 1, column, row) for row in rows for column in columns]

    def box(self, key: TileKey) -> Box:
        """What a tile shows, level-0 pixels; cut off at the edge of the bounds."""
        edge = TILE * 2**key.level
        x, y = key.column * edge, key.row * edge
        width, height = min(edge, self.bounds.width - x), min(edge, self.bounds.height - y)
        return Box(self.bounds.x + x, self.bounds.y + y, width, height)

    def size(self, key: TileKey) -> Size:
        """Pixels of a tile; the last of a row or column may be smaller than ``TILE``."""
        box, downsample = self.box(key), 2**key.level
        return Size(max(1, round(box.width / downsample)), max(1, round(box.height / downsample)))

    @staticmethod
    def _span(start: float, length: float, limit: float, edge: int) -> tuple[int, int]:
        first = max(0, math.floor(start / edge))
        last = min(math.ceil(limit / edge), math.ceil((start + length) / edge))
        return first, last
