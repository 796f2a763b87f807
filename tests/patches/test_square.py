"""The square under a place has the pixels that the model gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.patch import Block, block_numbers
from histoviewer.patches.square import SquareReader, square_around, square_of_patch
from histoviewer.slides.geometry import Box
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.patch_folders import idc_name, write_patch
from tests.helpers.pictures import textured


def a_grid(**options: object) -> SlideSource:
    """200 level-0 pixels a patch of 50, on a slide that cuts the last ones off."""
    slide = NumpySlide(textured(1130, 470), mpp=1.0, **options)  # type: ignore[arg-type]
    return SlideSource(slide, input_size=50, model_mpp=4.0, tissue_only=False)


def test_a_patch_of_a_grid_is_read_as_for_the_model() -> None:
    source, reader = a_grid(), SquareReader()
    homes = block_numbers(source)
    for block in source.blocks():
        expected = source.read(block)
        for row, pixels in zip(expected.patches.tolist(), expected.pixels, strict=True):
            square = square_of_patch(source, "numpy", row, block=int(homes[row]), model_mpp=4.0)
            assert np.array_equal(reader.read(square), pixels)
            assert (square.box.width, square.box.height) == (200, 200), "true size, be it beyond the slide"


def test_between_patches_it_is_the_square_around_the_place() -> None:
    source = a_grid()
    square = square_around(source, "numpy", 300.0, 100.0, model_mpp=4.0)
    assert square.box == Box(200.0, 0.0, 200.0, 200.0)
    patch = square_of_patch(source, "numpy", 1, block=0, model_mpp=4.0)
    reader = SquareReader()
    difference = np.abs(reader.read(square).astype(int) - reader.read(patch))
    assert difference.max() <= 1, "the same place, read alone"


def test_a_patch_of_a_folder_is_its_file(tmp_path: Path) -> None:
    for x in (0, 50):
        write_patch(tmp_path, idc_name(x=x))
    write_patch(tmp_path, idc_name(x=100), np.full((50, 30, 3), 90, np.uint8))
    source, reader = FolderSource(tmp_path, input_size=50, model_mpp=4.0), SquareReader()
    for row in range(3):
        square = square_of_patch(source, "10253", row, block=0, model_mpp=4.0)
        expected = source.read(Block(0, np.array([row], np.intp))).pixels[0]
        assert np.array_equal(reader.read(square), expected)


def test_what_cannot_be_read_says_so_and_its_neighbours_can() -> None:
    source, reader = a_grid(broken=[Box(210, 10, 20, 20)]), SquareReader()
    with pytest.raises(SourceError, match="broken"):
        reader.read(square_of_patch(source, "numpy", 1, block=0, model_mpp=4.0))
    assert reader.read(square_of_patch(source, "numpy", 4, block=0, model_mpp=4.0)).shape == (50, 50, 3)


def test_the_neighbours_of_a_patch_come_without_reading_again() -> None:
    source, reader = a_grid(), SquareReader()
    reader.read(square_of_patch(source, "numpy", 0, block=0, model_mpp=4.0))
    slide = source.slide("numpy")
    assert isinstance(slide, NumpySlide)
    before = len(slide.reads)
    reader.read(square_of_patch(source, "numpy", 1, block=0, model_mpp=4.0))
    assert len(slide.reads) == before
    reader.forget()
    reader.read(square_of_patch(source, "numpy", 1, block=0, model_mpp=4.0))
    assert len(slide.reads) > before
