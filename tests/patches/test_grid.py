"""A grid of patches over a slide: places, pixels, borders, tissue."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from histoviewer.errors import ScaleError, ScaleUnknownError, SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.patch import Block
from histoviewer.slides.geometry import Box, Scale
from histoviewer.slides.opening import open_slide
from histoviewer.slides.picture import PictureSlide
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.patch_folders import idc_name, painted, write_patch
from tests.helpers.stained import EOSIN, glass, put


def picture(width: int, height: int, *, mpp: float | None = 0.5) -> PictureSlide:
    """A slide with levels, full of detail that tells every place apart."""
    y, x = np.indices((height, width))
    waves = [np.sin(x / 23) + np.sin(y / 31), np.sin(x * y / 9000), np.cos(x / 57 - y / 40)]
    pixels = (np.stack(waves, axis=2) * 60 + 128).astype(np.uint8)
    return PictureSlide(Path("wave.tif"), pixels, scale=Scale(mpp, "file tag") if mpp else None)


def gridded(
    slide: PictureSlide | NumpySlide, *, stride: int | None = None, tissue_only: bool = False
) -> SlideSource:
    return SlideSource(slide, input_size=50, model_mpp=4.0, stride=stride, tissue_only=tissue_only)


def pixels_of(source: SlideSource) -> dict[int, NDArray[np.uint8]]:
    reads = [source.read(block) for block in source.blocks()]
    return {int(row): p for read in reads for row, p in zip(read.patches, read.pixels, strict=True)}


def test_cells_of_200_micrometres_cover_the_slide() -> None:
    source = gridded(picture(1000, 700))
    columns = source.columns
    assert (source.name, source.kind, source.stride, source.cells) == ("wave", "slide", 400.0, 6)
    assert columns.x.tolist() == [0, 400, 800] * 2
    assert columns.y.tolist() == [0] * 3 + [400] * 3
    assert columns.width.tolist() == [400, 400, 200] * 2
    assert columns.height.tolist() == [400] * 3 + [300] * 3
    assert (columns.file(5), columns.patch(5).patient) == ("wave.tif", "wave.tif")
    assert source.rows("wave.tif").tolist() == [0, 1, 2, 3, 4, 5]


def test_the_grid_starts_where_the_scan_starts() -> None:
    slide = picture(1000, 700)
    slide.bounds = Box(100, 60, 500, 400)
    columns = gridded(slide).columns
    assert columns.x.tolist() == [100, 500]
    assert columns.width.tolist() == [400, 100]
    assert columns.height.tolist() == [400, 400]


@pytest.mark.parametrize("mpp", [0.25, 0.499, 1.0, 3.7, 4.0, 4.5])
def test_patches_are_cut_from_the_slide_at_the_models_scale(mpp: float) -> None:
    slide = picture(1300, 1100, mpp=mpp)
    source = gridded(slide)
    whole_cells = source.read(Block(0, np.flatnonzero(~source.is_truncated)[:9]))
    assert len(whole_cells.patches) > 0
    side = 200 / mpp
    level_0 = Image.fromarray(slide.read_box(Box(0, 0, 1300, 1100), slide.dimensions))
    for row, patch in zip(whole_cells.patches, whole_cells.pixels, strict=True):
        x, y = round(source.columns.x[row] / side) * side, round(source.columns.y[row] / side) * side
        expected = level_0.resize((50, 50), Image.Resampling.BICUBIC, box=(x, y, x + side, y + side))
        # The picture's coarser levels were averaged before: not the same pixels, but the same place.
        assert np.abs(patch.astype(int) - np.asarray(expected)).mean() < 2


@pytest.mark.parametrize(("mpp", "stride"), [(0.499, None), (0.5, 25), (1.3, 20), (4.0, None), (3.9, 70)])
def test_a_patch_has_the_same_pixels_alone_and_in_company(mpp: float, stride: int | None) -> None:
    source = gridded(picture(600, 470, mpp=mpp), stride=stride)
    together = pixels_of(source)
    assert len(together) == len(source.columns)
    for row, patch in together.items():
        alone = source.read(Block(-1, np.array([row])))
        assert np.array_equal(alone.pixels[0], patch)


def test_any_rows_may_be_asked_for_in_any_order() -> None:
    source = gridded(picture(900, 700, mpp=2.0), stride=20)
    together = pixels_of(source)
    rows = np.random.default_rng(0).permutation(len(source.columns))[:40]
    read = source.read(Block(-1, rows))
    assert read.patches.tolist() == rows.tolist()
    assert all(np.array_equal(together[int(row)], p) for row, p in zip(rows, read.pixels, strict=True))


def test_neighbours_in_different_blocks_meet_without_a_seam() -> None:
    source = gridded(picture(2600, 500, mpp=1.0), stride=25)
    together = pixels_of(source)
    columns = source.columns
    checked = 0
    for row in np.flatnonzero(columns.y == 0)[:-1].tolist():
        right = row + 1
        overlap = together[row][:, 25:].astype(int) - together[right][:, :25]
        assert np.abs(overlap).max() <= 1
        checked += 1
    assert len(source.blocks()) > 2
    assert checked > 16


def test_border_cells_are_white_beyond_the_slide_and_told_as_truncated() -> None:
    slide = NumpySlide(np.full((60, 110, 3), 90, np.uint8), mpp=4.0)
    source = gridded(slide)
    read = source.read(source.blocks()[0])
    assert read.truncated == {2, 3, 4, 5}
    assert read.sizes.tolist() == [[50, 50], [50, 50], [10, 50], [50, 10], [50, 10], [10, 10]]
    corner = read.pixels[5]
    assert (corner[:10, :10] == 90).all()
    assert (corner[10:] == 255).all()
    assert (corner[:, 10:] == 255).all()


def test_a_mosaics_patches_are_its_files_pixel_by_pixel(tmp_path: Path) -> None:
    places = [(x, y) for x in (0, 50, 150, 500) for y in (0, 50, 450)]
    for i, (x, y) in enumerate(places):
        write_patch(tmp_path, idc_name("9", x=x, y=y), painted(shade=i))
    folder = FolderSource(tmp_path, input_size=50, model_mpp=4.0)
    source = SlideSource(folder.slide("9"), input_size=50, model_mpp=4.0, tissue_only=False)
    together = pixels_of(source)
    found = {
        (int(source.columns.x[row]), int(source.columns.y[row])): patch for row, patch in together.items()
    }
    for i, place in enumerate(places):
        assert np.array_equal(found.pop(place), painted(shade=i))
    assert all((gap == 255).all() for gap in found.values())


def test_one_read_stays_small_on_a_slide_without_levels() -> None:
    slide = NumpySlide(np.zeros((1700, 5000, 3), np.uint8), mpp=0.25)
    source = gridded(slide)
    assert source.blocks()[0].patches.tolist() == [0, 1, 2, 7, 8, 9, 14, 15, 16]
    source.read(source.blocks()[0])
    assert max(max(region.size.width, region.size.height) for region in slide.reads) < 3000


def test_a_block_holds_at_most_64_patches() -> None:
    source = gridded(picture(700, 700, mpp=4.0), stride=10)
    assert max(len(block.patches) for block in source.blocks()) == 64


def test_what_cannot_be_decoded_fails_alone() -> None:
    slide = NumpySlide(np.zeros((100, 150, 3), np.uint8), mpp=4.0, broken=[Box(60, 10, 5, 5)])
    source = gridded(slide)
    read = source.read(source.blocks()[0])
    assert read.patches.tolist() == [0, 2, 3, 4, 5]
    assert list(read.failures) == [1]
    assert "broken at 50, 0" in read.failures[1]


def test_only_cells_with_tissue_are_judged() -> None:
    pixels = glass(1600, 1200)
    put(pixels, 500, 450, 250, 300, EOSIN)
    source = gridded(NumpySlide(pixels, mpp=0.5), tissue_only=True)
    assert list(zip(source.columns.x.tolist(), source.columns.y.tolist(), strict=True)) == [(400, 400)]
    assert (source.cells, source.notes) == (12, ())
    assert np.array_equal(
        source.read(source.blocks()[0]).pixels[0], pixels_of(gridded(NumpySlide(pixels, mpp=0.5)))[5]
    )


def test_a_slide_without_tissue_says_so() -> None:
    source = gridded(NumpySlide(glass(800, 800), mpp=0.5), tissue_only=True)
    assert (len(source.columns), list(source.blocks())) == (0, [])
    assert source.tissue is not None
    assert not source.tissue.is_dark
    assert source.notes == ("No stained tissue found.",), "who tells it names the slide"


def test_a_stride_that_leaves_gaps_says_so() -> None:
    assert gridded(picture(700, 700, mpp=4.0), stride=50).notes == ()
    (note,) = gridded(picture(700, 700, mpp=4.0), stride=51).notes
    assert note == "Patches of 50 px lie 51 px apart: what is between them is not judged."


def test_a_dark_slide_says_that_the_rule_does_not_apply() -> None:
    dark = np.zeros((800, 800, 3), np.uint8)
    dark[300:500, 200:600, 2] = 160
    source = gridded(NumpySlide(dark, mpp=0.5), tissue_only=True)
    assert len(source.columns) == 0
    assert source.tissue is not None
    assert source.tissue.is_dark
    assert source.notes[0].startswith("No bright background")


def test_a_slide_that_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ScaleUnknownError):
        gridded(picture(100, 100, mpp=None))
    with pytest.raises(ScaleUnknownError):
        gridded(picture(100, 100, mpp=1000.0))
    with pytest.raises(ScaleError):
        gridded(picture(100, 100, mpp=29.0))


@pytest.mark.parametrize("stride", [0, -5])
def test_an_impossible_stride_is_refused(stride: int) -> None:
    with pytest.raises(SourceError, match="stride"):
        gridded(picture(100, 100), stride=stride)


def test_a_stride_that_makes_too_many_patches_is_refused() -> None:
    slide = picture(100, 100)
    slide.bounds = Box(0, 0, 100_000, 100_000)
    with pytest.raises(SourceError, match="give a larger one"):
        gridded(slide, stride=1)


@pytest.mark.data
def test_a_real_slide_is_gridded_over_its_tissue(slides_folder: Path) -> None:
    with open_slide(slides_folder / "CMU-1-Small-Region.svs") as slide:
        source = SlideSource(slide, input_size=50, model_mpp=4.0)
        assert source.cells == 48
        assert 24 <= len(source.columns) <= 30
        read = source.read(source.blocks()[0])
        assert read.failures == {}
        assert read.pixels.std() > 20


@pytest.mark.data
def test_the_grid_finds_the_patches_of_a_real_patient_again(idc_folder: Path) -> None:
    folder = FolderSource(idc_folder / "8863", input_size=50, model_mpp=4.0)
    source = SlideSource(folder.slide("8863"), input_size=50, model_mpp=4.0)
    known = set(zip(folder.columns.x.tolist(), folder.columns.y.tolist(), strict=True))
    found = set(zip(source.columns.x.tolist(), source.columns.y.tolist(), strict=True))
    assert found <= known
    assert len(found) > 0.99 * len(known)


def test_a_slide_file_that_changes_changes_the_stamp(tmp_path: Path) -> None:
    stamps = []
    for shade in (10, 20):
        path = write_patch(tmp_path, "a.png", painted(300, 200, shade=shade))
        os.utime(path, ns=(0, shade))
        with open_slide(path, mpp=4.0) as slide:
            stamps.append(SlideSource(slide, input_size=50, model_mpp=4.0, tissue_only=False).columns.stamp)
    assert [stamp.shape for stamp in stamps] == [(1,), (1,)]
    assert stamps[0] != stamps[1]
