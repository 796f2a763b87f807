from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from histoviewer.errors import ScaleError, SourceError
from histoviewer.slides.geometry import Box, Region, Scale, Size
from histoviewer.slides.opening import open_slide
from histoviewer.slides.openslide import OpenSlideReader
from histoviewer.slides.picture import PictureSlide
from histoviewer.slides.tiff_levels import TiffSlide
from tests.helpers.colour_profiles import swapped_profile
from tests.helpers.pictures import (
    AWKWARD_NAMES,
    boxed,
    cut_off,
    reduced,
    textured,
    write_slide,
    write_tiff_levels,
)

_REAL = {
    "CMU-1-Small-Region.svs": (OpenSlideReader, Size(2220, 2967), 1, 0.499),
    "TCGA-CR-7395-01A-01-TS1.svs": (OpenSlideReader, Size(4443, 3567), 2, None),
    "fluorescence_dapi.ndpi": (OpenSlideReader, Size(3968, 4864), 7, 0.2282),
    "camelyon_multiframe.dcm": (OpenSlideReader, Size(1152, 700), 1, 28.9685),
    "tiny_pyramid.tif": (OpenSlideReader, Size(205, 205), 2, 1000.0),
    "kidney-48-5.tif": (PictureSlide, Size(1493, 901), 3, None),
    "pathml_smalltif.tif": (PictureSlide, Size(640, 480), 2, None),
}


@pytest.mark.data
@pytest.mark.parametrize("name", _REAL)
def test_real_files_open_with_their_reader_levels_and_scale(slides_folder: Path, name: str) -> None:
    reader, size, levels, mpp = _REAL[name]
    with open_slide(slides_folder / name) as slide:
        assert type(slide) is reader
        assert (slide.dimensions, slide.level_count) == (size, levels)
        assert (slide.scale and slide.scale.mpp) == (pytest.approx(mpp, rel=1e-3) if mpp else None)
        read = slide.read_region(Region(size.width // 2, size.height // 2, levels - 1, Size(200, 100)))
        assert 0 < read.mean() < 255


@pytest.mark.parametrize("kind", ["levels", "subifds", "one level", "png", "jpeg"])
def test_the_colour_profile_is_handed_on_and_not_applied(tmp_path: Path, kind: str) -> None:
    profile, pixels = swapped_profile(), boxed()
    if kind in ("png", "jpeg"):
        path = tmp_path / f"a.{kind}"
        Image.fromarray(pixels).save(path, icc_profile=profile, quality=100, subsampling=0)
    else:
        levels = [pixels] if kind == "one level" else [pixels, reduced(pixels, 2)]
        path = write_tiff_levels(tmp_path / "a.tif", levels, in_subifds=kind == "subifds", iccprofile=profile)
    with open_slide(path) as slide:
        assert slide.colour_profile == profile
        read = slide.read_region(Region(0, 0, 0, slide.dimensions))
    assert np.abs(read.astype(int) - pixels).max() <= (6 if kind == "jpeg" else 0)


def test_a_profile_of_other_numbers_than_those_that_are_read_is_none(tmp_path: Path) -> None:
    Image.fromarray(boxed()).convert("CMYK").save(tmp_path / "a.jpg", icc_profile=b"of ink")
    tifffile.imwrite(tmp_path / "grey.tif", boxed()[..., 0], iccprofile=b"of grey")
    for name in ("a.jpg", "grey.tif"):
        with open_slide(tmp_path / name) as slide:
            assert slide.colour_profile is None


@pytest.mark.data
def test_real_files_with_and_without_a_colour_profile(slides_folder: Path) -> None:
    with open_slide(slides_folder / "TCGA-CR-7395-01A-01-TS1.svs") as slide:
        assert slide.colour_profile is not None
        assert len(slide.colour_profile) > 3000
    with open_slide(slides_folder / "CMU-1-Small-Region.svs") as slide:
        assert slide.colour_profile is None


@pytest.mark.data
def test_an_absurd_scale_is_kept_as_claimed(slides_folder: Path) -> None:
    with open_slide(slides_folder / "tiny_pyramid.tif") as slide:
        assert slide.scale is not None
        assert not slide.scale.is_plausible


@pytest.mark.data
def test_a_dicom_that_openslide_refuses_is_a_clear_error(slides_folder: Path) -> None:
    with pytest.raises(SourceError, match=r"pathml_small_dicom.dcm: Couldn't get image flavor.*export"):
        open_slide(slides_folder / "pathml_small_dicom.dcm")


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_names_of_any_kind_open(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    Image.fromarray(boxed()).save(folder / f"{name}.png")
    with (
        open_slide(write_slide(folder / f"{name}.tif")) as slide,
        open_slide(folder / f"{name}.png") as picture,
    ):
        assert type(slide) is OpenSlideReader
        assert picture.name == f"{name}.png"
        for opened in (slide, picture):
            np.testing.assert_array_equal(opened.read_region(Region(0, 0, 0, Size(640, 448))), boxed())


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_an_error_is_one_line_whatever_the_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no slide")
    with pytest.raises(SourceError, match="neither a slide nor a picture") as refusal:
        open_slide(tmp_path / name)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_a_slide_whose_name_is_no_text_has_a_name_to_read(tmp_path: Path) -> None:
    Image.fromarray(boxed()).save(tmp_path / "s\udce9.png")
    with (
        open_slide(write_slide(tmp_path / "s\udce9.tif")) as slide,
        open_slide(tmp_path / "s\udce9.png") as picture,
    ):
        assert (slide.name, picture.name) == (r"s\udce9.tif", r"s\udce9.png")
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, Size(640, 448))), boxed())


