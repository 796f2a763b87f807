"""Tiles that no memory holds: damage that a reader would take at its word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tifffile import TiffFile, TiffFrame, TiffPage

from histoviewer.errors import SourceError
from histoviewer.slides.geometry import Size
from histoviewer.translation import _

_LARGEST_TILE = 1 << 28
"""Pixels. Writers use 2^8 to 2^24; OpenSlide lets GLib end the process where it gets no memory for a tile."""


def refuse_giant_tiles(path: Path) -> None:
    """Raises SourceError where a page of a TIFF has tiles of more than 2^28 pixels.

    Pages that cannot be read are passed over: their reader gives the better reason.
    """
    giant = _giant_tile(path)
    if giant is not None:
        message = _(
            "Cannot open {path}: its tiles of {width} x {height} px are larger than any memory. "
            "The file is damaged; copy it again from its origin."
        )
        raise SourceError(message.format(path=path, width=giant.width, height=giant.height))


def _giant_tile(path: Path) -> Size | None:
    with suppress(Exception), TiffFile(path) as file:
        for page in _pages(file):
            if page.is_tiled and page.tilewidth * page.tilelength > _LARGEST_TILE:
                return Size(page.tilewidth, page.tilelength)
    return None


def _pages(file: TiffFile) -> Iterator[TiffPage | TiffFrame]:
    for page in file.pages:
        yield page
        if isinstance(page, TiffPage) and page.pages:
            yield from page.pages
