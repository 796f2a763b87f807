"""A folder of patches as a source."""

from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ScaleError, ScaleUnknownError, SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.patch import NO_LOCATION, Block, PatchSource
from histoviewer.slides.geometry import Region, Scale, Size
from tests.helpers.patch_folders import idc_name, painted, refuse_to_list, write_empty, write_patch


def opened(path: Path, *, mpp: float | None = None) -> FolderSource:
    return FolderSource(path, input_size=50, model_mpp=4.0, mpp=mpp)


def everything(source: PatchSource) -> Block:
    return Block(0, np.arange(len(source.columns)))


def test_patches_with_a_place_know_their_facts(tmp_path: Path) -> None:
    write_patch(tmp_path / "case" / "8867" / "1", idc_name("8867", x=50, y=100, truth=1))
    source = opened(tmp_path / "case")
    assert (source.name, source.kind, source.stride) == ("case", "folder", 50.0)
    assert source.scale == Scale(4.0, "data set")
    patch = source.columns.patch(0)
    assert patch.file == f"8867/1/{idc_name('8867', x=50, y=100, truth=1)}"
    assert (patch.patient, patch.x, patch.y, patch.width, patch.height, patch.truth) == (
        "8867",
        50,
        100,
        50,
        50,
        1,
    )
    assert source.notes == ()


def test_plain_patches_are_what_the_model_judges(tmp_path: Path) -> None:
    write_patch(tmp_path / "loose", "a.png")
    source = opened(tmp_path / "loose")
    assert source.scale == Scale(4.0, "patch size")
    patch = source.columns.patch(0)
    assert (patch.patient, patch.x, patch.y, patch.width) == ("loose", NO_LOCATION, NO_LOCATION, 50)
    assert "taken to be the model's 4 µm/px" in source.notes[0]
    assert list(source.slides()) == []


def test_reading_keeps_order_and_tells_truncated_and_failed(tmp_path: Path) -> None:
    write_patch(tmp_path, "a.png", painted(shade=10))
    (tmp_path / "b.png").write_bytes(b"")
    write_patch(tmp_path, "c.png", painted(50, 42, shade=30))
    write_patch(tmp_path, "d.png", painted(60, 60))
    write_patch(tmp_path, "e.png", painted(shade=50))
    read = opened(tmp_path).read(Block(0, np.array([4, 3, 2, 1, 0])))
    assert read.patches.tolist() == [4, 2, 0]
    assert read.pixels.shape == (3, 50, 50, 3)
    assert np.array_equal(read.pixels[0], painted(shade=50))
    assert np.array_equal(read.pixels[1, :42], painted(50, 42, shade=30))
    assert read.sizes.tolist() == [[50, 50], [50, 42], [50, 50]]
    assert read.truncated == {2}
    assert read.failures == {
        1: "the file is empty",
        3: "expected a 50 x 50 patch, got 60 x 60; open the file itself as a slide",
    }


def test_a_block_of_failures_only_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no")
    read = opened(tmp_path).read(Block(0, np.array([0])))
    assert (read.pixels.shape, read.sizes.shape, list(read.failures)) == ((0, 50, 50, 3), (0, 2), [0])


def test_every_patch_can_be_read_through_the_blocks(tmp_path: Path) -> None:
    for i in range(70):
        write_patch(tmp_path, f"{i}.png", painted(shade=i))
    source = opened(tmp_path)
    assert source.blocks() is source.blocks()
    with ThreadPoolExecutor(4) as threads:
        reads = list(threads.map(source.read, source.blocks()))
    shades = {
        int(row): int(p[25, 30, 0])
        for read in reads
        for row, p in zip(read.patches, read.pixels, strict=True)
    }
    assert shades == {i: i for i in range(70)}


def test_with_mpp_each_patch_is_resampled(tmp_path: Path) -> None:
    write_patch(tmp_path, "a.png", painted(250, 250))
    source = opened(tmp_path, mpp=0.8)
    assert source.scale == Scale(0.8, "user")
    assert (source.stride, source.columns.width.tolist()) == (250.0, [250])
    read = source.read(everything(source))
    assert read.sizes.tolist() == [[250, 250]]
    assert read.pixels[0, 2, 2].tolist() == [220, 30, 60]
    assert read.pixels[0, 45, 2].tolist() == [30, 60, 200]


