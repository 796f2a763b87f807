"""What counts as tissue, and what never does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tifffile import TiffFile

from histoviewer.errors import SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.patch import MALIGNANT
from histoviewer.patches.tissue import LEAST_TISSUE, Tissue, find_tissue, is_stained
from histoviewer.slides.geometry import Box
from histoviewer.slides.opening import open_slide
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.pictures import damage_tile, reduced, write_tiff_levels
from tests.helpers.stained import EOSIN, GLASS, HAEMATOXYLIN, PALE, glass, put


@pytest.mark.parametrize("colour", [EOSIN, HAEMATOXYLIN, PALE])
@pytest.mark.parametrize("background", [GLASS, (255, 255, 255), (227, 222, 228), (240, 240, 228)])
def test_stain_is_tissue_and_glass_is_not_whatever_its_tint(
    colour: tuple[int, int, int], background: tuple[int, int, int]
) -> None:
    pixels = glass(60, 40, colour=background)
    pixels[10:30, 20:45] = np.array(colour) * background / GLASS  # light passes the stain, then the glass
    expected = np.zeros((40, 60), bool)
    expected[10:30, 20:45] = True
    assert (is_stained(pixels) == expected).mean() > 0.99


def test_a_picture_that_is_all_tissue_loses_nothing() -> None:
    pixels = glass(60, 40, colour=PALE)
    put(pixels, 0, 0, 30, 40, HAEMATOXYLIN)
    assert is_stained(pixels).mean() > 0.99


def test_white_that_was_never_scanned_does_not_make_tissue_of_tinted_glass() -> None:
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[:, :30] = glass(30, 60, colour=(236, 218, 230))
    assert is_stained(pixels).mean() < 0.01


@pytest.mark.parametrize(
    "colour",
    [(0, 0, 0), (12, 5, 14), (120, 121, 122), (30, 60, 160), (100, 140, 220), (40, 130, 70)],
    ids=["black border", "noisy black", "grey dust", "blue pen", "pale blue pen", "green pen"],
)
def test_borders_dust_and_pen_are_no_tissue(colour: tuple[int, int, int]) -> None:
    pixels = glass(60, 40)
    pixels[10:30, 20:45] = colour
    assert not is_stained(pixels).any()


def test_the_share_of_a_box_counts_cut_pixels_by_their_part() -> None:
    mask = np.zeros((4, 6), bool)
    mask[1, 2] = True
    tissue = Tissue(mask, Box(100, 200, 55, 40), pixel=10.0, is_dark=False)
    x = np.array([120.0, 115.0, 120.0, 140.0])
    y = np.array([210.0, 205.0, 210.0, 230.0])
    assert tissue.share(x, y, 10, 10).tolist() == pytest.approx([1, 0.25, 1, 0])
    assert tissue.share(x[:1], y[:1], 20, 20).tolist() == pytest.approx([0.25])


def test_a_box_beyond_the_slide_counts_what_lies_on_it() -> None:
    tissue = Tissue(np.ones((1, 2), bool), Box(0, 0, 15, 10), pixel=10.0, is_dark=False)
    assert tissue.share(np.array([10.0]), np.array([0.0]), 50, 50).tolist() == pytest.approx([1])


def test_the_mask_lies_on_the_slide_and_is_read_in_pieces() -> None:
    pixels = glass(4800, 2400)
    put(pixels, 3200, 1600, 640, 320, EOSIN)
    slide = NumpySlide(pixels, mpp=0.5, bounds=Box(160, 320, 4640, 2080))
    tissue = find_tissue(slide, 0.5)
    assert tissue.pixel == 32
    assert tissue.mask.shape == (65, 145)
    rows, columns = np.nonzero(tissue.mask)
    assert (columns.min(), columns.max() + 1) == ((3200 - 160) / 32, (3840 - 160) / 32)
    assert (rows.min(), rows.max() + 1) == ((1600 - 320) / 32, (1920 - 320) / 32)
    assert max(max(region.size.width, region.size.height) for region in slide.reads) < 2400


def test_every_piece_is_told_before_it_is_read(tmp_path: Path) -> None:
    read_before: list[int] = []
    slide = NumpySlide(glass(6000, 4000), mpp=0.5)
    find_tissue(slide, 0.5, progress=lambda _count: read_before.append(len(slide.reads)))
    assert read_before == list(range(3 * 2))
    told: list[int] = []
    white = np.full((2048, 4096, 3), 255, np.uint8)
    with open_slide(write_tiff_levels(tmp_path / "a.tif", [white, reduced(white, 16)])) as levels:
        find_tissue(levels, 0.5, progress=told.append)
    assert told == [0] * (1 + 8 * 4)  # the coarse level, then squares of the finer one: nothing but white


@pytest.mark.parametrize("piece", [1, 4])
def test_finding_tissue_can_be_stopped_before_any_piece(piece: int) -> None:
    slide = NumpySlide(glass(6000, 4000), mpp=0.5)

    def stop(_count: int) -> None:
        if len(slide.reads) == piece - 1:
            raise SourceError("whatever it is, it is no damage")

    with pytest.raises(SourceError, match="no damage"):
        find_tissue(slide, 0.5, progress=stop)
    assert len(slide.reads) == piece - 1


def test_what_cannot_be_read_is_kept_for_a_failure_to_tell() -> None:
    slide = NumpySlide(glass(6000, 400), mpp=0.5, broken=[Box(5500, 100, 1, 1)])
    tissue = find_tissue(slide, 0.5)
    assert tissue.mask[:, -10:].all()
    assert not tissue.mask[:, :60].any()


@pytest.mark.data
def test_a_fluorescence_slide_is_dark(slides_folder: Path) -> None:
    with open_slide(slides_folder / "fluorescence_dapi.ndpi") as slide:
        tissue = find_tissue(slide, 0.228)
    assert tissue.is_dark
    assert not tissue.mask.any()


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("CMU-1-Small-Region.svs", 0.3, 0.45),
        ("TCGA-CR-7395-01A-01-TS1.svs", 0.55, 0.7),
        ("kidney-48-5.tif", 0.0, 0.01),
    ],
)
def test_real_slides_hold_as_much_tissue_as_one_sees(
    slides_folder: Path, name: str, low: float, high: float
) -> None:
    with open_slide(slides_folder / name) as slide:
        tissue = find_tissue(slide, 0.5)
    assert not tissue.is_dark
    assert low <= tissue.mask.mean() <= high


@pytest.mark.data
@pytest.mark.parametrize("patient", ["8975", "9022", "12818"])
def test_no_malignant_patch_of_a_real_patient_is_passed_over(idc_folder: Path, patient: str) -> None:
    folder = FolderSource(idc_folder / patient, input_size=50, model_mpp=4.0)
    tissue = find_tissue(folder.slide(patient), 4.0)
    columns = folder.columns
    share = tissue.share(columns.x.astype(float), columns.y.astype(float), 50, 50)
    assert (share[columns.truth == MALIGNANT] >= LEAST_TISSUE).all()


def stained_slide(path: Path) -> Path:
    """Glass with one piece of tissue, level-0 pixels 1024 to 2048 across, levels 1, 4, 16 at 0.5 µm/px."""
    pixels = glass(4096, 2048)
    put(pixels, 1024, 512, 1024, 1024, EOSIN)
    levels = [pixels, reduced(pixels, 4), reduced(pixels, 16)]
    return write_tiff_levels(path, levels, resolution=(20000, 20000), resolutionunit="CENTIMETER")


def leave_out_tile(path: Path, index: int, *, page: int) -> None:
    """Say of one tile of a TIFF that the file does not hold it."""
    with TiffFile(path, mode="r+b") as tiff:
        for name in ("TileOffsets", "TileByteCounts"):
            tag = tiff.pages[page].tags[name]
            tag.overwrite([0 if i == index else value for i, value in enumerate(tag.value)])


def opened(path: Path) -> SlideSource:
    return SlideSource(open_slide(path), input_size=50, model_mpp=4.0)


def test_a_sound_slide_has_nothing_to_say_of_its_tissue(tmp_path: Path) -> None:
    source = opened(stained_slide(tmp_path / "sound.tif"))
    assert source.notes == ()
    assert len(source.columns) < source.cells / 2
    source.close()


def test_a_slide_whose_coarse_level_cannot_be_read_says_that_all_is_judged(tmp_path: Path) -> None:
    path = stained_slide(tmp_path / "damaged.tif")
    for index in range(8):
        damage_tile(path, index, page=2)
    source = opened(path)
    assert len(source.columns) == source.cells
    assert "The file is damaged: where tissue lies cannot be told in 100 % of it" in source.notes[0]
    assert source.read(source.blocks()[0]).failures == {}
    source.close()


def test_tissue_that_the_coarse_level_leaves_out_is_judged_and_told(tmp_path: Path) -> None:
    path = stained_slide(tmp_path / "gaps.tif")
    whole = opened(path)
    for index in (0, 1, 4, 5):
        leave_out_tile(path, index, page=2)
    source = opened(path)
    assert set(zip(source.columns.x, source.columns.y, strict=True)) >= set(
        zip(whole.columns.x, whole.columns.y, strict=True)
    )
    assert "where tissue lies cannot be told in" in source.notes[0]
    whole.close()
    source.close()


def test_white_that_no_level_has_is_glass(tmp_path: Path) -> None:
    pixels = np.full((1024, 2048, 3), 255, np.uint8)
    levels = [pixels, reduced(pixels, 4), reduced(pixels, 16)]
    path = write_tiff_levels(tmp_path / "a.tif", levels, resolution=(20000,) * 2, resolutionunit="CENTIMETER")
    source = opened(path)
    assert source.notes == ("No stained tissue found.",)
    source.close()
