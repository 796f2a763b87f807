"""TIFF files of any kind through tifffile, level by level and tile by tile."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFile, TiffPage, TiffPageSeries

from histoviewer.errors import HistoViewerError, SourceError, reason_of
from histoviewer.slides.base import Slide, readable
from histoviewer.slides.canvas import level_origin, paste, white
from histoviewer.slides.geometry import Box, Region, Size
from histoviewer.slides.tiff_colour import TiffColour
from histoviewer.slides.tiff_scale import tiff_scale
from histoviewer.translation import _

_CACHE_BYTES = 64 << 20


class TiffSlide(Slide):
    """A TIFF whose levels lie in the file: as SubIFDs (OME-TIFF), or as further pages.

    Tiles, or strips, are decoded when a region needs them, and a few are kept; nothing else is in memory.
    Bytes are read under a lock, decoded outside it. The largest picture of the file is the slide, of a stack
    its first plane; three planes of a channel axis are red, green and blue. Depth of colour: TiffColour.

    A region that does not begin on a whole pixel of its level is moved to the nearest one.

    Attributes:
        orientation: EXIF's number for how the picture lies; 1 is upright. Regions are read as stored.
        is_8_bit: whether the file stores 8 bits a sample, in its own colours (one page, no channel planes).
    """

    def __init__(self, path: Path) -> None:
        """Raises SourceError when tifffile cannot read the file."""
        self.path = path
        self.name = readable(path.name)
        self._lock = threading.Lock()
        with _damage(path):
            self._file = TiffFile(path)
        try:
            with _damage(path):
                self._describe()
        except SourceError:
            self._file.close()
            raise

    def read_region(self, region: Region) -> NDArray[np.uint8]:
        level = self._levels[region.level]
        left, top = level_origin(region, self.level_downsamples[region.level])
        canvas = white(region.size)
        with _damage(self.path):
            for column, row in level.tiles(left, top, region.size):
                tile = self._tile(region.level, column, row)
                paste(canvas, tile, x=column * level.tile.width - left, y=row * level.tile.height - top)
        return canvas

    def close(self) -> None:
        self._tile.cache_clear()
        self._file.close()

    def _describe(self) -> None:
        if not self._file.series:
            # What describes the pictures often stands at the end: gone with it, all of the file is dumb.
            raise EOFError(_("no picture is found in it"))
        series = max(self._file.series, key=_area)
        page = series.levels[0].keyframe
        self._levels = tuple(_Level.of(level) for level in series.levels)
        self._colour = replace(TiffColour.of(page), peak=self._peak() if page.dtype.kind == "f" else 1.0)
        kept = max(4, _CACHE_BYTES // (3 * self._levels[0].tile.width * self._levels[0].tile.height))
        self._tile = lru_cache(maxsize=kept)(self._decode_tile)
        self.level_dimensions = tuple(level.size for level in self._levels)
        self.level_downsamples = tuple(_downsample(self.dimensions, size) for size in self.level_dimensions)
        self.bounds = Box(0, 0, self.dimensions.width, self.dimensions.height)
        self.scale = tiff_scale(self._file, page)
        self.orientation = int(page.tags.valueof("Orientation", default=1))
        self.is_8_bit = page.bitspersample == 8 and len(self._levels[0].pages) == 1
        self.colour_profile = self._colour.profile
        self.properties = MappingProxyType(
            {"format": "TIFF", "compression": page.compression.name, "samples": str(page.dtype)}
        )

    def _decode_tile(self, level: int, column: int, row: int) -> NDArray[np.uint8]:
        """uint8 RGB, cut at the edge of the level."""
        size = self._levels[level].visible(column, row)
        samples = self._samples(level, column, row)
        if samples is None:
            return white(size)
        return self._colour.to_rgb(samples[: size.height, : size.width])

    def _samples(self, level: int, column: int, row: int) -> NDArray[np.generic] | None:
        """Samples of a tile as stored, ``(height, width, n)``. None where the file leaves a gap."""
        planes = [self._plane(page, segment) for page, segment in self._levels[level].segments(column, row)]
        found = [plane for plane in planes if plane is not None]
        return np.concatenate(found, axis=2) if len(found) == len(planes) else None

    def _plane(self, page: TiffPage, segment: int) -> NDArray[np.generic] | None:
        count = page.databytecounts[segment]
        if count == 0:
            return None
        encoded = self._bytes(page.dataoffsets[segment], count)
        samples, _position, _shape = page.keyframe.decode(encoded, segment, jpegtables=page.jpegtables)
        return None if samples is None else samples[0]

    def _bytes(self, offset: int, count: int) -> bytes:
        with self._lock:
            self._file.filehandle.seek(offset)
            encoded: bytes = self._file.filehandle.read(count)
        if len(encoded) < count:
            raise EOFError("the file ends early")
        return encoded

    def _peak(self) -> float:
        """Floats count to 1, or to 255 where the coarsest level holds any above 1."""
        level = len(self._levels) - 1
        tiles = self._levels[level].tiles(0, 0, self._levels[level].size)
        found = (self._samples(level, column, row) for column, row in tiles)
        highest = max(
            (float(np.nan_to_num(samples).max()) for samples in found if samples is not None), default=1
        )
        return 255.0 if highest > 1 else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Where the tiles (or strips) of one level lie.

    Attributes:
        pages: the page, or one each for red, green and blue.
        planes: how many segments a page stores apart for one tile (planar configuration).
        size: pixels of the level.
        tile: pixels of a tile; a strip is as wide as the level.
    """

    pages: tuple[TiffPage, ...]
    planes: int
    size: Size
    tile: Size

    @classmethod
    def of(cls, level: TiffPageSeries) -> _Level:
        page = level.keyframe
        size = Size(page.imagewidth, page.imagelength)
        if not size.width or not size.height:
            raise ValueError("no pixels")
        page.init_decode()  # the decoder is made once, before threads ask for it
        tile = (
            Size(page.tilewidth, page.tilelength)
            if page.is_tiled
            else Size(size.width, min(page.rowsperstrip, size.height))
        )
        planes = page.samplesperpixel if page.planarconfig == 2 else 1
        return cls(_colour_pages(level), planes, size, tile)

    @property
    def columns(self) -> int:
        return math.ceil(self.size.width / self.tile.width)

    @property
    def rows(self) -> int:
        return math.ceil(self.size.height / self.tile.height)

    def tiles(self, left: int, top: int, size: Size) -> Iterator[tuple[int, int]]:
        """Column and row of the tiles that a rectangle of this level touches."""
        for row in _touched(top, size.height, self.tile.height, self.rows):
            for column in _touched(left, size.width, self.tile.width, self.columns):
                yield column, row

    def segments(self, column: int, row: int) -> Iterator[tuple[TiffPage, int]]:
        first = row * self.columns + column
        for page in self.pages:
            for plane in range(self.planes):
                yield page, plane * self.columns * self.rows + first

    def visible(self, column: int, row: int) -> Size:
        """What of a tile lies on the level."""
        return Size(
            min(self.tile.width, self.size.width - column * self.tile.width),
            min(self.tile.height, self.size.height - row * self.tile.height),
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


def _colour_pages(level: TiffPageSeries) -> tuple[TiffPage, ...]:
    """The first page, or the first page of each of three channels."""
    stacked = level.axes[: len(level.axes) - len(level.keyframe.axes)]
    channel = stacked.find("C")
    if channel >= 0 and level.shape[channel] == 3:
        step = math.prod(level.shape[channel + 1 : len(stacked)])
        if len(level.pages) > 2 * step:
            return tuple(level.pages[index * step] for index in range(3))
    return (level.pages[0],)


def _downsample(full: Size, level: Size) -> float:
    """Writers halve and drop or keep the odd last pixel: 205 becomes 102 or 103, but a pixel still covers 2.
    The whole factor is taken where both sides agree with it, else the mean ratio, as OpenSlide does."""
    whole = round(max(full.width / level.width, full.height / level.height))
    sides = ((full.width, level.width), (full.height, level.height))
    if all(side // whole <= reduced <= math.ceil(side / whole) for side, reduced in sides):
        return float(whole)
    return (full.width / level.width + full.height / level.height) / 2


def _touched(start: int, length: int, tile: int, count: int) -> range:
    return range(max(start // tile, 0), min(math.ceil((start + length) / tile), count))
