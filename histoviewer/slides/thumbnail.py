"""A slide at the size of a thumbnail, whatever levels its file has."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box, Size

MOST_READ = 2048
"""Pixels of a level, along either side, that are read in one go: a file without coarse levels may be larger
than the memory."""


def read_thumbnail(
    slide: Slide, longest: int, is_unwanted: Callable[[], bool] = lambda: False
) -> NDArray[np.uint8] | None:
    """All of the scanned part of a slide: uint8 RGB ``(h, w, 3)``, its longer side ``longest`` pixels.

    ``is_unwanted`` is asked before each piece that is read; None where it says so. Raises SourceError where
    the slide cannot be read.
    """
    bounds = slide.bounds
    downsample = max(bounds.width, bounds.height) / longest
    size = Size(_pixels(bounds.width, downsample), _pixels(bounds.height, downsample))
    level = slide.best_level_for_downsample(downsample)
    piece = max(1, int(MOST_READ * slide.level_downsamples[level] / downsample))
    picture = np.empty((size.height, size.width, 3), np.uint8)
    for top, left in itertools.product(range(0, size.height, piece), range(0, size.width, piece)):
        if is_unwanted():
            return None
        part = Size(min(piece, size.width - left), min(piece, size.height - top))
        pixels = slide.read_box(_box(bounds, size, left, top, part), part)
        picture[top : top + part.height, left : left + part.width] = pixels
    return picture


def _pixels(length: float, downsample: float) -> int:
    return max(1, round(length / downsample))


def _box(bounds: Box, size: Size, left: int, top: int, part: Size) -> Box:
    """Level-0 box of a part of the thumbnail."""
    across, down = bounds.width / size.width, bounds.height / size.height
    width, height = math.ceil(part.width * across), math.ceil(part.height * down)
    return Box(bounds.x + left * across, bounds.y + top * down, width, height)
