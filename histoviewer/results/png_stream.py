"""A PNG that is written strip by strip: a picture of a whole slide need not be in memory at once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngInfo

from histoviewer.slides.geometry import Size

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA_OF_8_BITS = b"\x08\x06\0\0\0"
_CHANNELS = 4
_LEFT, _ABOVE = 1, 2
"""Filters of a row: the difference from the pixel on the left, from the row above."""


def write_rgba_png(file: BinaryIO, size: Size, strips: Iterable[NDArray[np.uint8]], texts: PngInfo) -> None:
    """``strips``: uint8 RGBA (rows, size.width, 4), from the top, ``size.height`` rows all together. Meant
    for squares of one colour: other pictures are written as well, but larger than need be. Raises OSError."""
    file.write(_SIGNATURE)
    _write_chunk(file, b"IHDR", struct.pack(">II", size.width, size.height) + _RGBA_OF_8_BITS)
    for kind, text, *_ in texts.chunks:
        _write_chunk(file, kind, text)
    packer = zlib.compressobj(strategy=zlib.Z_RLE)  # runs are all there is: half the time, no larger a file
    above = np.zeros((1, _CHANNELS * size.width), np.uint8)
    for strip in strips:
        rows = strip.reshape(len(strip), -1)
        packed = packer.compress(_filtered(rows, above).data)
        if packed:  # it gathers some kilobytes first
            _write_chunk(file, b"IDAT", packed)
        above = rows[-1:]
    _write_chunk(file, b"IDAT", packer.flush())
    _write_chunk(file, b"IEND", b"")


def _filtered(rows: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows of bytes, (n, m), below the one that is ``above`` them, (1, m): uint8 (n, 1 + m), each with its
    filter in front."""
    is_new = (rows != np.concatenate((above, rows[:-1]))).any(axis=1)
    filtered = np.zeros((len(rows), 1 + rows.shape[1]), np.uint8)
    filtered[:, 0] = np.where(is_new, _LEFT, _ABOVE)
    new = rows[is_new]
    new[:, _CHANNELS:] -= rows[is_new, :-_CHANNELS]
    filtered[is_new, 1:] = new
    return filtered


def _write_chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)))
    file.write(kind)
    file.write(data)
    file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))
