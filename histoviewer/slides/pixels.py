"""From whatever a file stores to what everybody works with: uint8 RGB."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DECODING_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow raises on a damaged file: its readers agree on nothing narrower."""

_MANY_BITS = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")


def to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """A Pillow image of any mode as uint8 RGB ``(height, width, 3)``.

    What is transparent becomes white; grey, palette, CMYK and more than 8 bits are converted. Decodes the
    image, so one of DECODING_ERRORS may be raised.
    """
    if image.mode in _MANY_BITS:
        return np.repeat(to_8_bit(np.asarray(image))[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        return _over_white(image.convert("RGBA"))
    return np.array(image if image.mode == "RGB" else image.convert("RGB"))


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