def test_given_mpp_overrules_the_file(tmp_path: Path) -> None:
    with open_slide(write_slide(tmp_path / "a.tif"), mpp=0.3) as slide:
        assert slide.scale == Scale(0.3, "user")


@pytest.mark.parametrize("mpp", [0.0, -1.0, math.nan, math.inf])
def test_an_impossible_mpp_is_refused(tmp_path: Path, mpp: float) -> None:
    with pytest.raises(ScaleError, match="impossible"):
        open_slide(write_slide(tmp_path / "a.tif"), mpp=mpp)


def test_levels_in_subifds_are_not_lost(tmp_path: Path) -> None:
    levels = [boxed(), reduced(boxed(), 2)]
    path = write_tiff_levels(tmp_path / "a.ome.tif", levels, in_subifds=True, ome_mpp=0.25)
    assert OpenSlideReader(path).level_count == 1
    with open_slide(path) as slide:
        assert type(slide) is TiffSlide
        assert (slide.level_count, slide.mpp) == (2, 0.25)


def test_a_tiled_ome_tiff_without_levels_keeps_its_ome_scale(tmp_path: Path) -> None:
    path = write_tiff_levels(tmp_path / "a.ome.tif", [boxed()], ome_mpp=0.25)
    assert OpenSlideReader(path).scale is None
    with open_slide(path) as slide:
        assert type(slide) is OpenSlideReader
        assert slide.scale == Scale(0.25, "file tag")


def _write_images(path: Path, *images: tuple[Any, float]) -> Path:
    """A tiled OME-TIFF of several images, each with its µm/px."""
    with tifffile.TiffWriter(path, ome=True) as writer:
        for pixels, mpp in images:
            metadata = {"axes": "YXS", "PhysicalSizeX": mpp, "PhysicalSizeY": mpp}
            writer.write(pixels, tile=(64, 64), photometric="rgb", metadata=metadata)
    return path


@pytest.mark.parametrize("is_macro_first", [True, False])
def test_the_largest_image_of_an_ome_tiff_is_the_slide_at_its_own_scale(
    tmp_path: Path, is_macro_first: bool
) -> None:
    images = [(textured(400, 300), 2.0), (boxed(), 0.5)]
    path = _write_images(tmp_path / "a.ome.tif", *(images if is_macro_first else images[::-1]))
    with open_slide(path) as slide:
        assert slide.dimensions == Size(640, 448)
        assert slide.scale == Scale(0.5, "file tag")
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, Size(640, 448))), boxed())


@pytest.mark.parametrize(("dpi", "mpp"), [(72, None), (300, None), (25.4, 1000.0), (50800, 0.5)])
def test_a_printing_default_is_no_scale_of_a_tiled_tiff(
    tmp_path: Path, dpi: float, mpp: float | None
) -> None:
    path = write_tiff_levels(tmp_path / "a.tif", [boxed()], resolution=(dpi, dpi), resolutionunit="INCH")
    with open_slide(path) as slide:
        assert (slide.scale and slide.scale.mpp) == (pytest.approx(mpp, rel=1e-3) if mpp else None)


@pytest.mark.parametrize(
    "samples", [textured(90, 70).astype(np.uint16) * 257, textured(90, 70)[..., 0] / 255]
)
def test_a_tiled_tiff_of_another_depth_is_shown_by_tifffile(tmp_path: Path, samples: Any) -> None:
    tifffile.imwrite(tmp_path / "a.tif", samples, tile=(64, 64))
    expected = np.broadcast_to(
        textured(90, 70) if samples.ndim == 3 else textured(90, 70)[..., :1], (70, 90, 3)
    )
    with open_slide(tmp_path / "a.tif") as slide:
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, Size(90, 70))), expected)


