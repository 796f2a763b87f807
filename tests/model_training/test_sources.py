import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import tifffile

from histoviewer.errors import ResultError, SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.opening import open_source
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import UNSURE
from model_training.dataset import Dataset, load_dataset
from model_training.patches import list_patches
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import idc_name, painted, write_patch
from tests.helpers.reviewed import write_reviewed


def load(*paths: Path) -> Dataset:
    return load_dataset(paths, input_size=50, mpp=4.0)


def folder_source(path: Path) -> FolderSource:
    return FolderSource(path, input_size=50, model_mpp=4.0)


def truth_of(dataset: Dataset) -> dict[str, int]:
    return dict(zip(dataset.files, dataset.truth.tolist(), strict=True))


def test_reviews_overrule_the_names_of_a_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    write_idc_like(tmp_path / "data", patients=2, patches=4)
    source = folder_source(tmp_path / "data")
    before = truth_of(load(tmp_path / "data"))
    one, other, kept = source.columns.file(0), source.columns.file(1), source.columns.file(2)
    reviews = {0: 1 - before[one], 1: UNSURE, 2: before[kept]}
    reviewed = write_reviewed(tmp_path / "r.histo", source, reviews)
    after = truth_of(load(tmp_path / "data", reviewed))
    assert after.pop(one) == 1 - before.pop(one)
    del before[other]
    assert after == before
    assert "give or change: 1" in caplog.text


def test_patches_without_a_truth_of_their_own_count_when_they_are_reviewed(tmp_path: Path) -> None:
    for x in range(4):
        write_patch(tmp_path / "data", f"7_idx5_x{50 * x + 1}_y1.png", painted(shade=x))
    source = folder_source(tmp_path / "data")
    reviewed = write_reviewed(tmp_path / "r.histo", source, {1: BENIGN, 3: MALIGNANT})
    assert truth_of(load(reviewed, tmp_path / "data")) == {
        "7_idx5_x51_y1.png": BENIGN,
        "7_idx5_x151_y1.png": MALIGNANT,
    }


def test_the_later_of_two_peoples_reviews_counts(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=1, patches=4)
    source = folder_source(tmp_path / "data")
    earlier = write_reviewed(tmp_path / "z.histo", source, {0: MALIGNANT, 1: MALIGNANT}, reviewer="Ann")
    later = write_reviewed(tmp_path / "a.histo", source, {0: BENIGN}, reviewer="Bob")
    for order in ((earlier, later), (later, earlier)):
        truth = truth_of(load(tmp_path / "data", *order))
        assert (truth[source.columns.file(0)], truth[source.columns.file(1)]) == (BENIGN, MALIGNANT)


def test_reviews_of_patches_that_are_not_there_are_named_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_idc_like(tmp_path / "data", patients=1, patches=16)
    source = folder_source(tmp_path / "data")
    reviewed = write_reviewed(tmp_path / "r.histo", source, dict.fromkeys(range(8), MALIGNANT))
    for row in range(7):
        source.file_path(row).unlink()
    assert len(load(tmp_path / "data", reviewed)) == 9
    (line,) = [record.getMessage() for record in caplog.records if "no source has" in record.getMessage()]
    assert source.columns.file(0) in line
    assert line.endswith("and 2 more")


def test_reviews_without_pixels_say_what_is_missing(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=1, patches=4)
    source = folder_source(tmp_path / "data")
    reviewed = write_reviewed(tmp_path / "r.histo", source, {0: MALIGNANT})
    with pytest.raises(
        SourceError, match="holds reviews, but no pixels: name the folder or the slide"
    ) as raised:
        load(reviewed)
    assert source.columns.file(0) in str(raised.value)


