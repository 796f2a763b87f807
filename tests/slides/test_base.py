"""``Slide.read_box``: the right place, to a fraction of a pixel, from whichever level serves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box, Region, Size
from histoviewer.slides.openslide import OpenSlideReader
from histoviewer.slides.picture import PictureSlide
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.pictures import BOXES, boxed, reduced, textured, write_tiff_levels


def _picture(pixels: NDArray[np.uint8]) -> PictureSlide:
    return PictureSlide(Path("picture.png"), pixels)


def _centre_of_mass(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """x and y of ``_with_square``'s square, in pixels from the top left corner."""
    ink = 180.0 - pixels.mean(axis=2)
    rows, columns = np.mgrid[: ink.shape[0], : ink.shape[1]] + 0.5
    return float((ink * columns).sum() / ink.sum()), float((ink * rows).sum() / ink.sum())


def _with_square(width: int, height: int, left: int, top: int, side: int) -> NDArray[np.uint8]:
    # Away from 0 and 255, where the overshoot of bicubic resampling would be cut.
    pixels = np.full((height, width, 3), 180, np.uint8)
    pixels[top : top + side, left : left + side] = 90
    return pixels


def test_an_unscaled_box_gives_the_very_same_pixels() -> None:
    pixels = textured(300, 200)
    read = _picture(pixels).read_box(Box(13, 27, 90, 50), Size(90, 50))
    np.testing.assert_array_equal(read, pixels[27:77, 13:103])


def test_a_level_serves_a_box_of_its_own_scale_untouched() -> None:
    pixels = textured(1100, 800)
    read = _picture(pixels).read_box(Box(40, 20, 200, 100), Size(100, 50))
    np.testing.assert_array_equal(read, reduced(pixels, 2)[10:60, 20:120])


@pytest.mark.parametrize("x", [100.0, 100.25, 100.5, 99.9])
def test_a_box_at_a_fraction_of_a_pixel_is_placed_exactly(x: float) -> None:
    slide = _picture(_with_square(400, 300, 130, 90, 20))
    read = slide.read_box(Box(x, 60.75, 80, 80), Size(80, 80))
    assert _centre_of_mass(read) == pytest.approx((140 - x, 100 - 60.75), abs=0.02)


@pytest.mark.parametrize("factor", [1.7, 3.3, 5.1, 0.6])
def test_a_factor_that_is_not_whole_keeps_places(factor: float) -> None:
    slide = _picture(_with_square(2800, 1900, 1300, 900, 60))
    read = slide.read_box(Box(1251.3, 870.3, 300 * factor, 200 * factor), Size(300, 200))
    expected = ((1330 - 1251.3) / factor, (930 - 870.3) / factor)
    assert read.shape == (200, 300, 3)
    assert _centre_of_mass(read) == pytest.approx(expected, abs=0.02)


def test_levels_with_an_odd_downsample_keep_places(tmp_path: Path) -> None:
    pixels = _with_square(1500, 1200, 1200, 900, 60)
    path = write_tiff_levels(tmp_path / "odd.tif", [pixels, reduced(pixels, 3)])
    with OpenSlideReader(path) as slide:
        assert slide.level_downsamples == (1.0, 3.0)
        read = slide.read_box(Box(1101, 802, 360, 280), Size(90, 70))
    assert _centre_of_mass(read) == pytest.approx((129 / 4, 128 / 4), abs=0.02)


def test_a_downsample_that_is_not_whole_keeps_places(tmp_path: Path) -> None:
    # 1501 / 751 and 1201 / 600 make OpenSlide say 2.0002: far from the corner, boxes begin between pixels.
    pixels = _with_square(1501, 1201, 1300, 1000, 60)
    path = write_tiff_levels(tmp_path / "odd.tif", [pixels, reduced(pixels, 2)[:600]])
    with OpenSlideReader(path) as slide:
        assert slide.level_downsamples[1] == pytest.approx(2.0002, abs=1e-4)
        read = slide.read_box(Box(1101, 881, 396, 316), Size(99, 79))
    assert _centre_of_mass(read) == pytest.approx((229 / 4, 149 / 4), abs=0.05)


