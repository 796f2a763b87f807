"""Pictures that look like what a scanner sees: stain on glass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GLASS = (243, 241, 244)
EOSIN = (226, 160, 190)
HAEMATOXYLIN = (110, 80, 150)
PALE = (236, 208, 224)


def glass(width: int, height: int, *, colour: tuple[int, int, int] = GLASS) -> NDArray[np.uint8]:
    """Empty glass with a scanner's noise: uint8 RGB (height, width, 3)."""
    return _noisy(width, height, colour, 2)


def put(
    pixels: NDArray[np.uint8], x: int, y: int, width: int, height: int, colour: tuple[int, int, int]
) -> None:
    """Paint a box of noisy colour into a picture."""
    pixels[y : y + height, x : x + width] = _noisy(width, height, colour, 12)


def _noisy(width: int, height: int, colour: tuple[int, int, int], noise: float) -> NDArray[np.uint8]:
    side = 128
    random = np.random.default_rng(0).normal(0, noise, (side, side, 3))
    tile = (np.array(colour) + random).clip(0, 255).astype(np.uint8)
    return np.tile(tile, (-(-height // side), -(-width // side), 1))[:height, :width].copy()