def test_a_review_that_fits_two_folders_is_not_guessed(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_patch(tmp_path / folder / "benign", "p.png")
    reviewed = write_reviewed(tmp_path / "r.histo", folder_source(tmp_path / "a"), {0: MALIGNANT})
    with pytest.raises(SourceError, match=r"review of benign/p.png fits a patch in .*a and one in .*b"):
        load(tmp_path / "a", tmp_path / "b", reviewed)


def test_a_missing_result_file_is_one_line(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=1, patches=4)
    with pytest.raises(ResultError, match=r"no result file .*none\.histo"):
        load(tmp_path / "data", tmp_path / "none.histo")


@pytest.fixture
def slide(tmp_path: Path) -> Path:
    """Three cells of 50 px at 4 µm/px side by side, two below each other; no scale of its own."""
    pixels = np.random.default_rng(0).integers(0, 256, (800, 1200, 3), np.uint8)
    tifffile.imwrite(tmp_path / "slide.tif", pixels, photometric="rgb")
    return tmp_path / "slide.tif"


def test_reviewed_patches_of_a_slide_are_cut_as_the_viewer_cuts_them(slide: Path, tmp_path: Path) -> None:
    source = open_source(slide, input_size=50, model_mpp=4.0, mpp=0.5, stride=25, tissue_only=False)
    reviews = {1: MALIGNANT, 4: BENIGN, 5: UNSURE}
    reviewed = write_reviewed(tmp_path / "r.histo", source, reviews)
    dataset = load(slide, reviewed)
    assert dataset.files == ("slide.tif#xywh=200,0,400,400", "slide.tif#xywh=800,0,400,400")
    assert dataset.truth.tolist() == [MALIGNANT, BENIGN]
    assert set(dataset.patients.tolist()) == {"slide.tif"}
    (block,) = source.blocks()
    assert np.array_equal(dataset.pixels, source.read(block).pixels[[1, 4]])


def test_a_slide_without_reviews_has_no_labels(slide: Path) -> None:
    with pytest.raises(SourceError, match=r"slide\.tif has no labels"):
        load(slide)


def test_patches_of_two_folders_have_names_of_their_own_and_the_same_one_counts_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    twice = idc_name("7", x=0, truth=1)
    write_patch(tmp_path / "a", twice, painted(shade=1))
    write_patch(tmp_path / "b" / "nested", twice, painted(shade=1))
    write_patch(tmp_path / "a" / "benign", "p.png", painted(shade=2))
    write_patch(tmp_path / "b" / "benign", "p.png", painted(shade=3))
    dataset = load(tmp_path / "a", tmp_path / "b", tmp_path / "a")
    assert sorted(dataset.files) == sorted(
        f"{tmp_path.as_posix()}/{name}" for name in (f"a/{twice}", "a/benign/p.png", "b/benign/p.png")
    )
    assert "counted once: 1" in caplog.text


def test_what_a_reviewer_was_unsure_of_does_not_come_back_from_another_folder(tmp_path: Path) -> None:
    for folder in ("a", "b/nested"):
        for x in (0, 50):
            write_patch(tmp_path / folder, idc_name("7", x=x, truth=1), painted(shade=x))
    source = folder_source(tmp_path / "a")
    reviewed = write_reviewed(tmp_path / "r.histo", source, {0: UNSURE})
    dataset = load(tmp_path / "a", tmp_path / "b", reviewed)
    assert [Path(file).name for file in dataset.files] == [source.columns.file(1)]


def renewed(path: Path) -> Path:
    """The same content with another time, as a careless copy has it."""
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000_000))
    return path


def test_reviews_are_not_taken_for_those_of_another_slide_of_the_same_name_and_size(
    slide: Path, tmp_path: Path
) -> None:
    source = open_source(slide, input_size=50, model_mpp=4.0, mpp=0.5, tissue_only=False)
    reviewed = write_reviewed(tmp_path / "r.histo", source, {1: MALIGNANT})
    other = tmp_path / "other" / slide.name
    other.parent.mkdir()
    tifffile.imwrite(other, np.full((800, 1200, 3), 128, np.uint8), photometric="rgb", compression="zlib")
    with pytest.raises(SourceError, match=r"r\.histo holds reviews of another slide\.tif than .*other"):
        load(other, reviewed)
    with pytest.raises(SourceError, match="a copy that keeps its time"):
        load(renewed(slide), reviewed)


def test_each_of_two_slides_of_one_name_gets_its_own_reviews(slide: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / slide.name
    other.parent.mkdir()
    pixels = np.random.default_rng(1).integers(0, 256, (800, 1200, 3), np.uint8)
    tifffile.imwrite(other, pixels, photometric="rgb")
    renewed(other)
    open_one = partial(open_source, input_size=50, model_mpp=4.0, mpp=0.5, tissue_only=False)
    first = write_reviewed(tmp_path / "a.histo", open_one(slide), {1: MALIGNANT})
    second = write_reviewed(tmp_path / "b.histo", open_one(other), {1: BENIGN})
    truth = truth_of(load(slide, other, second, first))
    square = "slide.tif#xywh=400,0,400,400"
    assert truth == {
        f"{slide.as_posix()}/{square}": MALIGNANT,
        f"{other.as_posix()}/{square}": BENIGN,
    }


def test_a_copy_with_another_time_is_known_by_its_tissue(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pixels = np.full((1600, 2400, 3), 240, np.uint8)
    pixels[400:1200, 400:1600] = (190, 110, 170)
    path = tmp_path / "slide.tif"
    tifffile.imwrite(path, pixels, photometric="rgb")
    source = open_source(path, input_size=50, model_mpp=4.0, mpp=0.5)
    assert 0 < len(source.columns) < 24
    reviewed = write_reviewed(tmp_path / "r.histo", source, {0: MALIGNANT}, tissue_only=True)
    assert load(renewed(path), reviewed).truth.tolist() == [MALIGNANT]
    assert "but the same tissue: taken for a copy" in caplog.text


def test_a_list_of_patches_tells_which_truths_are_reviews(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=1, patches=4)
    source = folder_source(tmp_path / "data")
    same = int(source.columns.truth[0])
    reviewed = write_reviewed(tmp_path / "r.histo", source, {0: same, 1: UNSURE})
    listed = list_patches((tmp_path / "data", reviewed), input_size=50, mpp=4.0)
    assert listed.reviewed == {source.columns.file(0)}
