"""A patient's patches rebuilt as the slide they were cut from."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from histoviewer.slides.base import Slide
from histoviewer.slides.canvas import level_origin, paste, white
from histoviewer.slides.geometry import Box, Region, Scale, Size

PatchPixels = Callable[[int], NDArray[np.uint8] | None]
"""Reads patch ``i`` of a mosaic: uint8 RGB (height, width, 3), or None where it cannot be read."""

_STEP = 4
"""Downsample from one level to the next."""

_SMALLEST = 256
"""No further level once both sides are within this."""

_MOST_PIXELS = 64 << 20
"""Reduced levels above this are left out: names may claim any place."""


class MosaicSlide(Slide):
    """Patches at their places, read from their files when they are asked for; gaps are white.

    Level 0 reads just the patches that a region touches. The coarser levels are made from all patches when
    the first of them is asked for, and kept.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        x: NDArray[np.int32],
        y: NDArray[np.int32],
        patch_size: int,
        size: Size,
        scale: Scale,
        read_patch: PatchPixels,
    ) -> None:
        """
        Args:
            path: the folder that holds the patches.
            name: what a person calls it: the patient.
            x, y: int32 (n,), top left corner of each patch, level-0 pixels.
            patch_size: most that a patch covers, level-0 pixels.
            size: the canvas; see ``canvas_size``.
            read_patch: reads one patch; called from several threads at once.
        """
        self.path = path
        self.name = name
        self.scale = scale
        self.bounds = Box(0, 0, size.width, size.height)
        self.properties = {}
        self.level_downsamples = tuple(_downsamples(size))
        self.level_dimensions = tuple(_reduced(size, int(d)) for d in self.level_downsamples)
        self._x, self._y, self._patch_size = x, y, patch_size
        self._read_patch = read_patch
        self._coarse: list[NDArray[np.uint8]] = []
        self._building = threading.Lock()

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        if region.level == 0:
            return self._paste(region.x, region.y, region.size)
        left, top = level_origin(region, self.level_downsamples[region.level])
        canvas = white(region.size)
        paste(canvas, self._coarse_levels()[region.level - 1], x=-left, y=-top)
        return canvas

    def _paste(self, x: int, y: int, size: Size) -> NDArray[np.uint8]:
        """Level 0, patch by patch. Where two patches claim a place, the later one is seen."""
        canvas = white(size)
        for i in self._touching(x, y, size):
            pixels = self._read_patch(i)
            if pixels is not None:
                paste(canvas, pixels, x=int(self._x[i]) - x, y=int(self._y[i]) - y)
        return canvas

    def _touching(self, x: int, y: int, size: Size) -> list[int]:
        reach = self._patch_size
        touches = (self._x < x + size.width) & (self._x > x - reach)
        touches &= (self._y < y + size.height) & (self._y > y - reach)
        return np.flatnonzero(touches).tolist()

    def _coarse_levels(self) -> list[NDArray[np.uint8]]:
        with self._building:
            if not self._coarse:
                self._coarse = self._build()
            return self._coarse

    def _build(self) -> list[NDArray[np.uint8]]:
        """Levels 1, 2, …: each the mean of 4 x 4 pixels of the one before."""
        first = int(self.level_downsamples[1])
        # Strips that hold whole rows of patches and whole pixels of the level: each patch is read once.
        height = math.lcm(self._patch_size, first)
        size = self.dimensions
        tops = range(0, size.height, height)
        strips = (self._paste(0, y, Size(size.width, min(height, size.height - y))) for y in tops)
        levels = [np.concatenate([_mean(strip, first) for strip in strips])]
        for _coarser in self.level_downsamples[2:]:
            levels.append(_mean(levels[-1], _STEP))
        return levels


def canvas_size(
    x: NDArray[np.int32], y: NDArray[np.int32], *, patch_size: int, size_of: Callable[[int], Size | None]
) -> Size:
    """Extent of a mosaic by the true sizes of its patches.

    Only patches of the last column and row are asked for their size: they alone decide. ``size_of`` gives
    None where a patch cannot be read; it counts as a whole one.
    """
    whole = Size(patch_size, patch_size)
    last_column = np.flatnonzero(x + patch_size > x.max() + 1)
    last_row = np.flatnonzero(y + patch_size > y.max() + 1)
    width = max(int(x[i]) + min(patch_size, (size_of(i) or whole).width) for i in last_column.tolist())
    height = max(int(y[i]) + min(patch_size, (size_of(i) or whole).height) for i in last_row.tolist())
    return Size(width, height)


def _downsamples(size: Size) -> list[float]:
    downsamples, factor = [1.0], 1
    while max(size.width, size.height) > _SMALLEST * factor:
        factor *= _STEP
        reduced = _reduced(size, factor)
        if reduced.width * reduced.height <= _MOST_PIXELS:
            downsamples.append(float(factor))
    return downsamples


def _reduced(size: Size, factor: int) -> Size:
    return Size(-(-size.width // factor), -(-size.height // factor))


def _mean(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(pixels).reduce(factor))
