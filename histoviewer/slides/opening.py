"""``open_slide``: the only place that chooses a reader."""

from __future__ import annotations

import math
from pathlib import Path

from histoviewer.errors import HistoViewerError, ScaleError, SourceError, reason_of
from histoviewer.slides.base import Slide
from histoviewer.slides.canvas import upright
from histoviewer.slides.geometry import Region, Scale
from histoviewer.slides.openslide import OpenSlideReader, detect_vendor
from histoviewer.slides.picture import PictureSlide, open_picture
from histoviewer.slides.tiff_colour import ColourModelError
from histoviewer.slides.tiff_levels import TiffSlide
from histoviewer.slides.tiff_scale import is_printing_default
from histoviewer.slides.tiff_tiles import refuse_giant_tiles
from histoviewer.translation import _

_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PLAIN_TIFF = "generic-tiff"
_HELD_IN_MEMORY = 1 << 28
"""Pixels up to which a TIFF without levels is decoded at once (0.8 GB) and gets levels made for it."""


def open_slide(path: Path, *, mpp: float | None = None) -> Slide:
    """Any image file as a slide: through OpenSlide, else tifffile (TIFF, OME-TIFF), else Pillow.

    ``mpp``, µm per level-0 pixel, overrules what the file says about its scale. A claimed scale is kept
    however absurd (``Scale.is_plausible`` tells); a printer's dots per inch are no claim.

    Raises SourceError when the file is missing, empty, damaged or of no known kind, and ScaleError for an
    ``mpp`` that is no positive number.
    """
    if mpp is not None and not (math.isfinite(mpp) and mpp > 0):
        raise ScaleError(_("A scale of {mpp} µm/px is impossible: give a number above 0.").format(mpp=mpp))
    start = _first_bytes(path)
    try:
        slide = _open(path, start)
    except HistoViewerError:
        raise
    except Exception as error:  # of a library that read the file, or no memory for its pixels
        message = _("Cannot open {path}: {reason}. The file is damaged; copy it again from its origin.")
        raise SourceError(message.format(path=path, reason=reason_of(error))) from error
    if mpp is not None:
        slide.scale = Scale(mpp, "user")
    return slide


def _first_bytes(path: Path) -> bytes:
    """Raises SourceError where there is nothing to read, before a library gives a worse reason."""
    if path.is_dir():
        message = _("Cannot open {path} as a slide: it is a folder. Expected an image file.")
        raise SourceError(message.format(path=path))
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = _("Cannot open {path}: {reason}. Check the name and the rights to read it.")
        raise SourceError(message.format(path=path, reason=reason)) from error
    if not start:
        message = _("Cannot open {path}: the file is empty. Copy it again from its origin.")
        raise SourceError(message.format(path=path))
    return start


def _open(path: Path, start: bytes) -> Slide:
    if start in _TIFF_STARTS:
        refuse_giant_tiles(path)
    vendor = detect_vendor(path)
    if vendor == _PLAIN_TIFF:
        return _open_plain_tiled_tiff(path)
    if vendor is not None:
        return OpenSlideReader(path)
    if start in _TIFF_STARTS:
        return _open_tiff(path)
    return open_picture(path)


def _open_plain_tiled_tiff(path: Path) -> Slide:
    """OpenSlide sees no levels in SubIFDs, no scale in OME-XML, not all depths of colour, and of several
    pictures only the first."""
    try:
        tiff = TiffSlide(path)
    except SourceError:
        return OpenSlideReader(path)
    try:
        reader = OpenSlideReader(path)
    except SourceError:
        return _with_levels(tiff)
    is_same_picture = reader.dimensions == tiff.dimensions
    if not is_same_picture or tiff.level_count > reader.level_count or not tiff.is_8_bit:
        reader.close()
        return _with_levels(tiff)
    tiff.close()
    reader.scale = tiff.scale or _without_printing_default(reader.scale)
    return reader


def _without_printing_default(scale: Scale | None) -> Scale | None:
    return None if scale and is_printing_default(scale.mpp) else scale


def _open_tiff(path: Path) -> Slide:
    try:
        return _with_levels(TiffSlide(path))
    except SourceError as error:
        if isinstance(error.__cause__, ColourModelError):
            return open_picture(path)  # Pillow converts more: CIELAB, YCbCr without JPEG
        raise


def _with_levels(tiff: TiffSlide) -> Slide:
    """The slide itself where it has levels, or is too large for memory; else a picture with made levels."""
    if tiff.level_count > 1 or tiff.dimensions.width * tiff.dimensions.height > _HELD_IN_MEMORY:
        return tiff
    with tiff:
        pixels = tiff.read_region(Region(0, 0, 0, tiff.dimensions))
    return PictureSlide(
        tiff.path,
        upright(pixels, tiff.orientation),
        scale=tiff.scale,
        properties=tiff.properties,
        colour_profile=tiff.colour_profile,
    )
