from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from histoviewer.errors import SourceError
from histoviewer.slides.geometry import Box, Region, Scale, Size
from histoviewer.slides.tiff_levels import TiffSlide
from tests.helpers.pictures import boxed, cut_off, damage_tile, reduced, textured, write_tiff_levels


def _pyramid(path: Path, *, in_subifds: bool = True) -> Path:
    levels = [boxed(), reduced(boxed(), 2), reduced(boxed(), 4)]
    return write_tiff_levels(path, levels, in_subifds=in_subifds, ome_mpp=0.25 if in_subifds else None)


@pytest.mark.parametrize("in_subifds", [True, False])
def test_levels_are_found_wherever_they_lie(tmp_path: Path, in_subifds: bool) -> None:
    with TiffSlide(_pyramid(tmp_path / "a.ome.tif", in_subifds=in_subifds)) as slide:
        assert slide.level_dimensions == (Size(640, 448), Size(320, 224), Size(160, 112))
        assert slide.level_downsamples == (1.0, 2.0, 4.0)
        assert slide.scale == (Scale(0.25, "file tag") if in_subifds else None)
        assert slide.bounds == Box(0, 0, 640, 448)
        for level in range(3):
            read = slide.read_region(Region(0, 0, level, slide.level_dimensions[level]))
            np.testing.assert_array_equal(read, reduced(boxed(), 1 << level))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_positions_are_level_0_pixels_on_every_level(tmp_path: Path, level: int) -> None:
    with TiffSlide(_pyramid(tmp_path / "a.tif")) as slide:
        read = slide.read_region(Region(320, 32, level, Size(40, 30)))
    factor = 1 << level
    np.testing.assert_array_equal(read, reduced(boxed(), factor)[32 // factor :, 320 // factor :][:30, :40])


@pytest.mark.parametrize("tile", [{"tile": (64, 48)}, {"rowsperstrip": 7}])
def test_regions_inside_across_and_outside_tiles_and_strips(tmp_path: Path, tile: dict[str, object]) -> None:
    pixels = textured(205, 139)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", **tile)
    around = np.full((700, 700, 3), 255, np.uint8)
    around[200:339, 200:405] = pixels
    with TiffSlide(tmp_path / "a.tif") as slide:
        for x, y, width, height in np.random.default_rng(5).integers(
            (-200, -200, 1, 1), (200, 200, 200, 200), (60, 4)
        ):
            read = slide.read_region(Region(int(x), int(y), 0, Size(int(width), int(height))))
            np.testing.assert_array_equal(read, around[200 + y : 200 + y + height, 200 + x : 200 + x + width])


def test_four_threads_read_what_one_reads(tmp_path: Path) -> None:
    pixels = textured(900, 700)
    path = write_tiff_levels(
        tmp_path / "t.tif", [pixels, reduced(pixels, 2)], in_subifds=True, compression="jpeg"
    )
    regions = [
        Region(x, y, (x + y) // 37 % 2, Size(90, 70)) for y in range(0, 700, 61) for x in range(0, 900, 61)
    ]
    with TiffSlide(path) as one, TiffSlide(path) as four, ThreadPoolExecutor(4) as threads:
        parallel = list(threads.map(four.read_region, regions))
        np.testing.assert_array_equal(np.stack(parallel), np.stack([one.read_region(r) for r in regions]))


def test_only_the_tiles_that_a_region_touches_are_decoded(tmp_path: Path) -> None:
    path = _pyramid(tmp_path / "a.tif")
    for index in range(1, 70):
        damage_tile(path, index)
    with TiffSlide(path) as slide:
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, Size(64, 64))), boxed()[:64, :64])
        with pytest.raises(SourceError, match=r"a.tif: .*damaged"):
            slide.read_region(Region(0, 0, 0, Size(65, 64)))
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 2, Size(160, 112))), reduced(boxed(), 4))


def test_three_channels_apart_are_red_green_and_blue(tmp_path: Path) -> None:
    planes = boxed().transpose(2, 0, 1)
    tifffile.imwrite(
        tmp_path / "a.ome.tif", planes, photometric="minisblack", metadata={"axes": "CYX"}, tile=(64, 64)
    )
    with TiffSlide(tmp_path / "a.ome.tif") as slide:
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, slide.dimensions)), boxed())
        assert not slide.is_8_bit


@pytest.mark.parametrize("axes", ["ZYX", "CYX"])
def test_of_other_stacks_the_first_plane_is_the_slide(tmp_path: Path, axes: str) -> None:
    planes = np.stack([boxed()[..., 0], boxed()[..., 1], boxed()[..., 2], boxed()[..., 0]])
    tifffile.imwrite(tmp_path / "a.ome.tif", planes, photometric="minisblack", metadata={"axes": axes})
    with TiffSlide(tmp_path / "a.ome.tif") as slide:
        read = slide.read_region(Region(0, 0, 0, slide.dimensions))
    np.testing.assert_array_equal(read, np.repeat(boxed()[..., :1], 3, axis=2))