def test_a_plain_tiff_gets_levels_made_and_lies_as_its_tag_says(tmp_path: Path) -> None:
    on_its_side = np.rot90(textured(1200, 700))
    tag = (274, "H", 1, 6, True)
    tifffile.imwrite(tmp_path / "a.tif", on_its_side, photometric="rgb", extratags=[tag], metadata=None)
    with open_slide(tmp_path / "a.tif") as slide:
        assert slide.level_dimensions == (Size(1200, 700), Size(600, 350), Size(300, 175))
        np.testing.assert_array_equal(
            slide.read_region(Region(0, 0, 0, Size(1200, 700))), textured(1200, 700)
        )


@pytest.mark.parametrize("mode", ["YCbCr", "LAB"])
def test_rare_colours_of_a_tiff_are_left_to_pillow(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(np.full((20, 30, 3), 200, np.uint8))
    if mode == "YCbCr":
        image = image.convert(mode)
    else:
        image = Image.frombytes("LAB", (30, 20), bytes([200, 0, 0]) * 600)
    image.save(tmp_path / "a.tif", compression="tiff_lzw")
    with open_slide(tmp_path / "a.tif") as slide:
        read = slide.read_region(Region(0, 0, 0, Size(30, 20))).astype(int)
    assert np.abs(read - 200).max() <= 12


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none.svs: No such file"):
        open_slide(tmp_path / "none.svs")


def test_a_folder_is_no_slide(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="it is a folder"):
        open_slide(tmp_path)


def test_an_empty_file_is_no_slide(tmp_path: Path) -> None:
    (tmp_path / "a.svs").touch()
    with pytest.raises(SourceError, match=r"a.svs: the file is empty"):
        open_slide(tmp_path / "a.svs")


def test_a_text_named_svs_is_no_slide(tmp_path: Path) -> None:
    (tmp_path / "a.svs").write_text("hello")
    with pytest.raises(SourceError, match=r"a.svs: neither a slide nor a picture"):
        open_slide(tmp_path / "a.svs")


@pytest.mark.parametrize("keep", [0.5, 0.05])
def test_a_slide_cut_off_is_a_clear_error_when_opened_or_read(tmp_path: Path, keep: float) -> None:
    path = cut_off(write_slide(tmp_path / "a.tif"), keep=keep)
    with pytest.raises(SourceError, match=r"a.tif"), open_slide(path) as slide:
        slide.read_box(Box(0, 0, 640, 448), Size(160, 112))


@pytest.mark.data
@pytest.mark.parametrize("keep", [0.6, 0.3])
def test_a_real_slide_cut_off_is_a_clear_error(slides_folder: Path, tmp_path: Path, keep: float) -> None:
    path = tmp_path / "a.svs"
    path.write_bytes((slides_folder / "CMU-1-Small-Region.svs").read_bytes())
    with pytest.raises(SourceError, match=r"a.svs"), open_slide(cut_off(path, keep=keep)) as slide:
        slide.read_region(Region(0, 0, 0, slide.dimensions))


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_loop_of_links_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.svs").symlink_to(tmp_path / "b.svs")
    (tmp_path / "b.svs").symlink_to(tmp_path / "a.svs")
    with pytest.raises(SourceError, match=r"a.svs: Too many levels"):
        open_slide(tmp_path / "a.svs")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom rights can stop")
def test_a_file_without_the_right_to_read_is_a_clear_error(tmp_path: Path) -> None:
    path = write_slide(tmp_path / "a.tif")
    path.chmod(0)
    with pytest.raises(SourceError, match=r"a.tif: Permission denied"):
        open_slide(path)


@pytest.mark.parametrize("description", ["", "Aperio Image Library v1\n64x64 |AppMag = 20|MPP = 0.5"])
@pytest.mark.parametrize("page", [0, 1])
def test_a_tile_too_large_for_memory_is_refused(tmp_path: Path, description: str, page: int) -> None:
    levels = [boxed(), reduced(boxed(), 4)]
    path = write_tiff_levels(tmp_path / "a.tif", levels, description=description or None)
    with tifffile.TiffFile(path, mode="r+") as tiff:
        tiff.pages[page].tags["TileLength"].overwrite(385_876_032, dtype="I")
    with pytest.raises(SourceError, match=r"a.tif: .*tiles of 64 x 385876032 px") as refusal:
        open_slide(path)
    assert len(str(refusal.value).splitlines()) == 1


def test_a_large_tile_that_fits_is_no_reason_to_refuse(tmp_path: Path) -> None:
    with open_slide(write_tiff_levels(tmp_path / "a.tif", [boxed()], tile=1024)) as slide:
        np.testing.assert_array_equal(slide.read_region(Region(0, 0, 0, Size(640, 448))), boxed())