@pytest.mark.parametrize(
    ("mpp", "error"), [(29.0, ScaleError), (1000.0, ScaleUnknownError), (0.0, ScaleUnknownError)]
)
def test_an_unusable_mpp_is_refused(tmp_path: Path, mpp: float, error: type[ScaleError]) -> None:
    write_patch(tmp_path, "a.png")
    with pytest.raises(error):
        opened(tmp_path, mpp=mpp)


def test_patients_with_places_are_slides(tmp_path: Path) -> None:
    write_patch(tmp_path / "9", idc_name("9", x=0, y=0))
    write_patch(tmp_path / "9", "loose.png")
    write_patch(tmp_path / "10", idc_name("10", x=50, y=0))
    write_patch(tmp_path / "other", "b.png")
    source = opened(tmp_path)
    assert list(source.slides()) == ["9", "10"]
    assert [source.columns.file(i) for i in source.rows("9")] == [f"9/{idc_name('9')}"]
    assert source.slide("10") is source.slide("10")
    assert source.slide("10").dimensions == Size(100, 50)
    for nobody in ("other", "nobody"):
        with pytest.raises(KeyError):
            source.slide(nobody)


def test_a_broken_patch_is_a_gap_in_its_slide(tmp_path: Path) -> None:
    write_patch(tmp_path, idc_name("9", x=0, y=0))
    (tmp_path / idc_name("9", x=50, y=0)).write_bytes(b"")
    slide = opened(tmp_path).slide("9")
    pixels = slide.read_region(Region(0, 0, 0, slide.dimensions))
    assert pixels.shape == (50, 100, 3)
    assert np.array_equal(pixels[:, :50], painted())
    assert (pixels[:, 50:] == 255).all()


def test_a_single_patch_is_a_source_of_one(tmp_path: Path) -> None:
    path = write_patch(tmp_path / "8867", "cell 'ж' 😐.png", painted(30, 20))
    write_patch(tmp_path / "8867", "neighbour.png")
    source = opened(path)
    assert (source.path, source.name, source.columns.files) == (path, "cell 'ж' 😐", ["cell 'ж' 😐.png"])
    assert source.read(everything(source)).truncated == {0}


def test_notes_tell_what_was_left_out(tmp_path: Path) -> None:
    write_patch(tmp_path / "a", idc_name())
    write_patch(tmp_path / "b", idc_name())
    source = opened(tmp_path)
    assert source.duplicates_skipped == 1
    assert source.notes == ("Second copies of the same patches, left out: 1.",)


