"""Any slide -> a tiled OME-TIFF with levels, which other programs open too."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tifffile import TiffWriter

from histoviewer.slides.base import Slide
from histoviewer.slides.canvas import paste, white
from histoviewer.slides.geometry import Region, Size
from histoviewer.staging import staged

TILE = 512
_HELD_IN_MEMORY = 32 << 20
_BIG_TIFF = 4_000_000_000
"""Bytes of pixels above which 32-bit offsets might not do."""


def write_pyramid(slide: Slide, path: Path, *, tile: int = TILE) -> None:
    """Write level 0 of ``slide`` and its halvings as a pyramidal OME-TIFF: lossless deflate, levels in
    SubIFDs, µm/px in the OME-XML and in the resolution tags where the slide has a scale.

    Level 0 is read once, tile by tile; the halves of its tiles wait in a temporary file beside ``path``, so
    memory stays flat. Each pixel of a level is the mean of up to four of the one before; an odd last row or
    column is kept. The file appears under its name only when it is whole, and what was there before stays
    until then.

    ``tile``: pixels, a multiple of 32.

    Raises ResultError when the file cannot be written, SourceError when the slide cannot be read.
    """
    with staged(path) as file, TiffWriter(file, bigtiff=_is_big(slide), ome=True) as writer:
        _write_levels(writer, slide, tile, path.parent)


def _is_big(slide: Slide) -> bool:
    # Deflate may grow what it cannot shrink, and the levels add a third.
    return 3 * slide.dimensions.width * slide.dimensions.height * 4 // 3 > _BIG_TIFF


class _SlideLevel:
    """Level 0, read from the slide."""

    def __init__(self, slide: Slide, tile: int) -> None:
        self.size = slide.dimensions
        self._slide = slide
        self._tile = tile

    def read(self, column: int, row: int) -> NDArray[np.uint8]:
        x, y = column * self._tile, row * self._tile
        size = Size(min(self._tile, self.size.width - x), min(self._tile, self.size.height - y))
        return self._slide.read_region(Region(x, y, 0, size))


class _HalvedLevel:
    """A level that is put together from the halves of the finer level's tiles.

    Each half has its place in a file, so that they can be read back in any order.
    """

    def __init__(self, size: Size, tile: int, scratch: Path) -> None:
        self.size = size
        self._half = tile // 2
        self._columns = -(-size.width // self._half)
        self._rows = -(-size.height // self._half)
        self._file = tempfile.SpooledTemporaryFile(max_size=_HELD_IN_MEMORY, dir=str(scratch))  # noqa: SIM115

    def put(self, column: int, row: int, pixels: NDArray[np.uint8]) -> None:
        """A tile of the finer level, cut at that level's edge."""
        half = _padded(np.asarray(Image.fromarray(pixels).reduce(2)), self._half)
        self._file.seek((row * self._columns + column) * half.nbytes)
        self._file.write(half.tobytes())

    def read(self, column: int, row: int) -> NDArray[np.uint8]:
        size = Size(
            min(2 * self._half, self.size.width - 2 * column * self._half),
            min(2 * self._half, self.size.height - 2 * row * self._half),
        )
        canvas = white(size)
        for right, below in itertools.product(range(2), range(2)):
            half = self._get(2 * column + right, 2 * row + below)
            paste(canvas, half, x=right * self._half, y=below * self._half)
        return canvas

    def close(self) -> None:
        self._file.close()

    def _get(self, column: int, row: int) -> NDArray[np.uint8]:
        if column >= self._columns or row >= self._rows:
            return white(Size(0, 0))
        count = 3 * self._half * self._half
        self._file.seek((row * self._columns + column) * count)
        return np.frombuffer(self._file.read(count), np.uint8).reshape(self._half, self._half, 3)


def _write_levels(writer: TiffWriter, slide: Slide, tile: int, scratch: Path) -> None:
    others = _level_sizes(slide.dimensions, tile)[1:]
    with contextlib.ExitStack() as stack:
        halved = [
            stack.enter_context(contextlib.closing(_HalvedLevel(size, tile, scratch))) for size in others
        ]
        levels: list[_SlideLevel | _HalvedLevel] = [_SlideLevel(slide, tile), *halved]
        for level, coarser in itertools.zip_longest(levels, halved):
            is_first = level is levels[0]
            writer.write(
                _tiles(level, coarser, tile),
                shape=(level.size.height, level.size.width, 3),
                dtype=np.uint8,
                tile=(tile, tile),
                photometric="rgb",
                compression="zlib",
                predictor=True,
                compressionargs={"level": 1},  # with the predictor as small as level 6, in half the time
                **(_first_page(slide, len(others)) if is_first else {"subfiletype": 1, "metadata": None}),
            )


def _first_page(slide: Slide, sublevels: int) -> dict[str, Any]:
    """What the writer is told of level 0 only."""
    metadata: dict[str, Any] = {"axes": "YXS"}
    page: dict[str, Any] = {"subifds": sublevels, "metadata": metadata, "software": "HistoViewer"}
    if slide.mpp:
        for axis in "XY":
            metadata |= {f"PhysicalSize{axis}": slide.mpp, f"PhysicalSize{axis}Unit": "µm"}
        page |= {"resolution": (10000 / slide.mpp,) * 2, "resolutionunit": "CENTIMETER"}
    return page


def _tiles(
    level: _SlideLevel | _HalvedLevel, coarser: _HalvedLevel | None, tile: int
) -> Iterator[NDArray[np.uint8]]:
    """The level's tiles in reading order, filled up to whole ones; their halves go to the coarser level."""
    for row, column in _grid(level.size, tile):
        pixels = level.read(column, row)
        if coarser:
            coarser.put(column, row, pixels)
        yield _padded(pixels, tile)


def _level_sizes(size: Size, tile: int) -> list[Size]:
    """Each half of the one before, rounded up, until one tile holds it."""
    sizes = [size]
    while max(sizes[-1].width, sizes[-1].height) > tile:
        sizes.append(Size(-(-sizes[-1].width // 2), -(-sizes[-1].height // 2)))
    return sizes


def _grid(size: Size, tile: int) -> list[tuple[int, int]]:
    """Row and column of each tile."""
    return list(itertools.product(range(-(-size.height // tile)), range(-(-size.width // tile))))


def _padded(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    canvas = white(Size(side, side))
    paste(canvas, pixels, x=0, y=0)
    return canvas
