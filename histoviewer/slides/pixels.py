"""From whatever a file stores to what everybody works with: uint8 RGB."""

from __future__ import annotations

import contextlib
import ctypes
import logging

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, _imaging

from histoviewer.slides.geometry import Size

# What the libraries find odd in a file is no news for the user, and what stops us becomes an error of ours:
# they are heard only where everything is, in --debug.
for _library in ("tifffile", "PIL.TiffImagePlugin"):
    logging.getLogger(_library).addFilter(lambda _record: logging.getLogger().isEnabledFor(logging.DEBUG))
# The TIFF library inside Pillow writes to the terminal by itself, past all logging.
with contextlib.suppress(AttributeError, OSError):  # where it cannot be reached, it goes on
    _codecs = ctypes.CDLL(_imaging.__file__)
    _codecs.TIFFSetErrorHandler(None)
    _codecs.TIFFSetWarningHandler(None)

BAND = 1024
"""Rows of a large picture that are worked on at once; even, so that bands are halved as the whole would."""

_MANY_BITS = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")


def to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """A Pillow image of any mode as uint8 RGB ``(height, width, 3)``.

    What is transparent becomes white; grey, palette, CMYK and more than 8 bits are converted. Decodes the
    image: on a damaged file Pillow raises whatever it likes.
    """
    if image.mode in _MANY_BITS:
        return np.repeat(to_8_bit(np.asarray(image))[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        return _over_white(image.convert("RGBA"))
    return _unpacked(image if image.mode == "RGB" else image.convert("RGB"))


def _unpacked(image: Image.Image) -> NDArray[np.uint8]:
    """Band by band: of a large picture NumPy and Pillow would hold each pixel four times meanwhile."""
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, BAND):
        band = image.crop((0, top, image.width, min(top + BAND, image.height)))
        pixels[top : top + BAND] = np.asarray(band)
    return pixels


def orientation(image: Image.Image) -> int:
    """How a picture lies, 1 to 8 as in EXIF; 1 is upright, and a TIFF, which Pillow turns itself.

    Decodes nothing, so that of a PNG only what stands before its pixels counts.
    """
    if image.format == "TIFF" or (image.format == "PNG" and "exif" not in image.info):
        return 1
    try:
        said = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - damaged EXIF says nothing about how the picture lies
        return 1
    return said if said in range(1, 9) else 1


def upright_size(image: Image.Image) -> Size:
    """Width and height of an image once it is turned as ``orientation`` says. Decodes nothing."""
    width, height = image.size
    return Size(height, width) if orientation(image) >= 5 else Size(width, height)


def to_8_bit(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Samples of any type as uint8, never stretched to their own range: regions of one picture stay
    comparable.

    Booleans become 0 or 255; uint16 and wider integers count to 65535. Floats count to 1, or to 255 where
    any is above 1.
    """
    if samples.dtype == np.uint8:
        return samples.astype(np.uint8)
    if samples.dtype == np.bool_:
        return samples.astype(np.uint8) * np.uint8(255)
    values = np.nan_to_num(samples.astype(np.float32))
    if samples.dtype.kind in "iu":
        values /= 257.0  # 65535 / 255
    elif values.max(initial=0.0) <= 1.0:
        values *= 255.0
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _over_white(image: Image.Image) -> NDArray[np.uint8]:
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return np.array(Image.alpha_composite(white, image).convert("RGB"))
