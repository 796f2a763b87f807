"""The tiles of a slide that OpenSlide opens, decoded past it.

OpenSlide composes every region on a canvas of its own, which takes it twice as long as decoding JPEG: where a
file holds plain tiles, reading them straight is several times as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tifffile import COMPRESSION, TiffFile, TiffPage

from histoviewer.slides.geometry import Size
from histoviewer.slides.tiff_pixels import TiffLevel, TiffPixels

VENDORS = ("aperio", "generic-tiff")
"""OpenSlide's words for kinds of slides whose levels are pages of tiles that do not overlap."""

_COMPRESSIONS = (COMPRESSION.JPEG, COMPRESSION.APERIO_JP2000_RGB)


def straight_tiles(path: Path, level_dimensions: Sequence[Size]) -> TiffPixels | None:
    """The tiles of these levels; None where a file holds anything that is not plain: gaps, which OpenSlide
    fills, other samples than 8-bit colours, two pages of one size."""
    with suppress(Exception):  # of tifffile: OpenSlide reads it, or says better why it cannot
        file = TiffFile(path)
        try:
            pages = [_page_of(file, size) for size in level_dimensions]
            return TiffPixels(file, [TiffLevel.of_page(page) for page in pages], pages[0])
        except Exception:
            file.close()
            raise
    return None


def _page_of(file: TiffFile, size: Size) -> TiffPage:
    """Raises ValueError where not exactly one plain page has that size."""
    tiled = [page for page in file.pages if isinstance(page, TiffPage) and page.is_tiled]
    (page,) = [page for page in tiled if (page.imagewidth, page.imagelength) == (size.width, size.height)]
    is_plain = page.compression in _COMPRESSIONS and (page.samplesperpixel, page.bitspersample) == (3, 8)
    if not is_plain or page.planarconfig != 1 or min(page.databytecounts) == 0:
        raise ValueError("its tiles are not plain")
    return page
