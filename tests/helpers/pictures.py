"""Picture files made by code: asymmetric coloured boxes, tiled pyramids, damage, awkward names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tifffile import TiffFile, TiffWriter

RED, GREEN, BLUE = (200, 30, 40), (30, 160, 60), (20, 60, 210)
BOXES = ((RED, (32, 64, 192, 128)), (GREEN, (320, 32, 384, 352)), (BLUE, (480, 288, 608, 384)))
"""(colour, (left, top, right, bottom)): multiples of 32, so that the boxes stay sharp down to 32:1."""

AWKWARD_NAMES = ["with space", "Срез-ёж", "😐", "it's", "comma, semi;colon=1", "100%#[x]"]
if os.name == "posix":  # Windows forbids these in names
    AWKWARD_NAMES += ['double"quote', "new\nline", "back\\slash", "tab\tstop"]


def boxed(width: int = 640, height: int = 448) -> NDArray[np.uint8]:
    """White with BOXES: uint8 RGB (height, width, 3)."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    for colour, (left, top, right, bottom) in BOXES:
        pixels[top:bottom, left:right] = colour
    return pixels


def textured(width: int, height: int) -> NDArray[np.uint8]:
    """Smooth random colours without symmetry, every pixel at its own place: uint8 RGB (height, width, 3)."""
    coarse = np.random.default_rng(7).integers(0, 256, (height // 12 + 2, width // 12 + 2, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def reduced(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Means of factor x factor pixels; what is left over on the right and below makes smaller means."""
    return np.asarray(Image.fromarray(pixels).reduce(factor))


def write_tiff_levels(
    path: Path,
    levels: list[NDArray[np.uint8]],
    *,
    tile: int = 64,
    in_subifds: bool = False,
    ome_mpp: float | None = None,
    **page: Any,
) -> Path:
    """A tiled TIFF, lossless, with its levels in SubIFDs or as further pages (OpenSlide sees only those).

    With ``ome_mpp`` an OME-TIFF. ``page``: further arguments of ``TiffWriter.write`` for level 0.
    """
    common: dict[str, Any] = {"tile": (tile, tile), "photometric": "rgb", "compression": "zlib"}
    metadata = None
    if ome_mpp is not None:
        metadata = {"axes": "YXS"}
        for axis in "XY":
            metadata |= {f"PhysicalSize{axis}": ome_mpp, f"PhysicalSize{axis}Unit": "µm"}
    subifds = len(levels) - 1 if in_subifds else None
    with TiffWriter(path, ome=ome_mpp is not None) as writer:
        writer.write(levels[0], metadata=metadata, subifds=subifds, **{**common, **page})
        for level in levels[1:]:
            writer.write(level, metadata=None, subfiletype=1, **common)
    return path


def write_slide(path: Path) -> Path:
    """``boxed()`` as a tiled TIFF with levels 1, 2, 4 that OpenSlide reads, at 0.5 µm/px."""
    pixels = boxed()
    levels = [pixels, reduced(pixels, 2), reduced(pixels, 4)]
    return write_tiff_levels(path, levels, resolution=(20000, 20000), resolutionunit="CENTIMETER")


def cut_off(path: Path, *, keep: float = 0.5) -> Path:
    """Leave only the first part of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    return path


def damage_tile(path: Path, index: int, *, page: int = 0) -> Path:
    """Overwrite the stored bytes of one tile of a TIFF."""
    with TiffFile(path) as tiff:
        offset, count = tiff.pages[page].dataoffsets[index], tiff.pages[page].databytecounts[index]
    content = bytearray(path.read_bytes())
    content[offset : offset + count] = b"\xa5" * count
    path.write_bytes(content)
    return path