def test_folders_that_cannot_be_opened_are_problems_and_the_rest_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_patch(tmp_path / "open", idc_name())
    closed = [f"closed{i}" for i in range(7)]
    for name in closed:
        write_empty(tmp_path / name)
    refuse_to_list(monkeypatch, *closed)
    source = opened(tmp_path)
    assert (len(source.columns), source.notes) == (1, ())
    named = ", ".join(f"closed{i} (Permission denied)" for i in range(5))
    said = f"Folders that cannot be opened, their patches left out: {named} and 2 more. Check"
    assert source.problems == (f"{said} their permissions.",)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_to_nowhere_is_a_problem_and_called_a_link(tmp_path: Path) -> None:
    write_patch(tmp_path, idc_name())
    (tmp_path / "gone.png").symlink_to("nothing.png")
    assert opened(tmp_path).problems == (
        "Links that lead nowhere, left out: gone.png (No such file or directory). Mend or remove them.",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_patches_whose_names_are_no_text_are_judged(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    write_patch(folder, "a\udcd0.png", painted(shade=10))
    write_patch(folder, idc_name("p\udcff"), painted(shade=20))
    source = opened(tmp_path)
    assert source.problems == ()
    assert source.columns.patients == (r"caf\udce9", r"p\udcff")
    read = source.read(everything(source))
    assert (read.failures, read.pixels[:, 25, 30, 0].tolist()) == ({}, [10, 20])
    pixels = source.slide(r"p\udcff").read_region(Region(0, 0, 0, Size(50, 50)))
    assert np.array_equal(pixels, painted(shade=20))


def test_files_that_vanish_are_failures_that_say_so(tmp_path: Path) -> None:
    write_patch(tmp_path / "p", "a.png")
    write_patch(tmp_path / "p", "b.png")
    source = opened(tmp_path)
    shutil.rmtree(tmp_path / "p")
    assert source.read(everything(source)).failures == dict.fromkeys((0, 1), "the file is gone")


def test_a_folder_is_named_by_itself_however_it_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_patch(tmp_path / "case" / "sub", "a.png")
    monkeypatch.chdir(tmp_path / "case" / "sub")
    assert [opened(Path(path)).name for path in (".", "..", "../sub")] == ["sub", "case", "sub"]


def test_a_path_that_leads_nowhere_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file or directory"):
        opened(tmp_path / "nothing")


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"is empty: expected PNG, JPEG, TIFF or BMP images\.$"):
        opened(tmp_path)


def test_a_folder_without_images_says_what_it_holds(tmp_path: Path) -> None:
    write_empty(tmp_path / "sub", "a.txt", "b.csv")
    with pytest.raises(SourceError, match=r"^No patch in .*found 2 other files\.$"):
        opened(tmp_path)


def test_a_folder_of_slides_says_to_open_them(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.svs", "b.ndpi", "b label.png")
    with pytest.raises(SourceError, match=r"it holds 2 whole slides\. Open those one by one\.$"):
        opened(tmp_path)


def test_patches_with_places_beside_slides_are_still_patches(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.svs")
    write_patch(tmp_path / "patches", idc_name())
    assert len(opened(tmp_path).columns) == 1


@pytest.mark.data
def test_the_real_patches_are_counted_right(idc_folder: Path) -> None:
    columns = opened(idc_folder).columns
    assert len(columns) == 17143
    assert len(columns.patients) == 224
    assert np.bincount(columns.truth).tolist() == [10550, 6593]


@pytest.mark.data
def test_a_real_patient_is_read_and_rebuilt(idc_folder: Path) -> None:
    source = opened(idc_folder / "8867")
    assert len(source.columns) == 1642
    slide = source.slide("8867")
    # The last column is 12 px wide at x = 3200, the last row 49 px high at y = 2250.
    assert slide.dimensions == Size(3212, 2299)
    middle = source.blocks()[len(source.blocks()) // 2]
    read = source.read(middle)
    for row, patch in zip(read.patches, read.pixels, strict=True):
        place = source.columns.patch(row)
        region = Region(place.x, place.y, 0, Size(50, 50))
        assert np.array_equal(slide.read_region(region), patch)


def test_rows_of_a_patient_are_found_once(tmp_path: Path) -> None:
    write_patch(tmp_path / "9", idc_name("9", x=0, y=0))
    write_patch(tmp_path / "9", idc_name("9", x=50, y=0))
    write_patch(tmp_path / "9", "loose.png")
    write_patch(tmp_path / "10", idc_name("10", x=50, y=0))
    write_patch(tmp_path / "other", "b.png")
    source = opened(tmp_path)
    rows = {name: source.rows(name) for name in source.columns.patients}
    assert {name: found.tolist() for name, found in rows.items()} == {"9": [1, 2], "10": [3], "other": []}
    assert all(found.dtype == np.intp and source.rows(name) is found for name, found in rows.items())
    with pytest.raises(KeyError):
        source.rows("nobody")


def test_columns_tell_the_content_of_each_file(tmp_path: Path) -> None:
    for i in range(3):
        write_patch(tmp_path, f"{i}.png", painted(20 + i, 20))
    stamp = opened(tmp_path).columns.stamp
    assert (stamp.shape, len(set(stamp.tolist()))) == ((3,), 3)
