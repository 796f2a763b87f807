"""What is read past OpenSlide is what OpenSlide reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import openslide
import pytest
from numpy.typing import NDArray
from PIL import Image
from tifffile import TiffFile, TiffPage, TiffWriter

from histoviewer.errors import SourceError
from histoviewer.slides.geometry import Box, Region, Size
from histoviewer.slides.openslide import OpenSlideReader
from histoviewer.slides.straight_tiles import straight_tiles
from tests.helpers.pictures import damage_tile, textured

WIDTH, HEIGHT = 1003, 701
"""Odd, so that the coarser levels are not a whole number of times smaller."""


def _write(path: Path, sizes: list[tuple[int, int]] | None = None, **page: Any) -> Path:
    """An Aperio slide with JPEG tiles of 128 pixels, not filled up at the edges of the levels."""
    sizes = sizes or [(WIDTH, HEIGHT), (WIDTH // 4, HEIGHT // 4), (WIDTH // 16, HEIGHT // 16)]
    pixels = textured(WIDTH, HEIGHT)
    with TiffWriter(path) as writer:
        for index, size in enumerate(sizes):
            level = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
            given: dict[str, Any] = {
                "tile": (128, 128),
                "photometric": "rgb",
                "compression": "jpeg",
                "compressionargs": {"level": 90},
                "subfiletype": int(index > 0),
                "metadata": None,
                "description": f"Aperio Image Library\n{size[0]}x{size[1]}|AppMag = 20|MPP = 0.5",
            }
            writer.write(level, **{**given, **page})
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return _write(tmp_path / "slide.svs")


@pytest.fixture
def openslide_reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What OpenSlide was asked for, from now on."""
    reads: list[tuple[Any, ...]] = []
    original = openslide.OpenSlide.read_region

    def read(slide: openslide.OpenSlide, *asked: Any) -> Image.Image:
        reads.append(asked)
        return original(slide, *asked)

    monkeypatch.setattr(openslide.OpenSlide, "read_region", read)
    return reads


def _by_openslide(path: Path, region: Region) -> NDArray[np.uint8]:
    with openslide.OpenSlide(path) as slide:
        asked = (region.x, region.y), region.level, (region.size.width, region.size.height)
        image = slide.read_region(*asked)
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return np.asarray(white)


@pytest.mark.parametrize("photometric", ["rgb", "ycbcr"])
@pytest.mark.parametrize("description", [{}, {"description": ""}], ids=["aperio", "generic"])
def test_every_pixel_is_openslides(tmp_path: Path, photometric: str, description: dict[str, str]) -> None:
    path = _write(tmp_path / "slide.tif", photometric=photometric, **description)
    with OpenSlideReader(path) as slide:
        assert slide.reads_whole_pixels
        assert slide.is_complete
        for x, y, width, height in np.random.default_rng(2).integers(
            (-90, -90, 1, 1), (990, 690, 300, 300), (40, 4)
        ):
            region = Region(int(x), int(y), 0, Size(int(width), int(height)))
            np.testing.assert_array_equal(slide.read_region(region), _by_openslide(path, region))


@pytest.mark.parametrize("level", [1, 2])
def test_coarser_levels_are_openslides_where_they_begin_on_a_pixel(tmp_path: Path, level: int) -> None:
    sizes = [(1024, 768), (256, 192), (64, 48)]
    path = _write(tmp_path / "slide.svs", sizes)
    with OpenSlideReader(path) as slide:
        for column, row in ((0, 0), (7, 3), (-5, 20), (50, 40)):
            region = Region(column * 4**level, row * 4**level, level, Size(90, 70))
            np.testing.assert_array_equal(slide.read_region(region), _by_openslide(path, region))


def test_openslide_is_not_asked_for_whole_pixels(path: Path, openslide_reads: list[tuple[Any, ...]]) -> None:
    with OpenSlideReader(path) as slide:
        openslide_reads.clear()
        slide.read_region(Region(3, 5, 0, Size(200, 200)))
        slide.read_box(Box(100, 60, 256, 256), Size(64, 64))
        assert openslide_reads == []
        slide.read_region(Region(2, 2, 1, Size(20, 20)))
        assert openslide_reads == [((2, 2), 1, (20, 20))]


def test_neighbouring_boxes_of_a_level_that_does_not_fit_meet_without_a_seam(path: Path) -> None:
    """Level 1 is 4.01 times smaller, so that its pixels begin between those of level 0."""
    with OpenSlideReader(path) as slide:
        whole = slide.read_box(Box(0, 0, 512, 512), Size(128, 128)).astype(int)
        halves = [slide.read_box(Box(x, 0, 256, 512), Size(64, 128)) for x in (0, 256)]
    assert np.abs(whole - np.hstack(halves)).max() <= 2


