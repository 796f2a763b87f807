"""The heat map as a picture that lies on its slide exactly."""

from __future__ import annotations

import math
from pathlib import Path
from zlib import Z_RLE

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from histoviewer.errors import ResultError
from histoviewer.results.colormaps import DEFAULT_COLORMAP, Below, colorize
from histoviewer.results.heatmap import Heatmap
from histoviewer.slides.geometry import Size
from histoviewer.staging import staged
from histoviewer.translation import _

DISCLAIMER = "For research use only, not for diagnosis."

_MOST_PIXELS = 400_000_000
"""1.6 GB in memory: a glass slide of 75 x 25 mm has 117 million at 4 µm/px."""


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
    picture = Image.fromarray(_enlarged(colours, heatmap, size, step))
    with staged(path) as file:
        # Runs are all there is in squares of one colour: half the time, and no larger a file.
        picture.save(file, "PNG", pnginfo=_texts(heatmap, step, threshold, colormap), compress_type=Z_RLE)


def _enlarged(colours: NDArray[np.uint8], heatmap: Heatmap, size: Size, step: float) -> NDArray[np.uint8]:
    """Cells as uint8 RGBA (size.height, size.width, 4); a pixel takes the cell its middle lies in."""
    rows, columns, _channels = colours.shape
    # One clear row and column more, for all that lies outside.
    cells = np.zeros((rows + 1, columns + 1), np.uint32)
    cells[:rows, :columns] = colours.view(np.uint32)[:, :, 0]
    row_of = _cell_of_pixels(size.height, step, heatmap.y, heatmap.cell, rows)
    column_of = _cell_of_pixels(size.width, step, heatmap.x, heatmap.cell, columns)
    pixels = np.take(np.take(cells, column_of, axis=1), row_of, axis=0)  # whole rows are copied, not pixels
    _clear_beyond_patches(pixels, heatmap, step)
    return pixels.view(np.uint8).reshape(size.height, size.width, 4)


def _cell_of_pixels(length: int, step: float, start: float, cell: float, cells: int) -> NDArray[np.intp]:
    """The cell of each pixel along an axis; ``cells``, one beyond the last, for those outside."""
    places = np.floor(((np.arange(length) + 0.5) * step - start) / cell).astype(np.intp)
    return np.where((places >= 0) & (places < cells), places, cells)


def _clear_beyond_patches(pixels: NDArray[np.uint32], heatmap: Heatmap, step: float) -> None:
    """What a truncated patch does not cover was not judged."""
    for box in heatmap.bare():
        pixels[_pixels(box.y, box.y + box.height, step), _pixels(box.x, box.x + box.width, step)] = 0


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