@pytest.mark.parametrize("factor", [1.0, 2.5, 4.0])
def test_neighbouring_boxes_meet_without_a_seam(factor: float) -> None:
    slide = _picture(textured(1600, 900))
    both = slide.read_box(Box(300.5, 200, 120 * factor, 60 * factor), Size(120, 60))
    left = slide.read_box(Box(300.5, 200, 60 * factor, 60 * factor), Size(60, 60))
    right = slide.read_box(Box(300.5 + 60 * factor, 200, 60 * factor, 60 * factor), Size(60, 60))
    np.testing.assert_allclose(np.hstack([left, right]).astype(int), both.astype(int), atol=1)


def test_a_box_partly_outside_is_white_there() -> None:
    read = _picture(textured(600, 400)).read_box(Box(500, -100, 300, 200), Size(100, 66))
    assert (read[:30] == 255).all()
    assert (read[:, 36:] == 255).all()
    assert (read[38:, :30] < 255).any()


def test_the_edge_of_a_slide_is_not_mixed_with_the_white_beyond() -> None:
    slide = _picture(np.zeros((900, 1200, 3), np.uint8))
    assert slide.read_box(Box(0, 0, 1200, 900), Size(100, 75)).max() == 0


def test_any_box_on_any_downsample_can_be_read(tmp_path: Path) -> None:
    pixels = textured(311, 233)
    slides: list[Slide] = [
        _picture(pixels),
        OpenSlideReader(
            write_tiff_levels(tmp_path / "a.tif", [pixels, reduced(pixels, 3), reduced(pixels, 7)])
        ),
    ]
    random = np.random.default_rng(3)
    for slide in slides:
        for x, y, side, factor in random.uniform((-50, -50, 1, 0.3), (300, 230, 60, 9), (100, 4)):
            size = Size(max(1, int(side)), max(1, int(side * 0.7)))
            read = slide.read_box(Box(x, y, size.width * factor, size.height * factor), size)
            assert read.shape == (size.height, size.width, 3)
        slide.close()


def test_the_best_level_is_the_coarsest_that_is_fine_enough() -> None:
    slide = _picture(boxed(2100, 1000))
    assert slide.level_downsamples == (1, 2, 4, 8)
    asked = (0.5, 1, 1.9, 2, 3.97, 7.9, 100)
    assert [slide.best_level_for_downsample(d) for d in asked] == [0, 0, 0, 1, 2, 2, 3]


@pytest.mark.data
def test_levels_of_a_real_slide_show_the_same_place(slides_folder: Path) -> None:
    """The TCGA slide has a downsample of 2.0005; level 1 must agree with level 0 to well under a pixel."""
    with OpenSlideReader(slides_folder / "TCGA-CR-7395-01A-01-TS1.svs") as slide:
        box, size = Box(3001, 2403, 800, 800), Size(200, 200)
        from_level_1 = slide.read_box(box, size).astype(float)
        level_0 = slide.read_region(Region(3001, 2403, 0, Size(800, 800)))
    from_level_0 = reduced(level_0, 4).astype(float)
    differences = [
        np.abs(from_level_1[8:-8, 8:-8] - np.roll(from_level_0, (dy, dx), (0, 1))[8:-8, 8:-8]).mean()
        for dy, dx in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))
    ]
    assert differences[0] < 0.5 * min(differences[1:])


def test_boxes_are_asymmetric() -> None:
    pixels = boxed()
    assert not np.array_equal(pixels, pixels[:, ::-1])
    assert not np.array_equal(pixels, pixels[::-1])
    assert len({colour for colour, _ in BOXES}) == 3


@pytest.mark.parametrize(("claimed", "mpp"), [(0.25, 0.25), (1000.0, None), (0.001, None), (None, None)])
def test_a_scale_that_cannot_be_is_told_and_measures_nothing(
    claimed: float | None, mpp: float | None
) -> None:
    slide = NumpySlide(boxed(), mpp=claimed)
    assert (slide.scale and slide.scale.mpp) == claimed
    assert slide.mpp == mpp
