"""A slide in memory of two levels whose factor may be any number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from histoviewer.slides.base import BACKGROUND, reduce_pixels
from histoviewer.slides.geometry import Box, Region, Size
from tests.helpers.numpy_slide import NumpySlide


class LevelledSlide(NumpySlide):
    """A ``NumpySlide`` with a second level, ``downsample`` times smaller: what lies at a place there is the
    mean of what lies at that place on level 0, as OpenSlide's readers have it."""

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        *,
        downsample: float,
        mpp: float | None = 0.5,
        bounds: Box | None = None,
    ) -> None:
        super().__init__(pixels, mpp=mpp, bounds=bounds)
        height, width, _ = pixels.shape
        size = Size(int(width / downsample), int(height / downsample))
        self.level_dimensions = (Size(width, height), size)
        self.level_downsamples = (1.0, downsample)
        whole = (0.0, 0.0, size.width * downsample, size.height * downsample)
        self._coarse = np.asarray(
            Image.fromarray(pixels).resize((size.width, size.height), Image.Resampling.BOX, box=whole)
        )

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        """Where a region does not begin on a whole pixel of the level it is interpolated."""
        if region.level == 0:
            return super().read_region(region)
        self.reads.append(region)
        downsample, size = self.level_downsamples[1], region.size
        left, top = region.x / downsample, region.y / downsample
        edge = 4  # for the interpolation
        around = np.full((size.height + 2 * edge, size.width + 2 * edge, 3), BACKGROUND, np.uint8)
        x, y = int(np.floor(left)) - edge, int(np.floor(top)) - edge
        ys = slice(max(y, 0), max(y + around.shape[0], 0))
        xs = slice(max(x, 0), max(x + around.shape[1], 0))
        part = self._coarse[ys, xs]
        around[max(-y, 0) : max(-y, 0) + part.shape[0], max(-x, 0) : max(-x, 0) + part.shape[1]] = part
        box = (left - x, top - y, left - x + size.width, top - y + size.height)
        return reduce_pixels(around, size, box)