def test_a_level_that_does_not_fit_lies_as_exactly_as_in_openslide(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, size = Box(200, 100, 400, 400), Size(100, 100)
    whole = Image.fromarray(textured(WIDTH, HEIGHT))
    truth = np.asarray(whole.resize((100, 100), Image.Resampling.BOX, (200, 100, 600, 500))).astype(float)
    with OpenSlideReader(path) as slide:
        straight = slide.read_box(box, size)
        monkeypatch.setattr(slide, "_read_straight", lambda _region: None)
        slide.reads_whole_pixels = False
        interpolated = slide.read_box(box, size)
    assert np.abs(straight - truth).mean() <= np.abs(interpolated - truth).mean()


@pytest.mark.parametrize(
    "page",
    [
        {"compression": "zlib", "compressionargs": None},
        {"tile": None, "rowsperstrip": 64},
    ],
    ids=["another compression", "strips"],
)
def test_what_is_not_plain_is_left_to_openslide(tmp_path: Path, page: dict[str, Any]) -> None:
    path = _write(tmp_path / "slide.svs", [(WIDTH, HEIGHT)], **page)
    assert straight_tiles(path, [Size(WIDTH, HEIGHT)]) is None


def test_gaps_are_left_to_openslide(path: Path) -> None:
    with TiffFile(path) as file:
        tag = file.pages[0].tags["TileByteCounts"]
        counts = list(tag.value)
        kind = tag.dtype
        place = tag.valueoffset
    width = {3: 2, 4: 4, 16: 8}[int(kind)]
    content = bytearray(path.read_bytes())
    content[place + 5 * width : place + 6 * width] = bytes(width)
    path.write_bytes(content)
    with TiffFile(path) as file:
        assert file.pages[0].databytecounts[5] == 0 < counts[5]
    assert straight_tiles(path, [Size(WIDTH, HEIGHT)]) is None


def test_two_pages_of_one_size_are_left_to_openslide(tmp_path: Path) -> None:
    path = _write(tmp_path / "slide.svs", [(400, 300), (400, 300)])
    assert straight_tiles(path, [Size(400, 300)]) is None


def test_other_pixels_than_openslides_are_not_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "histoviewer.slides.tiff_pixels.TiffPixels.read", lambda *_: np.zeros((64, 64, 3), np.uint8)
    )
    with OpenSlideReader(path) as slide:
        assert not slide.reads_whole_pixels
        region = Region(0, 0, 0, Size(80, 80))
        np.testing.assert_array_equal(slide.read_region(region), _by_openslide(path, region))


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_tile_that_ends_early_or_has_lost_its_middle_is_no_grey_tissue(path: Path, part: float) -> None:
    with TiffFile(path) as file:
        page = file.pages[0]
        assert isinstance(page, TiffPage)
        start, count = page.dataoffsets[9], page.databytecounts[9]
    whole = path.read_bytes()
    lost = bytearray(whole)
    lost[start + count // 2 : start + count // 2 + 200] = bytes(200)
    early = bytearray(whole)
    early[start + int(part * count) : start + count] = bytes([0]) * (count - int(part * count))
    region = Region(128, 128, 0, Size(128, 128))
    for damaged in (lost, early):
        path.write_bytes(damaged)
        with OpenSlideReader(path) as slide, pytest.raises(SourceError, match="x=128, y=128"):
            slide.read_region(region)


def test_a_damaged_tile_is_told_and_the_rest_is_read(path: Path) -> None:
    damage_tile(path, 9)
    with OpenSlideReader(path) as slide:
        with pytest.raises(SourceError, match=r"slide.svs at x=128, y=128"):
            slide.read_region(Region(128, 128, 0, Size(128, 128)))
        region = Region(256, 128, 0, Size(128, 128))
        np.testing.assert_array_equal(slide.read_region(region), _by_openslide(path, region))


def test_a_slide_closed_while_threads_read_it_says_so(path: Path) -> None:
    slide = OpenSlideReader(path)
    regions = [Region(x, y, 0, Size(64, 64)) for y in range(0, 640, 8) for x in range(0, 960, 32)]

    def read(region: Region) -> str:
        if region is regions[300]:
            slide.close()
        try:
            return str(slide.read_region(region).shape)
        except SourceError as error:
            return str(error)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(read, regions))
    assert found[0] == "(64, 64, 3)"
    assert "closed" in found[-1]
    assert all("closed" in told for told in found if told != "(64, 64, 3)")


@pytest.mark.data
@pytest.mark.parametrize("name", ["CMU-1-Small-Region.svs", "TCGA-CR-7395-01A-01-TS1.svs"])
def test_real_slides_are_openslides_pixel_for_pixel(slides_folder: Path, name: str) -> None:
    with OpenSlideReader(slides_folder / name) as slide:
        assert slide.reads_whole_pixels
        width, height = slide.dimensions.width, slide.dimensions.height
        for x, y in np.random.default_rng(4).integers((-50, -50), (width, height), (12, 2)):
            region = Region(int(x), int(y), 0, Size(300, 200))
            np.testing.assert_array_equal(
                slide.read_region(region), _by_openslide(slides_folder / name, region)
            )
