"""``Slide``: what every reader of pixels looks like, in OpenSlide's words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from histoviewer.slides.geometry import Box, Region, Scale, Size

BACKGROUND = 255
"""Pixels outside a slide, in a gap, or transparent are white, as the glass is."""


class Slide(ABC):
    """One opened whole-slide image. A plain picture is a slide too.

    ``read_region`` may be called from several threads at once: a reader holds its own lock, or a handle
    per thread.

    Attributes:
        path: the file (or, for a mosaic, the folder).
        name: what a person calls it, without folders.
        level_dimensions: size of each level, level 0 (finest) first.
        level_downsamples: factor of each level against level 0; the first is 1.0.
        scale: µm per level-0 pixel and its origin, or None where nothing says.
        objective_power: the lens, where the file names it.
        bounds: the part of level 0 that was scanned, level-0 pixels; all of it unless the file says less.
        properties: what the file tells about itself, by the reader's own keys.
    """

    path: Path
    name: str
    level_dimensions: tuple[Size, ...]
    level_downsamples: tuple[float, ...]
    scale: Scale | None = None
    objective_power: float | None = None
    bounds: Box
    properties: Mapping[str, str]

    @property
    def level_count(self) -> int:
        return len(self.level_dimensions)

    @property
    def dimensions(self) -> Size:
        return self.level_dimensions[0]

    @property
    def mpp(self) -> float | None:
        return self.scale.mpp if self.scale else None

    def best_level_for_downsample(self, downsample: float) -> int:
        """The coarsest level that is still at least as fine as ``downsample``."""
        # A level may miss the round number by a pixel's rounding: 4.0003 serves a request for 4.
        fine_enough = [i for i, d in enumerate(self.level_downsamples) if d <= downsample * 1.01]
        return max(fine_enough, key=lambda i: self.level_downsamples[i], default=0)

    @abstractmethod
    def read_region(self, region: Region) -> NDArray[np.uint8]:
        """Pixels of one level: uint8 RGB ``(height, width, 3)``, white outside the slide.

        Raises SourceError when the file cannot be decoded there.
        """

    def read_box(self, box: Box, size: Size) -> NDArray[np.uint8]:
        """A level-0 box reduced to ``size`` pixels: uint8 RGB ``(size.height, size.width, 3)``.

        Reads the nearest finer level and reduces it with antialiasing, to a fraction of a pixel.
        """
        downsample = max(box.width / size.width, box.height / size.height)
        level = self.best_level_for_downsample(downsample)
        factor = self.level_downsamples[level]
        # Whole pixels of the level that cover the box, then the exact box inside them.
        left, top = int(box.x // factor), int(box.y // factor)
        right = int(-(-(box.x + box.width) // factor))
        bottom = int(-(-(box.y + box.height) // factor))
        region = Region(round(left * factor), round(top * factor), level, Size(right - left, bottom - top))
        pixels = self.read_region(region)
        exact = (
            box.x / factor - left,
            box.y / factor - top,
            (box.x + box.width) / factor - left,
            (box.y + box.height) / factor - top,
        )
        return reduce_pixels(pixels, size, exact)

    def close(self) -> None:  # noqa: B027 - a reader without a handle has nothing to close
        """Give back file handles. The slide is not read afterwards."""

    def __enter__(self) -> Slide:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def reduce_pixels(
    pixels: NDArray[np.uint8], size: Size, box: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """The part ``box`` (left, top, right, bottom; pixels of the array) resampled to ``size``.

    Antialiased (Pillow's bicubic widens its kernel when it reduces). The very same pixels come back when
    nothing has to be resampled.
    """
    left, top, right, bottom = box
    if (right - left, bottom - top) == (size.width, size.height) and left == int(left) and top == int(top):
        return pixels[int(top) : int(bottom), int(left) : int(right)]
    picture = Image.fromarray(pixels).resize((size.width, size.height), Image.Resampling.BICUBIC, box=box)
    return np.asarray(picture)
