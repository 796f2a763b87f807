"""JPEG tiles of a TIFF, of which a damaged one is an error.

The decoder behind tifffile takes the JPEG library's warnings for nothing: of a tile that ends early, or has
lost its middle, it gives grey pixels that a model would judge as if they were tissue.
"""

from __future__ import annotations

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from tifffile import COMPRESSION, PHOTOMETRIC, TiffPage

_HEADED = b"\xff\xd8"
_ENDED = b"\xff\xd9"


def is_jpeg(page: TiffPage) -> bool:
    """Whether a page holds tiles, or strips, that ``decode_jpeg`` decodes: three 8-bit colours each."""
    is_colour = (page.samplesperpixel, page.bitspersample, page.planarconfig) == (3, 8, 1)
    is_known = page.photometric in (PHOTOMETRIC.RGB, PHOTOMETRIC.YCBCR)
    return is_colour and is_known and page.compression == COMPRESSION.JPEG


def decode_jpeg(encoded: bytes, tables: bytes | None, page: TiffPage) -> NDArray[np.uint8]:
    """One tile of a page of which ``is_jpeg`` is true, with the tables that all its tiles share: uint8 RGB
    (h, w, 3). Raises ValueError where it is damaged."""
    begun = tables.removesuffix(_ENDED) if tables else _HEADED
    whole = begun + _colours(page) + encoded.removeprefix(_HEADED)
    pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(whole, strict=True)
    return pixels


def _colours(page: TiffPage) -> bytes:
    """Adobe's marker, which tells a decoder what the file around the tile says: whether the three samples are
    RGB, or YCbCr (Adobe Technical Note 5116, 1992, section 18)."""
    transform = 0 if page.photometric == PHOTOMETRIC.RGB else 1
    return b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])
