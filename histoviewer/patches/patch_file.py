"""One patch of a folder: from its file to the square the model judges."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from histoviewer.errors import HistoViewerError, PatchError, reason_of
from histoviewer.slides.base import BACKGROUND, reduce_pixels
from histoviewer.slides.canvas import upright
from histoviewer.slides.geometry import Size
from histoviewer.slides.pixels import orientation, to_rgb, upright_size
from histoviewer.slides.tiff_colour import sample_kind
from histoviewer.translation import _

_PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_8_BIT_RGB = b"\x08\x02"
_PNG_TURNED, _PNG_TRANSPARENT = b"eXIf", b"tRNS"
"""Chunks of pictures that may be turned, or transparent."""

_LARGEST_PLAIN = 1 << 16
"""Bytes. A patch of 50 x 50 has at most 8,000."""

# Pillow would try every format it knows, some of which start other programs.
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
_PNG_HEAD = 4096
"""Bytes in which a PNG that is turned says so."""


def image_size(path: Path) -> Size:
    """Width and height of the picture as it lies, from the file's header only. Raises PatchError."""
    size = _png_size(path)
    if size:
        return size
    with _opened(path) as image:
        return upright_size(image)


def _png_size(path: Path) -> Size | None:
    """The same for a PNG that lies as it is stored, ten times as fast as through Pillow: a folder may hold
    277,524 of them."""
    try:
        with path.open("rb", buffering=0) as file:
            start = file.read(_PNG_HEAD)
    except OSError:
        return None
    if len(start) < 24 or not start.startswith(_PNG_START) or _PNG_TURNED in start:
        return None
    width, height = struct.unpack(">II", start[16:24])
    return Size(width, height) if width and height else None


def read_true_size(path: Path, *, largest: int) -> NDArray[np.uint8]:
    """Pixels as they are, upright: uint8 RGB (height, width, 3).

    Raises PatchError where the file cannot be decoded, or is larger than ``largest`` pixels on a side.
    """
    return _pixels(path, lambda size: _check_size(size, size, largest), _plain_png(path))


def read_patch(path: Path, *, input_size: int, factor: float) -> tuple[NDArray[np.uint8], Size, bool]:
    """A patch as the model wants it.

    The picture is turned upright and resampled by ``factor`` first; what is smaller than ``input_size`` then
    is filled up with white on the right and below, as a slide's border is. Returns uint8 RGB (input_size,
    input_size, 3), the file's own size, and whether it was filled up. Raises PatchError where
    the file cannot be decoded or is larger than a patch.
    """

    def wanted(size: Size) -> Size:
        return Size(_scaled(size.width, factor, input_size), _scaled(size.height, factor, input_size))

    plain = _plain_png(path)
    if factor == 1 and plain is not None and plain.shape[:2] == (input_size, input_size):
        return plain, Size(input_size, input_size), False  # as almost all are
    pixels = _pixels(path, lambda size: _check_size(size, wanted(size), input_size), plain)
    size = Size(pixels.shape[1], pixels.shape[0])
    pixels = reduce_pixels(pixels, wanted(size), (0, 0, size.width, size.height))
    return _filled_up(pixels, input_size), size, wanted(size) != Size(input_size, input_size)


def _pixels(path: Path, check: Callable[[Size], None], plain: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Upright, uint8 RGB (height, width, 3). ``plain``: what ``_plain_png`` says. ``check`` is called with
    the size before much is decoded."""
    if plain is not None:
        check(Size(plain.shape[1], plain.shape[0]))
        return plain
    with _opened(path) as image:
        check(upright_size(image))
        return upright(to_rgb(image), orientation(image))


def _plain_png(path: Path) -> NDArray[np.uint8] | None:
    """A small PNG of 8-bit colours that lies as it is stored, in less than half the time that Pillow takes.
    None for all others, and for what is damaged: Pillow says what is wrong."""
    try:
        with path.open("rb", buffering=0) as file:
            data = file.read(_LARGEST_PLAIN + 1)
    except OSError:
        return None
    is_plain = data.startswith(_PNG_START) and data[24:26] == _PNG_8_BIT_RGB and len(data) <= _LARGEST_PLAIN
    if not is_plain or _PNG_TURNED in data or _PNG_TRANSPARENT in data:
        return None
    try:
        pixels: NDArray[np.uint8] = imagecodecs.spng_decode(data)
    except (imagecodecs.SpngError, ValueError):
        return None
    return pixels


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.mode == "F":
                raise PatchError(_not_understood(path))
            yield image
    except HistoViewerError:
        raise
    except UnidentifiedImageError:
        raise PatchError(_not_understood(path)) from None
    except Exception as error:  # on a damaged file Pillow's readers raise whatever they like
        raise PatchError(_unread(error)) from error


def _not_understood(path: Path) -> str:
    """Why Pillow makes nothing of a file."""
    try:
        is_empty = path.stat().st_size == 0
    except OSError as error:
        return _unread(error)
    if is_empty:
        return _("the file is empty")
    kind = sample_kind(path)
    if kind is None:
        return _("damaged, or not a PNG, JPEG, TIFF or BMP image")
    return _("{kind} pixels are not supported: convert to 8 or 16 bit").format(kind=kind)


def _unread(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return _("the file is gone")
    is_of_system = isinstance(error, OSError) and error.strerror
    message = _("cannot be read: {reason}") if is_of_system else _("cannot be decoded: {reason}")
    return message.format(reason=reason_of(error))


def _scaled(length: int, factor: float, input_size: int) -> int:
    scaled = max(1, round(length * factor))
    # 256 px at 0.8 µm/px are 51.2 at 4: a pixel of rounding is no other patch.
    return input_size if factor != 1 and scaled == input_size + 1 else scaled


def _check_size(size: Size, wanted: Size, largest: int) -> None:
    if max(wanted.width, wanted.height) > largest:
        message = _(
            "expected a {largest} x {largest} patch, got {width} x {height}; open the file itself as a slide"
        )
        raise PatchError(message.format(largest=largest, width=size.width, height=size.height))


def _filled_up(pixels: NDArray[np.uint8], input_size: int) -> NDArray[np.uint8]:
    height, width, _channels = pixels.shape
    if (height, width) == (input_size, input_size):
        return pixels
    square = np.full((input_size, input_size, 3), BACKGROUND, np.uint8)
    square[:height, :width] = pixels
    return square
