from __future__ import annotations

import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openslide
import pytest

from histoviewer.errors import SourceError
from histoviewer.slides import openslide as reader
from histoviewer.slides.geometry import Box, Region, Scale, Size
from histoviewer.slides.openslide import OpenSlideReader
from tests.helpers.pictures import (
    boxed,
    damage_tile,
    reduced,
    textured,
    write_slide,
    write_tiff_levels,
)


@pytest.fixture
def slide(tmp_path: Path) -> Iterator[OpenSlideReader]:
    with OpenSlideReader(write_slide(tmp_path / "slide.tif")) as slide:
        yield slide


def test_levels_and_scale_are_what_the_file_says(slide: OpenSlideReader) -> None:
    assert slide.level_dimensions == (Size(640, 448), Size(320, 224), Size(160, 112))
    assert slide.level_downsamples == (1.0, 2.0, 4.0)
    assert slide.scale == Scale(pytest.approx(0.5), "file tag")
    assert slide.bounds == Box(0, 0, 640, 448)
    assert slide.properties["openslide.vendor"] == "generic-tiff"
    assert slide.name == "slide.tif"


@pytest.mark.parametrize("level", [0, 1, 2])
def test_boxes_lie_where_they_were_painted_on_every_level(slide: OpenSlideReader, level: int) -> None:
    region = Region(0, 0, level, slide.level_dimensions[level])
    np.testing.assert_array_equal(slide.read_region(region), reduced(boxed(), 1 << level))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_positions_are_level_0_pixels_on_every_level(slide: OpenSlideReader, level: int) -> None:
    read = slide.read_region(Region(320, 32, level, Size(40, 30)))
    factor = 1 << level
    expected = reduced(boxed(), factor)[32 // factor :, 320 // factor :][:30, :40]
    np.testing.assert_array_equal(read, expected)


def test_a_region_reaching_outside_is_white_there(slide: OpenSlideReader) -> None:
    read = slide.read_region(Region(-100, -50, 0, Size(800, 600)))
    expected = np.full((600, 800, 3), 255, np.uint8)
    expected[50:498, 100:740] = boxed()
    np.testing.assert_array_equal(read, expected)


@pytest.mark.parametrize(("x", "y"), [(-5000, 0), (10_000, 0), (0, -5000), (0, 10_000)])
def test_a_region_wholly_outside_is_white(slide: OpenSlideReader, x: int, y: int) -> None:
    read = slide.read_region(Region(x, y, 1, Size(30, 20)))
    assert read.shape == (20, 30, 3)
    assert (read == 255).all()


def test_a_region_without_pixels_has_none(slide: OpenSlideReader) -> None:
    assert slide.read_region(Region(5, 5, 0, Size(0, 7))).shape == (7, 0, 3)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    pixels = np.dstack([boxed(), np.full((448, 640), 255, np.uint8)])
    pixels[100:200, :, 3] = 0
    path = write_tiff_levels(tmp_path / "rgba.tif", [pixels], extrasamples=["unassalpha"])
    expected = boxed()
    expected[100:200] = 255
    np.testing.assert_array_equal(
        OpenSlideReader(path).read_region(Region(0, 0, 0, Size(640, 448))), expected
    )


def test_four_threads_read_what_one_reads(tmp_path: Path) -> None:
    pixels = textured(900, 700)
    path = write_tiff_levels(tmp_path / "t.tif", [pixels, reduced(pixels, 2)])
    reader = OpenSlideReader(path)
    regions = [
        Region(x, y, (x + y) // 37 % 2, Size(90, 70)) for y in range(0, 700, 61) for x in range(0, 900, 61)
    ]
    serial = [reader.read_region(region) for region in regions]
    with ThreadPoolExecutor(4) as threads:
        parallel = list(threads.map(OpenSlideReader(path).read_region, regions))
    np.testing.assert_array_equal(np.stack(parallel), np.stack(serial))


def test_one_damaged_tile_does_not_spoil_the_rest(tmp_path: Path) -> None:
    path = damage_tile(write_slide(tmp_path / "slide.tif"), 0)
    slide = OpenSlideReader(path)
    with pytest.raises(SourceError, match=r"slide.tif at x=0, y=0"):
        slide.read_region(Region(0, 0, 0, Size(64, 64)))
    np.testing.assert_array_equal(slide.read_region(Region(64, 0, 0, Size(576, 448))), boxed()[:, 64:])


def test_threads_reading_sound_tiles_do_not_suffer_from_a_damaged_one(tmp_path: Path) -> None:
    slide = OpenSlideReader(damage_tile(write_slide(tmp_path / "slide.tif"), 0))
    regions = [Region(x, y, 0, Size(64, 64)) for y in range(0, 448, 64) for x in range(0, 640, 64)] * 3

    def read(region: Region) -> bool:
        try:
            pixels = slide.read_region(region)
        except SourceError:
            return False
        return np.array_equal(pixels, boxed()[region.y : region.y + 64, region.x : region.x + 64])

    with ThreadPoolExecutor(4) as threads:
        sound = list(threads.map(read, regions))
    assert sound == [(region.x, region.y) != (0, 0) for region in regions]


@pytest.mark.parametrize("error", [MemoryError("odd"), ValueError("odd"), AssertionError("odd")])
def test_whatever_the_library_raises_is_one_line(
    slide: OpenSlideReader, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(openslide.OpenSlide, "read_region", fail)
    with pytest.raises(SourceError, match=r"at x=3, y=4: odd"):
        slide.read_region(Region(3, 4, 0, Size(1, 1)))


def test_a_closed_slide_says_so(slide: OpenSlideReader) -> None:
    slide.close()
    with pytest.raises(SourceError, match="closed"):
        slide.read_region(Region(0, 0, 0, Size(1, 1)))


def test_a_file_that_openslide_refuses_is_named_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "new\nline.svs"
    path.write_text("not a slide")
    with pytest.raises(SourceError, match="OpenSlide cannot open") as refusal:
        OpenSlideReader(path)
    assert "\n" not in str(refusal.value)
    assert "line.svs" in str(refusal.value)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "levels", "mpp", "power"),
    [
        ("CMU-1-Small-Region.svs", 1, 0.499, 20),
        ("TCGA-CR-7395-01A-01-TS1.svs", 2, None, None),
        ("fluorescence_dapi.ndpi", 7, 0.2282, 40),
        ("camelyon_multiframe.dcm", 1, 28.9685, None),
        ("tiny_pyramid.tif", 2, 1000.0, None),
    ],
)
def test_real_slides_tell_their_levels_and_scale(
    slides_folder: Path, name: str, levels: int, mpp: float | None, power: float | None
) -> None:
    with OpenSlideReader(slides_folder / name) as slide:
        assert slide.level_count == levels
        assert (slide.scale and slide.scale.mpp) == (pytest.approx(mpp, rel=1e-3) if mpp else None)
        assert slide.objective_power == power
        assert slide.read_region(Region(0, 0, levels - 1, Size(50, 40))).shape == (40, 50, 3)


@pytest.mark.data
def test_a_dicom_that_openslide_refuses_says_why(slides_folder: Path) -> None:
    with pytest.raises(SourceError, match=r"pathml_small_dicom.dcm: Couldn't get image flavor"):
        OpenSlideReader(slides_folder / "pathml_small_dicom.dcm")


def test_slides_keep_what_openslide_has_decoded_together_until_the_last_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that many open slides take no more memory than a few."""
    monkeypatch.setattr(reader, "_caches", reader._Caches())  # not that of what other tests left open
    given: list[weakref.ref[openslide.OpenSlideCache]] = []
    monkeypatch.setattr(
        openslide.OpenSlide, "set_cache", lambda _slide, cache: given.append(weakref.ref(cache))
    )
    slides = [OpenSlideReader(write_slide(tmp_path / f"{name}.tif")) for name in "ab"]
    assert len({id(cache()) for cache in given}) == 1
    are_kept = []
    for slide in slides:
        are_kept.append([cache() is not None for cache in given])
        slide.close()
    are_kept.append([cache() is not None for cache in given])
    assert are_kept == [[True, True], [True, True], [False, False]]
