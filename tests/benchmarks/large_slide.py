"""A slide as large as a scanner makes them: a mosaic of patches enlarged 16:1, a pyramid of JPEG tiles."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffWriter

from histoviewer.patches.opening import open_source
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box, Size
from histoviewer.staging import staged

PATIENT = Path(__file__).resolve().parents[3] / "shared" / "data" / "idc" / "8867"
SIZE, LARGEST = Size(51_200, 36_800), Size(100_000, 80_000)
"""Of level 0, at 0.25 µm/px."""

DOWNSAMPLES = (1, 4, 16, 64)
TILE = 256
QUALITY = 85


def large_slide(size: Size = SIZE) -> Path:
    """The slide's file in the temporary folder, 110 MB for ``SIZE``; made in some minutes where it is not
    there."""
    name = "large-slide" if size == SIZE else f"slide-{size.width}x{size.height}"
    path = Path(tempfile.gettempdir()) / f"histoviewer-{name}.svs"
    if not path.exists():
        source = open_source(PATIENT, input_size=50, model_mpp=4.0)
        try:
            _write(source.slide(next(source.slides())), path, size)
        finally:
            source.close()
    return path


def _write(mosaic: Slide, path: Path, full: Size) -> None:
    with staged(path) as file, TiffWriter(file, bigtiff=True) as writer:
        for downsample in DOWNSAMPLES:
            size = Size(full.width // downsample, full.height // downsample)
            writer.write(
                _tiles(mosaic, size),
                shape=(size.height, size.width, 3),
                dtype=np.uint8,
                tile=(TILE, TILE),
                photometric="rgb",
                compression="jpeg",
                compressionargs={"level": QUALITY},
                description=f"Aperio Image Library\n{size.width}x{size.height}|AppMag = 40|MPP = 0.25",
                subfiletype=int(downsample > 1),
                metadata=None,
            )


def _tiles(mosaic: Slide, size: Size) -> Iterator[NDArray[np.uint8]]:
    """A level's tiles in reading order."""
    across, down = mosaic.dimensions.width / size.width, mosaic.dimensions.height / size.height
    for y in range(0, size.height, TILE):
        for x in range(0, size.width, TILE):
            width, height = min(TILE, size.width - x), min(TILE, size.height - y)
            tile = np.full((TILE, TILE, 3), 255, np.uint8)
            box = Box(x * across, y * down, width * across, height * down)
            tile[:height, :width] = mosaic.read_box(box, Size(width, height))
            yield tile
