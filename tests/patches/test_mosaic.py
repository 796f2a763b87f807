"""Patches rebuilt as a slide: each pixel in its place, on every level."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from histoviewer.patches.mosaic import MosaicSlide, canvas_size
from histoviewer.slides.geometry import Box, Region, Scale, Size
from tests.helpers.patch_folders import painted


class Patches:
    """Painted patches on a 12 x 9 grid with a gap, a broken one, and a truncated last column and row."""

    def __init__(self) -> None:
        row, column = np.indices((9, 12)).reshape(2, -1)
        is_there = ~((row == 2) & (column < 5))
        self.x = (column[is_there] * 50).astype(np.int32)
        self.y = (row[is_there] * 50).astype(np.int32)
        self.broken = int(np.flatnonzero((self.x == 300) & (self.y == 200))[0])
        self.reads: list[int] = []
        self._lock = threading.Lock()

    def size_of(self, i: int) -> Size | None:
        if i == self.broken:
            return None
        return Size(32 if self.x[i] == 550 else 50, 42 if self.y[i] == 400 else 50)

    def pixels(self, i: int) -> NDArray[np.uint8] | None:
        with self._lock:
            self.reads.append(i)
        size = self.size_of(i)
        return size and painted(size.width, size.height, shade=i)

    def canvas(self) -> NDArray[np.uint8]:
        """What the slide should look like, made another way."""
        canvas = Image.new("RGB", (582, 442), "white")
        for i, (x, y) in enumerate(zip(self.x.tolist(), self.y.tolist(), strict=True)):
            size = self.size_of(i)
            if size:
                canvas.paste(Image.fromarray(painted(size.width, size.height, shade=i)), (x, y))
        return np.asarray(canvas)


@pytest.fixture
def patches() -> Patches:
    return Patches()


@pytest.fixture
def slide(patches: Patches) -> MosaicSlide:
    size = canvas_size(patches.x, patches.y, patch_size=50, size_of=patches.size_of)
    return MosaicSlide(
        Path("folder"),
        "8867",
        x=patches.x,
        y=patches.y,
        patch_size=50,
        size=size,
        scale=Scale(4.0, "data set"),
        read_patch=patches.pixels,
    )


def test_the_canvas_ends_where_the_truncated_patches_end(slide: MosaicSlide) -> None:
    assert slide.dimensions == Size(582, 442)
    assert slide.bounds == Box(0, 0, 582, 442)
    assert slide.mpp == 4.0


def test_only_the_last_column_and_row_are_asked_for_their_size(patches: Patches) -> None:
    asked: list[int] = []

    def size_of(i: int) -> Size | None:
        asked.append(i)
        return patches.size_of(i)

    canvas_size(patches.x, patches.y, patch_size=50, size_of=size_of)
    assert {i for i in asked if patches.x[i] < 550 and patches.y[i] < 400} == set()


def test_a_last_patch_that_cannot_be_read_counts_as_a_whole_one() -> None:
    x, y = np.array([0, 50], np.int32), np.array([0, 0], np.int32)
    assert canvas_size(x, y, patch_size=50, size_of=lambda _: None) == Size(100, 50)


def test_level_0_holds_every_pixel_in_place_and_white_in_the_gaps(
    slide: MosaicSlide, patches: Patches
) -> None:
    assert np.array_equal(slide.read_region(Region(0, 0, 0, slide.dimensions)), patches.canvas())


def test_a_region_reads_just_the_patches_it_touches(slide: MosaicSlide, patches: Patches) -> None:
    pixels = slide.read_region(Region(99, 149, 0, Size(52, 2)))
    assert np.array_equal(pixels, patches.canvas()[149:151, 99:151])
    places = sorted((int(patches.x[i]), int(patches.y[i])) for i in patches.reads)
    assert places == [(50, 150), (100, 150), (150, 150)]


def test_beyond_the_canvas_is_white(slide: MosaicSlide, patches: Patches) -> None:
    pixels = slide.read_region(Region(-10, 430, 0, Size(30, 30)))
    assert np.array_equal(pixels[:12, 10:], patches.canvas()[430:, :20])
    assert (pixels[:, :10] == 255).all()
    assert (pixels[12:] == 255).all()


def test_coarser_levels_are_means_of_level_0(slide: MosaicSlide, patches: Patches) -> None:
    assert slide.level_downsamples == (1.0, 4.0)
    assert slide.level_dimensions == (Size(582, 442), Size(146, 111))
    level = slide.read_region(Region(0, 0, 1, Size(146, 111)))
    whole = patches.canvas()[:440, :580].reshape(110, 4, 145, 4, 3).mean(axis=(1, 3))
    assert np.abs(level[:110, :145] - whole).max() <= 0.5
    corner = patches.canvas()[440:, 580:].reshape(-1, 3).mean(axis=0)
    assert np.abs(level[110, 145] - corner).max() <= 0.5


def test_a_region_of_a_coarser_level_lies_where_level_0_says(slide: MosaicSlide) -> None:
    level = slide.read_region(Region(0, 0, 1, Size(146, 111)))
    part = slide.read_region(Region(400, 200, 1, Size(60, 20)))
    assert np.array_equal(part[:, :46], level[50:70, 100:])
    assert (part[:, 46:] == 255).all()


def test_coarser_levels_read_each_patch_once_even_from_several_threads(
    slide: MosaicSlide, patches: Patches
) -> None:
    with ThreadPoolExecutor(4) as threads:
        regions = [Region(0, 0, 1, Size(146, 111))] * 8
        first, *others = threads.map(slide.read_region, regions)
    assert all(np.array_equal(first, other) for other in others)
    assert sorted(patches.reads) == list(range(len(patches.x)))


def test_levels_go_on_until_one_fits_a_small_picture() -> None:
    slide = MosaicSlide(
        Path("folder"),
        "wide",
        x=np.array([0, 4950], np.int32),
        y=np.array([0, 2550], np.int32),
        patch_size=50,
        size=Size(5000, 2600),
        scale=Scale(4.0, "data set"),
        read_patch=lambda _: painted(shade=7),
    )
    assert slide.level_dimensions == (Size(5000, 2600), Size(1250, 650), Size(313, 163), Size(79, 41))
    last = slide.read_region(Region(0, 0, 3, Size(79, 41)))
    assert last[0, 0].max() < 255
    assert (last[20, 40] == 255).all()
    assert last[40, 77].min() < 255


def test_names_that_claim_a_huge_canvas_do_not_fill_the_memory() -> None:
    slide = MosaicSlide(
        Path("folder"),
        "huge",
        x=np.array([0, 99_900], np.int32),
        y=np.array([0, 99_900], np.int32),
        patch_size=50,
        size=Size(99_950, 99_950),
        scale=Scale(4.0, "data set"),
        read_patch=lambda _: None,
    )
    assert max(size.width * size.height for size in slide.level_dimensions[1:]) <= 64 << 20
