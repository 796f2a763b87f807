from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile

from histoviewer.errors import ResultError, SourceError
from histoviewer.slides.geometry import Box, Region, Scale, Size
from histoviewer.slides.opening import open_slide
from histoviewer.slides.openslide import OpenSlideReader
from histoviewer.slides.picture import PictureSlide
from histoviewer.slides.pyramid_writer import write_pyramid
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.pictures import boxed, reduced, textured


def _write(folder: Path, slide: NumpySlide) -> Path:
    path = folder / "Срез 1.ome.tiff"
    write_pyramid(slide, path, tile=64)
    return path


@pytest.mark.parametrize("size", [(333, 205), (640, 448), (64, 64), (65, 1), (1, 1), (129, 300)])
def test_what_is_written_opens_with_all_levels_and_the_same_pixels(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    pixels = textured(*size)
    level, levels = pixels, [pixels]
    while max(level.shape[:2]) > 64:
        level = reduced(level, 2)
        levels.append(level)
    with open_slide(_write(tmp_path, NumpySlide(pixels, mpp=4.0))) as slide:
        assert slide.level_count == len(levels)
        for index, expected in enumerate(levels):
            read = slide.read_region(Region(0, 0, index, slide.level_dimensions[index]))
            np.testing.assert_array_equal(read, expected)
        assert slide.level_downsamples == tuple(float(1 << index) for index in range(len(levels)))


def test_boxes_lie_where_they_were_painted_on_every_level(tmp_path: Path) -> None:
    with open_slide(_write(tmp_path, NumpySlide(boxed()))) as slide:
        assert slide.level_count == 5
        for index in range(5):
            read = slide.read_region(Region(0, 0, index, slide.level_dimensions[index]))
            np.testing.assert_array_equal(read, reduced(boxed(), 1 << index))


@pytest.mark.parametrize("mpp", [0.499, 4.0, 0.2281750559028887, 28.9685])
@pytest.mark.parametrize("side", [50, 100])
def test_the_scale_comes_back_exactly(tmp_path: Path, mpp: float, side: int) -> None:
    with open_slide(_write(tmp_path, NumpySlide(textured(side, side), mpp=mpp))) as slide:
        assert slide.scale == Scale(mpp, "file tag")


def test_a_slide_without_scale_stays_without(tmp_path: Path) -> None:
    with open_slide(_write(tmp_path, NumpySlide(textured(100, 100), mpp=None))) as slide:
        assert slide.scale is None


def test_openslide_reads_level_0_and_its_scale(tmp_path: Path) -> None:
    with OpenSlideReader(_write(tmp_path, NumpySlide(boxed(), mpp=4.0))) as slide:
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, Size(640, 448))), boxed())
        assert slide.mpp == pytest.approx(4.0)


def test_other_programs_find_an_ome_tiff_with_levels(tmp_path: Path) -> None:
    with tifffile.TiffFile(_write(tmp_path, NumpySlide(boxed(), mpp=4.0))) as tiff:
        assert tiff.is_ome
        assert tiff.pages.first.is_tiled
        assert len(tiff.series) == 1
        assert len(tiff.series[0].levels) == 5
        assert 'PhysicalSizeX="4.0" PhysicalSizeXUnit="µm"' in tiff.ome_metadata


def test_level_0_is_read_once_and_in_tiles(tmp_path: Path) -> None:
    slide = NumpySlide(textured(333, 205))
    _write(tmp_path, slide)
    corners = {(region.x, region.y) for region in slide.reads}
    assert corners == set(itertools.product(range(0, 333, 64), range(0, 205, 64)))
    assert len(slide.reads) == len(corners)
    assert {region.level for region in slide.reads} == {0}


def test_a_slide_that_cannot_be_read_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = _write(tmp_path, NumpySlide(boxed()))
    before = path.read_bytes()
    with pytest.raises(SourceError, match="broken at 64, 128"):
        _write(tmp_path, NumpySlide(textured(200, 200), broken=[Box(100, 150, 1, 1)]))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_writing_again_replaces_the_file(tmp_path: Path) -> None:
    _write(tmp_path, NumpySlide(textured(200, 200)))
    with open_slide(_write(tmp_path, NumpySlide(boxed()))) as slide:
        assert slide.dimensions == Size(640, 448)


@pytest.mark.parametrize("target", ["missing/a.ome.tiff", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").touch()
    with pytest.raises(ResultError, match=f"Cannot write .*{target}"):
        write_pyramid(NumpySlide(boxed()), tmp_path / target)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """The system refuses to let a file grow, as it does on a full disk."""
    resource = pytest.importorskip("resource", reason="the limit is POSIX's")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_files_only")
def test_a_full_disk_leaves_no_half_a_file(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (600, 600, 3), dtype=np.uint8)
    with pytest.raises(ResultError, match=r"Cannot write .*: File too large"):
        _write(tmp_path, NumpySlide(noise))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.data
def test_a_real_slide_survives_the_way_through_the_file(slides_folder: Path, tmp_path: Path) -> None:
    with open_slide(slides_folder / "CMU-1-Small-Region.svs") as original:
        region = Region(700, 900, 0, Size(600, 500))
        part = PictureSlide(original.path, original.read_region(region), scale=original.scale)
        assert part.bounds == Box(0, 0, 600, 500)
        write_pyramid(part, tmp_path / "part.ome.tiff")
        with open_slide(tmp_path / "part.ome.tiff") as copy:
            assert copy.scale == original.scale
            pixels = copy.read_region(Region(0, 0, 0, Size(600, 500)))
            np.testing.assert_array_equal(pixels, original.read_region(region))
