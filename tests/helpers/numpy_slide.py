"""A slide in memory: what a test paints is what is read."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.slides.base import BACKGROUND, Slide
from histoviewer.slides.geometry import Box, Region, Scale, Size


class NumpySlide(Slide):
    """One level, uint8 RGB (height, width, 3).

    Attributes:
        reads: the regions that were asked for, in order.
        gate: cleared, it holds every read until it is set again.
    """

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        *,
        mpp: float | None = 0.5,
        bounds: Box | None = None,
        broken: Sequence[Box] = (),
    ) -> None:
        """Reading what touches one of the ``broken`` boxes raises SourceError."""
        height, width, _ = pixels.shape
        self.path = Path("numpy")
        self.name = "numpy"
        self.level_dimensions = (Size(width, height),)
        self.level_downsamples = (1.0,)
        self.scale = None if mpp is None else Scale(mpp, "user")
        self.bounds = bounds or Box(0, 0, width, height)
        self.properties = {}
        self.reads: list[Region] = []
        self.gate = threading.Event()
        self.gate.set()
        self._pixels = pixels
        self._broken = broken

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        self.reads.append(region)
        if not self.gate.wait(timeout=30):
            raise SourceError("the test never opened the gate")
        x, y, size = region.x, region.y, region.size
        if any(_touches(x, y, size, box) for box in self._broken):
            raise SourceError(f"broken at {x}, {y}")
        height, width, _ = self._pixels.shape
        answer = np.full((size.height, size.width, 3), BACKGROUND, np.uint8)
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + size.width, width), min(y + size.height, height)
        if left < right and top < bottom:
            answer[top - y : bottom - y, left - x : right - x] = self._pixels[top:bottom, left:right]
        return answer


def _touches(x: int, y: int, size: Size, box: Box) -> bool:
    return (
        x < box.x + box.width
        and box.x < x + size.width
        and y < box.y + box.height
        and box.y < y + size.height
    )
