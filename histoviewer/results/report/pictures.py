"""The report's pictures of a slide: all of it under its heat map, and its regions near by."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from histoviewer.results.colormaps import colorize
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.regions import Region
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box, Size
from histoviewer.slides.thumbnail import read_thumbnail

LONGEST = 1200
"""Pixels along the longer side of an overview."""

SIDE = 320
"""Pixels along the side of a picture of a region."""

_OPACITY = 0.6
_QUALITY = 88


def overview(slide: Slide, heatmap: Heatmap, regions: Sequence[Region], threshold: float) -> bytes:
    """A JPEG of the scanned part of a slide, its heat map over it in absolute colours, regions outlined.
    Raises SourceError where the slide cannot be read."""
    pixels = read_thumbnail(slide, LONGEST)
    assert pixels is not None  # it is wanted
    picture = Image.fromarray(pixels).convert("RGBA")
    bounds = slide.bounds
    scale = picture.width / bounds.width
    if heatmap.values.size:
        rgba = colorize(heatmap.values, threshold=threshold, opacity=_OPACITY)
        cells = Image.fromarray(np.ascontiguousarray(rgba))
        size = [max(1, round(side * heatmap.cell * scale)) for side in cells.size]
        left, top = (heatmap.x - bounds.x) * scale, (heatmap.y - bounds.y) * scale
        over = Image.new("RGBA", picture.size)
        over.paste(cells.resize((size[0], size[1]), Image.Resampling.NEAREST), (round(left), round(top)))
        picture = Image.alpha_composite(picture, over)
    draw = ImageDraw.Draw(picture)
    for ring in (ring for region in regions for ring in (region.outline, *region.holes)):
        points = [tuple(point) for point in ((ring - (bounds.x, bounds.y)) * scale).tolist()]
        draw.line(points, fill=(255, 255, 255, 255), width=4, joint="curve")
        draw.line(points, fill=(20, 20, 20, 255), width=2, joint="curve")
    return _jpeg(picture)


def close_up(slide: Slide, region: Region, side: float) -> bytes:
    """A JPEG of the middle of a region as it is stored, ``side`` level-0 pixels wide. Raises SourceError."""
    x, y = _inside(region)
    bounds = slide.bounds
    side = min(side, bounds.width, bounds.height)
    left = min(max(x - side / 2, bounds.x), bounds.x + bounds.width - side)
    top = min(max(y - side / 2, bounds.y), bounds.y + bounds.height - side)
    pixels = min(SIDE, max(1, math.floor(side)))
    box = Box(math.floor(left), math.floor(top), math.floor(side), math.floor(side))
    picture = Image.fromarray(slide.read_box(box, Size(pixels, pixels)))
    return _jpeg(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _inside(region: Region) -> tuple[float, float]:
    """The middle of a region's longest row of cells at half its height: within it, however bent."""
    outline: NDArray[np.float64] = region.outline
    low, high = outline[:, 1].min(), outline[:, 1].max()
    middle = (low + high) / 2 + 1e-3
    start, end = outline[:-1], outline[1:]
    crossing = (start[:, 1] > middle) != (end[:, 1] > middle)
    across = np.sort(start[crossing, 0])
    widths = across[1::2] - across[::2]
    longest = int(np.argmax(widths))
    return float(across[2 * longest] + widths[longest] / 2), float(middle)


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