def test_the_largest_picture_of_a_file_is_the_slide(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        for pixels in (boxed()[:50, :60], boxed(), boxed()[:20, :20]):
            writer.write(pixels, photometric="rgb", metadata=None)
    with TiffSlide(tmp_path / "a.tif") as slide:
        assert slide.level_dimensions == (Size(640, 448),)


@pytest.mark.parametrize("width", [102, 103])
def test_a_rounded_half_is_still_a_half(tmp_path: Path, width: int) -> None:
    pixels = textured(205, 411)
    path = write_tiff_levels(tmp_path / "a.tif", [pixels, reduced(pixels, 2)[:205, :width]], in_subifds=True)
    with TiffSlide(path) as slide:
        assert slide.level_downsamples == (1.0, 2.0)


def test_a_level_that_is_no_whole_reduction_has_the_mean_ratio(tmp_path: Path) -> None:
    levels = [textured(300, 200), textured(120, 80)]
    path = write_tiff_levels(tmp_path / "a.ome.tif", levels, in_subifds=True, ome_mpp=1)
    with TiffSlide(path) as slide:
        assert slide.level_downsamples == (1.0, 2.5)


def test_a_gap_in_the_file_is_white(tmp_path: Path) -> None:
    tiles = iter([boxed()[:64, :64], None])
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(
            tiles, shape=(64, 128, 3), dtype=np.uint8, tile=(64, 64), photometric="rgb", compression="zlib"
        )
    with TiffSlide(tmp_path / "a.tif") as slide:
        read = slide.read_region(Region(0, 0, 0, Size(128, 64)))
    np.testing.assert_array_equal(read[:, :64], boxed()[:64, :64])
    assert (read[:, 64:] == 255).all()


def test_a_file_cut_off_is_refused_or_fails_where_it_ends(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", textured(300, 200), photometric="rgb", tile=(64, 64))
    with TiffSlide(cut_off(tmp_path / "a.tif")) as slide:
        assert slide.read_region(Region(0, 0, 0, Size(64, 64))).min() < 255
        with pytest.raises(SourceError, match=r"a.tif: the file ends early"):
            slide.read_region(Region(250, 150, 0, Size(10, 10)))
    with pytest.raises(SourceError, match=r"a.tif"):
        TiffSlide(cut_off(tmp_path / "a.tif", keep=0.001))


@pytest.mark.parametrize("keep", [0.9, 0.5, 0.1])
def test_a_file_cut_off_before_what_describes_it_says_that_no_picture_is_found(
    tmp_path: Path, keep: float
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.tif")
    content = (tmp_path / "a.tif").read_bytes()
    pixels_first = b"II*\0" + (len(content)).to_bytes(4, "little") + content[8:]
    (tmp_path / "a.tif").write_bytes(pixels_first)
    with pytest.raises(SourceError, match=r"a.tif: no picture is found in it\. .* copy it again"):
        TiffSlide(cut_off(tmp_path / "a.tif", keep=keep))


@pytest.mark.parametrize(("level", "is_heard"), [(logging.WARNING, False), (logging.DEBUG, True)])
def test_what_tifffile_logs_of_a_damaged_file_is_heard_only_in_debugging(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, level: int, is_heard: bool
) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\0\xff\xff\0\0" + bytes(1000))
    with caplog.at_level(level), pytest.raises(SourceError, match="no picture is found"):
        TiffSlide(tmp_path / "a.tif")
    assert bool(caplog.records) is is_heard


@pytest.mark.parametrize("error", [AssertionError("odd"), BufferError("odd"), MemoryError()])
def test_whatever_tifffile_raises_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = _pyramid(tmp_path / "a.tif")

    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(tifffile.TiffPage, "decode", fail)
    with TiffSlide(path) as slide, pytest.raises(SourceError, match=f"a.tif: {error or 'MemoryError'}"):
        slide.read_region(Region(0, 0, 0, Size(10, 10)))


def test_of_a_strip_that_ends_early_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a gigabyte, and is asked for again for each patch."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, textured(600, 400), photometric="rgb")
    with TiffSlide(cut_off(path, keep=0.9)) as slide:
        asked: list[int] = []
        monkeypatch.setattr(tifffile.FileHandle, "read", lambda _file, count=-1: asked.append(count))
        for _ in range(2):
            with pytest.raises(SourceError, match=r"a.tif: the file ends early"):
                slide.read_box(slide.bounds, slide.dimensions)
        assert not asked
        monkeypatch.undo()
