"""Sizes, regions and scale.

Positions are level-0 pixels everywhere: x is the column, y the row, both from the top left corner. Sizes
are ``(width, height)``; pixel arrays are ``(height, width, 3)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScaleOrigin = Literal["file tag", "objective power", "user", "data set", "patch size"]

PLAUSIBLE_MPP = (0.05, 100.0)
"""µm/px outside these bounds is taken for an error of the file: the finest scanners reach about 0.1, and at
100 one pixel covers a whole duct."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels of whatever level is meant."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle asked of a slide, in OpenSlide's terms.

    ``x``, ``y`` are level-0 pixels, ``size`` counts pixels of ``level``. It may reach beyond the slide.
    """

    x: int
    y: int
    level: int
    size: Size


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on level 0, in level-0 pixels that need not be whole."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """µm per level-0 pixel, and who says so."""

    mpp: float
    origin: ScaleOrigin

    @property
    def is_plausible(self) -> bool:
        low, high = PLAUSIBLE_MPP
        return low <= self.mpp <= high
