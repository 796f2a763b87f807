"""White canvases that pieces of a level are pasted on, cut at the edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from histoviewer.slides.base import BACKGROUND
from histoviewer.slides.geometry import Region, Size


def white(size: Size) -> NDArray[np.uint8]:
    """uint8 RGB ``(size.height, size.width, 3)`` of background."""
    return np.full((size.height, size.width, 3), BACKGROUND, np.uint8)


def paste(canvas: NDArray[np.uint8], pixels: NDArray[np.uint8], *, x: int, y: int) -> None:
    """Put ``pixels`` with their top left corner at column x, row y; what falls outside is cut off."""
    height, width = canvas.shape[:2]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + pixels.shape[1], width), min(y + pixels.shape[0], height)
    if right > left and bottom > top:
        canvas[top:bottom, left:right] = pixels[top - y : bottom - y, left - x : right - x]


def level_origin(region: Region, downsample: float) -> tuple[int, int]:
    """Column and row of the region's top left corner on its own level, to the nearest whole pixel."""
    return round(region.x / downsample), round(region.y / downsample)


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """An array ``(height, width, 3)`` turned as EXIF's orientation, 1 to 8, says."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
