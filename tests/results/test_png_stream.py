"""PNG files that are written strip by strip."""

from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from histoviewer.results.png_stream import write_rgba_png
from histoviewer.slides.geometry import Size


def written(pixels: NDArray[np.uint8], heights: list[int], texts: PngInfo | None = None) -> io.BytesIO:
    """A file of these pixels in strips of these heights."""
    file = io.BytesIO()
    strips = np.split(pixels, np.cumsum(heights)[:-1])
    write_rgba_png(file, Size(pixels.shape[1], pixels.shape[0]), strips, texts or PngInfo())
    file.seek(0)
    return file


def squares(rows: int, columns: int) -> NDArray[np.uint8]:
    """Random colours, seven pixels each along a side."""
    colours = np.random.default_rng(1).integers(0, 256, (rows, columns, 4), np.uint8)
    return colours.repeat(7, axis=0).repeat(7, axis=1)


@pytest.mark.parametrize("heights", [[35], [1, 34], [7, 7, 21], [20, 15]])
def test_every_pixel_comes_back_however_it_is_cut(heights: list[int]) -> None:
    pixels = squares(5, 9)
    with Image.open(written(pixels, heights)) as picture:
        picture.load()
        assert picture.mode == "RGBA"
        assert np.array_equal(np.asarray(picture), pixels)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (33, 57)])
def test_pictures_of_anything_are_written_as_well(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (*size, 4), np.uint8)
    with Image.open(written(noise, [size[0]])) as picture:
        assert np.array_equal(np.asarray(picture), noise)


def test_its_texts_are_read_by_others() -> None:
    texts = PngInfo()
    texts.add_text("Model", "a model")
    texts.add_text("Scale", "0.25 µm/px, щ")
    with Image.open(written(squares(2, 2), [14], texts)) as picture:
        assert picture.text == {"Model": "a model", "Scale": "0.25 µm/px, щ"}


def test_it_takes_the_memory_of_a_strip_and_little_room() -> None:
    strip = squares(2, 1000)[:10]
    file = io.BytesIO()
    tracemalloc.start()
    try:
        write_rgba_png(file, Size(7000, 4000), (strip for _ in range(400)), PngInfo())
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * strip.nbytes + 2 * len(file.getvalue())
    assert len(file.getvalue()) < 7000 * 4000 * 4 / 20
