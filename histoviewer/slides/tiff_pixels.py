"""Pixels of a TIFF's levels, tile by tile."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFile, TiffPage, TiffPageSeries

from histoviewer.slides.canvas import paste, white
from histoviewer.slides.geometry import Size
from histoviewer.slides.jpeg_tiles import decode_jpeg, is_jpeg
from histoviewer.slides.tiff_colour import TiffColour
from histoviewer.slides.tile_store import shared_tiles


class TiffPixels:
    """Tiles, or strips, are decoded when they are needed, and those of all slides that were used last are
    kept; nothing else is in memory.

    Bytes are read under a lock, decoded outside it: any thread may read. On a damaged file tifffile and its
    codecs raise whatever they like.
    """

    def __init__(self, file: TiffFile, levels: Sequence[TiffLevel], page: TiffPage) -> None:
        """``levels``: of the file, whose samples mean what ``page`` says."""
        self._file, self._lock = file, threading.Lock()
        self._levels = tuple(levels)
        self.colour = TiffColour.of(page)
        if page.dtype is not None and page.dtype.kind == "f":
            self.colour = replace(self.colour, peak=self._peak())
        self._owner = shared_tiles.new_owner()

    def read(self, level: int, column: int, row: int, size: Size) -> NDArray[np.uint8]:
        """A rectangle of a level, from that pixel of it on: uint8 RGB (height, width, 3); white outside."""
        canvas, edge = white(size), self._levels[level].tile
        for across, down in self._levels[level].tiles(column, row, size):
            tile = self._tile(level, across, down)
            paste(canvas, tile, x=across * edge.width - column, y=down * edge.height - row)
        return canvas

    def fullest_tile(self, level: int) -> tuple[int, int]:
        """Column and row of the first pixel of the tile that takes the most bytes in the file."""
        counts = np.asarray(self._levels[level].pages[0].databytecounts)
        down, across = divmod(int(counts.argmax()), self._levels[level].columns)
        return across * self._levels[level].tile.width, down * self._levels[level].tile.height

    def close(self) -> None:
        """Forget the tiles and close the file; whoever is reading finishes the tile at hand."""
        shared_tiles.forget(self._owner)
        with self._lock:
            self._file.close()

    def _tile(self, level: int, column: int, row: int) -> NDArray[np.uint8]:
        place = level, column, row
        return shared_tiles.tile(self._owner, place, lambda: self._decode_tile(level, column, row))

    def _decode_tile(self, level: int, column: int, row: int) -> NDArray[np.uint8]:
        """uint8 RGB, cut at the edge of the level."""
        size = self._levels[level].visible(column, row)
        samples = self._samples(level, column, row)
        if samples is None:
            return white(size)
        return self.colour.to_rgb(samples[: size.height, : size.width])

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
        if is_jpeg(page.keyframe):
            return decode_jpeg(encoded, page.jpegtables, page.keyframe)
        samples, _position, _shape = page.keyframe.decode(encoded, segment, jpegtables=page.jpegtables)
        return None if samples is None else samples[0]

    def _bytes(self, offset: int, count: int) -> bytes:
        with self._lock:
            # Of a strip as large as its slide no half is read, again for each patch.
            is_whole = offset + count <= self._file.filehandle.size
            self._file.filehandle.seek(offset)
            encoded: bytes = self._file.filehandle.read(count) if is_whole else b""
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
class TiffLevel:
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
    def of(cls, level: TiffPageSeries) -> TiffLevel:
        return cls._of_pages(_colour_pages(level), level.keyframe)

    @classmethod
    def of_page(cls, page: TiffPage) -> TiffLevel:
        """A level that is one page."""
        return cls._of_pages((page,), page)

    @classmethod
    def _of_pages(cls, pages: tuple[TiffPage, ...], page: TiffPage) -> TiffLevel:
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
        return cls(pages, planes, size, tile)

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


def _colour_pages(level: TiffPageSeries) -> tuple[TiffPage, ...]:
    """The first page, or the first page of each of three channels."""
    stacked = level.axes[: len(level.axes) - len(level.keyframe.axes)]
    channel = stacked.find("C")
    if channel >= 0 and level.shape[channel] == 3:
        step = math.prod(level.shape[channel + 1 : len(stacked)])
        if len(level.pages) > 2 * step:
            return tuple(level.pages[index * step] for index in range(3))
    return (level.pages[0],)


def _touched(start: int, length: int, tile: int, count: int) -> range:
    return range(max(start // tile, 0), min(math.ceil((start + length) / tile), count))
