"""``Slide``: what every reader of pixels looks like, in OpenSlide's words."""

from __future__ import annotations

import math
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

_KERNEL = 2
"""Pixels to either side that bicubic resampling looks at."""


class Slide(ABC):
    """One opened whole-slide image. A plain picture is a slide too.

    ``read_region`` may be called from several threads at once: a reader holds its own lock, or a handle
    per thread.

    Attributes:
        path: the file (or, for a mosaic, the folder).
        name: what a person calls it, without folders; valid text whatever the file's name is.
        level_dimensions: size of each level, level 0 (finest) first.
        level_downsamples: factor of each level against level 0; the first is 1.0.
        scale: µm per level-0 pixel and its origin, or None where nothing says.
        objective_power: the lens, where the file names it.
        bounds: the part of level 0 that was scanned, level-0 pixels; all of it unless the file says less.
        properties: what the file tells about itself, by the reader's own keys.
        colour_profile: the ICC profile in the file, of the RGB pixels that are read, or None. No reader
            applies it: pixels are as they are stored.
        is_complete: the file is known to hold every tile of every level; else some may be left out, which are
            white then.
    """

    path: Path
    name: str
    level_dimensions: tuple[Size, ...]
    level_downsamples: tuple[float, ...]
    scale: Scale | None = None
    objective_power: float | None = None
    bounds: Box
    properties: Mapping[str, str]
    colour_profile: bytes | None = None
    reads_whole_pixels: bool = False
    is_complete: bool = False

    @property
    def level_count(self) -> int:
        return len(self.level_dimensions)

    @property
    def dimensions(self) -> Size:
        return self.level_dimensions[0]

    @property
    def mpp(self) -> float | None:
        """µm per level-0 pixel to measure by; None also where ``scale`` is one that cannot be."""
        return self.scale.mpp if self.scale and self.scale.is_plausible else None

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
        factor, extent = self.level_downsamples[level], self.level_dimensions[level]
        is_native = downsample == factor and box.x % factor == box.y % factor == 0
        margin = 0 if is_native else math.ceil(_KERNEL * max(downsample / factor, 1))
        is_whole = self.reads_whole_pixels
        x, width, left, right = _cover(box.x, box.width, factor, extent.width, margin, is_whole=is_whole)
        y, height, top, bottom = _cover(box.y, box.height, factor, extent.height, margin, is_whole=is_whole)
        pixels = self.read_region(Region(x, y, level, Size(width, height)))
        return reduce_pixels(pixels, size, (left, top, right, bottom))

    def close(self) -> None:  # noqa: B027 - a reader without a handle has nothing to close
        """Give back file handles. The slide is not read afterwards."""

    def __enter__(self) -> Slide:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def readable(name: str) -> str:
    """A name of the file system as valid text: bytes that are none become escapes such as ``\\udcd0``."""
    return name.encode(errors="backslashreplace").decode()


def _cover(
    start: float, length: float, factor: float, extent: int, margin: int, *, is_whole: bool
) -> tuple[int, int, float, float]:
    """Whole pixels of a level that cover a stretch of level 0 along one axis, and ``margin`` more on either
    side as far as the level reaches, so that neighbouring boxes meet without a seam. ``is_whole``: what is
    read begins with the first of those pixels, wherever on level 0 it lies.

    Returns the level-0 position and the number of those pixels, and the stretch's two ends inside them.
    """
    first, last = math.floor(start / factor), math.ceil((start + length) / factor)
    first, last = min(first, max(first - margin, 0)), max(last, min(last + margin, extent))
    origin = math.floor(first * factor)
    begin = first * factor if is_whole else origin
    low, high = (start - begin) / factor, (start + length - begin) / factor
    return origin, max(last - first, math.ceil(high)), low, high


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
