"""The heat map as a picture that lies on its slide exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngInfo

from histoviewer.errors import ResultError
from histoviewer.results.colormaps import DEFAULT_COLORMAP, Below, colorize
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.png_stream import write_rgba_png
from histoviewer.slides.geometry import Size
from histoviewer.staging import staged
from histoviewer.translation import _

DISCLAIMER = "For research use only, not for diagnosis."

_MOST_PIXELS = 400_000_000
"""A glass slide of 75 x 25 mm has 117 million at 4 µm/px."""

_STRIP = 64
"""Rows of pixels that are in memory at once."""


def write_heatmap_png(
    path: Path,
    heatmap: Heatmap,
    slide_dimensions: Size,
    *,
    threshold: float,
    colormap: str = DEFAULT_COLORMAP,
    opacity: float = 1.0,
    below: Below = "show",
) -> None:
    """Write an RGBA picture of the whole slide, one pixel a pixel of the model, clear where not judged.

    ``slide_dimensions``: level-0 pixels. Its text chunks say what it is and how it was made. Raises
    ResultError when it cannot be written, or would be absurdly large.
    """
    facts = heatmap.store.facts
    step = facts.model_mpp / facts.mpp
    size = Size(max(1, round(slide_dimensions.width / step)), max(1, round(slide_dimensions.height / step)))
    if size.width * size.height > _MOST_PIXELS:
        message = _("Cannot write {path}: it would have {width} x {height} pixels. Check the slide's µm/px.")
        raise ResultError(message.format(path=path, width=size.width, height=size.height))
    colours = colorize(heatmap.values, threshold=threshold, colormap=colormap, opacity=opacity, below=below)
    strips = _enlarged(colours, heatmap, size, step)
    with staged(path) as file:
        write_rgba_png(file, size, strips, _texts(heatmap, step, threshold, colormap))


def _enlarged(
    colours: NDArray[np.uint8], heatmap: Heatmap, size: Size, step: float
) -> Iterator[NDArray[np.uint8]]:
    """Cells as strips of uint8 RGBA (rows, size.width, 4), from the top; a pixel takes the cell its middle
    lies in."""
    rows, columns, _channels = colours.shape
    # One clear row and column more, for all that lies outside.
    cells = np.zeros((rows + 1, columns + 1), np.uint32)
    cells[:rows, :columns] = colours.view(np.uint32)[:, :, 0]
    row_of = _cell_of_pixels(size.height, step, heatmap.y, heatmap.cell, rows)
    column_of = _cell_of_pixels(size.width, step, heatmap.x, heatmap.cell, columns)
    bare = _beyond_patches(heatmap, step, size)
    for top in range(0, size.height, _STRIP):
        pixels = np.take(np.take(cells, row_of[top : top + _STRIP], axis=0), column_of, axis=1)
        for down, across in bare[top // _STRIP]:
            pixels[max(down.start - top, 0) : down.stop - top, across] = 0
        yield pixels.view(np.uint8).reshape(*pixels.shape, 4)


def _cell_of_pixels(length: int, step: float, start: float, cell: float, cells: int) -> NDArray[np.intp]:
    """The cell of each pixel along an axis; ``cells``, one beyond the last, for those outside."""
    places = np.floor(((np.arange(length) + 0.5) * step - start) / cell).astype(np.intp)
    return np.where((places >= 0) & (places < cells), places, cells)


def _beyond_patches(heatmap: Heatmap, step: float, size: Size) -> list[list[tuple[slice, slice]]]:
    """Of each strip the rows and columns, of the whole picture, that a truncated patch does not cover: they
    were not judged."""
    strips: list[list[tuple[slice, slice]]] = [[] for _ in range(0, size.height, _STRIP)]
    for box in heatmap.bare():
        down = _pixels(box.y, box.y + box.height, step)
        across = _pixels(box.x, box.x + box.width, step)
        for strip in strips[max(down.start, 0) // _STRIP : -(-down.stop // _STRIP)]:
            strip.append((down, across))
    return strips


def _pixels(start: float, stop: float, step: float) -> slice:
    """Pixels whose middle lies between two level-0 positions."""
    return slice(math.ceil(start / step - 0.5), math.ceil(stop / step - 0.5))


def _texts(heatmap: Heatmap, step: float, threshold: float, colormap: str) -> PngInfo:
    facts = heatmap.store.facts
    texts = {
        "Software": f"HistoViewer {facts.app_version}",
        "Model": facts.model_title,
        "Model SHA-256": facts.model_sha256,
        "Run": heatmap.store.run_id,
        "Threshold": repr(float(threshold)),
        "Colour map": f"{colormap}, probability of malignancy, absolute from 0 to 1",
        "Scale": f"{facts.model_mpp:.6g} µm/px; the slide {facts.mpp:.6g} µm/px ({facts.scale_origin})",
        "Pixels judged": facts.pixels or "not recorded",
        "Origin": f"level-0 pixel 0, 0; {step:.6g} level-0 pixels a pixel",
        "Disclaimer": DISCLAIMER,
    }
    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    return info
