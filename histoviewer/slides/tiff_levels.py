"""TIFF files of any kind through tifffile."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFile, TiffPageSeries

from histoviewer.errors import HistoViewerError, SourceError, reason_of
from histoviewer.slides.base import Slide, readable
from histoviewer.slides.canvas import level_origin
from histoviewer.slides.geometry import Box, Region, Size
from histoviewer.slides.tiff_pixels import TiffLevel, TiffPixels
from histoviewer.slides.tiff_scale import tiff_scale
from histoviewer.translation import _


class TiffSlide(Slide):
    """A TIFF whose levels lie in the file: as SubIFDs (OME-TIFF), or as further pages.

    Only a few tiles are in memory (TiffPixels). The largest picture of the file is the slide, of a stack its
    first plane; three planes of a channel axis are red, green and blue. Depth of colour: TiffColour.

    A region that does not begin on a whole pixel of its level is moved to the nearest one.

    Attributes:
        orientation: EXIF's number for how the picture lies; 1 is upright. Regions are read as stored.
        is_8_bit: whether the file stores 8 bits a sample, in its own colours (one page, no channel planes).
    """

    def __init__(self, path: Path) -> None:
        """Raises SourceError when tifffile cannot read the file."""
        self.path = path
        self.name = readable(path.name)
        with _damage(path):
            self._file = TiffFile(path)
        try:
            with _damage(path):
                self._describe()
        except SourceError:
            self._file.close()
            raise

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        left, top = level_origin(region, self.level_downsamples[region.level])
        with _damage(self.path):
            return self._pixels.read(region.level, left, top, region.size)

    def close(self) -> None:
        self._pixels.close()

    def _describe(self) -> None:
        if not self._file.series:
            # What describes the pictures often stands at the end: gone with it, all of the file is dumb.
            raise EOFError(_("no picture is found in it"))
        series = max(self._file.series, key=_area)
        page = series.levels[0].keyframe
        levels = [TiffLevel.of(level) for level in series.levels]
        self._pixels = TiffPixels(self._file, levels, page)
        self.level_dimensions = tuple(level.size for level in levels)
        self.level_downsamples = tuple(_downsample(self.dimensions, size) for size in self.level_dimensions)
        self.bounds = Box(0, 0, self.dimensions.width, self.dimensions.height)
        self.scale = tiff_scale(self._file, page)
        self.orientation = int(page.tags.valueof("Orientation", default=1))
        self.is_8_bit = page.bitspersample == 8 and len(levels[0].pages) == 1
        self.colour_profile = self._pixels.colour.profile
        self.properties = MappingProxyType(
            {"format": "TIFF", "compression": page.compression.name, "samples": str(page.dtype)}
        )


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except HistoViewerError:
        raise
    except Exception as error:  # on a damaged file tifffile and its codecs raise whatever they like
        message = _(
            "Cannot read {path}: {error}. The file is damaged, cut off or of a kind not read here; "
            "copy it again from its origin."
        )
        raise SourceError(message.format(path=path, error=reason_of(error))) from error


def _area(series: TiffPageSeries) -> int:
    return int(series.keyframe.imagewidth * series.keyframe.imagelength)


def _downsample(full: Size, level: Size) -> float:
    """Writers halve and drop or keep the odd last pixel: 205 becomes 102 or 103, but a pixel still covers 2.
    The whole factor is taken where both sides agree with it, else the mean ratio, as OpenSlide does."""
    whole = round(max(full.width / level.width, full.height / level.height))
    sides = ((full.width, level.width), (full.height, level.height))
    if all(side // whole <= reduced <= math.ceil(side / whole) for side, reduced in sides):
        return float(whole)
    return (full.width / level.width + full.height / level.height) / 2
