"""Which patches a folder holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from histoviewer.patches import scan
from histoviewer.patches.patch import BENIGN, MALIGNANT, NO_LOCATION, UNKNOWN
from histoviewer.patches.scan import first_images, scan_file, scan_folder
from tests.helpers.patch_folders import idc_name, painted, write_empty, write_patch


def test_names_of_the_grammar_fill_the_columns_by_patient_and_row(tmp_path: Path) -> None:
    names = [
        idc_name("9", x=50, y=0, truth=1),
        idc_name("9", x=0, y=100),
        idc_name("9", x=100, y=0),
        idc_name("10", x=0, y=0),
    ]
    write_empty(tmp_path, *names)
    scan = scan_folder(tmp_path)
    assert scan.patients == ("9", "10")
    assert scan.files == [names[0], names[2], names[1], names[3]]
    assert scan.patient.tolist() == [0, 0, 0, 1]
    assert scan.x.tolist() == [50, 100, 0, 0]
    assert scan.y.tolist() == [0, 0, 100, 0]
    assert scan.truth.tolist() == [MALIGNANT, BENIGN, BENIGN, BENIGN]
    assert (scan.x.dtype, scan.patient.dtype, scan.truth.dtype) == (np.int32, np.int32, np.int8)


@pytest.mark.parametrize("nested", ["IDC_regular_ps50_idx5/10253/0", "10253/0", "copy", "a/b/c/d/e"])
def test_a_nested_second_copy_counts_once_and_the_upper_one_stays(tmp_path: Path, nested: str) -> None:
    root = tmp_path / "archive"
    name = idc_name("10253", x=0, y=50)
    write_empty(root / "10253" / "0", name, idc_name("10253", x=50, y=50))
    write_empty(root / "IDC" / nested, name)
    scan = scan_folder(root)
    assert scan.files[0] == f"10253/0/{name}"
    assert len(scan.files) == 2
    assert scan.duplicates == 1


def test_plain_names_may_repeat_in_different_folders(tmp_path: Path) -> None:
    write_empty(tmp_path / "anna", "1.png")
    write_empty(tmp_path / "berta", "1.png")
    scan = scan_folder(tmp_path)
    assert scan.files == ["anna/1.png", "berta/1.png"]
    assert scan.patients == ("anna", "berta")
    assert scan.x.tolist() == scan.y.tolist() == [NO_LOCATION] * 2
    assert scan.truth.tolist() == [UNKNOWN] * 2


def test_heat_maps_made_of_the_folder_are_no_patches_of_it(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.png", "b.png")
    before = scan_folder(tmp_path)
    write_empty(tmp_path / "out", "a.heatmap.png", "p.10253.heatmap.png", "a.csv")
    after = scan_folder(tmp_path)
    assert after.files == before.files == ["a.png", "b.png"]
    assert after.other_files == 3


def test_plain_patches_take_truth_from_a_class_folder(tmp_path: Path) -> None:
    write_empty(tmp_path / "anna" / "0", "a.png")
    write_empty(tmp_path / "anna" / "1", "b.png")
    write_empty(tmp_path / "malignant", "c.png")
    scan = scan_folder(tmp_path)
    by_file = dict(zip(scan.files, scan.truth.tolist(), strict=True))
    assert by_file == {"anna/0/a.png": BENIGN, "anna/1/b.png": MALIGNANT, "malignant/c.png": MALIGNANT}
    assert scan.patients == tuple(sorted(("anna", tmp_path.name)))


def test_a_name_without_class_takes_truth_from_its_folder(tmp_path: Path) -> None:
    write_empty(tmp_path / "1", "8867_idx5_x1_y1.png")
    assert scan_folder(tmp_path).truth.tolist() == [MALIGNANT]


def test_files_sort_naturally_whatever_order_they_were_made_in(tmp_path: Path) -> None:
    write_empty(tmp_path, "p10.png", "p9.png", "P1.png", "p1 'ж'.png", "p1 😐.png")
    assert scan_folder(tmp_path).files == ["p1 'ж'.png", "p1 😐.png", "P1.png", "p9.png", "p10.png"]


def test_other_files_are_counted_apart(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.png", "notes.txt", "a.csv", "slide.svs")
    scan = scan_folder(tmp_path)
    assert (scan.files, scan.other_files, scan.whole_slides) == (["a.png"], 2, 1)


def test_one_file_is_a_scan_of_one(tmp_path: Path) -> None:
    scan = scan_file(tmp_path / "cell.png", "somebody")
    assert (scan.files, scan.patients, scan.truth.tolist()) == (["cell.png"], ("somebody",), [UNKNOWN])


def test_a_file_that_changes_changes_its_stamp_alone(tmp_path: Path) -> None:
    write_patch(tmp_path / "a", idc_name("9", x=0, y=0))
    write_patch(tmp_path / "b", idc_name("9", x=50, y=0))
    write_patch(tmp_path / "c", "plain.png")
    files = [tmp_path / name for name in scan_folder(tmp_path).files]
    before = scan_folder(tmp_path).stamp
    assert before.dtype == np.int64
    files[0].write_bytes(files[0].read_bytes())
    os.utime(files[0], ns=(0, 1_700_000_000_000_000_001))  # a clock may not tick between two writes
    status = files[2].stat()
    files[2].write_bytes(files[2].read_bytes() + b"\0")
    os.utime(files[2], ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (scan_folder(tmp_path).stamp != before).tolist() == [True, False, True]


def test_a_folder_that_is_moved_keeps_its_stamps(tmp_path: Path) -> None:
    for i in range(3):
        write_patch(tmp_path / "old", f"{i}.png", painted(20 + i, 20))
    before = scan_folder(tmp_path / "old").stamp
    assert len(set(before.tolist())) == 3
    (tmp_path / "old").rename(tmp_path / "new")
    assert scan_folder(tmp_path / "new").stamp.tolist() == before.tolist()
    assert scan_file(tmp_path / "new" / "2.png", "somebody").stamp.tolist() == before.tolist()[2:]


def test_the_first_images_are_found_without_the_others(tmp_path: Path) -> None:
    write_empty(tmp_path / "10" / "0", "9.png", "10.png", "a.csv", "b.heatmap.png")
    write_empty(tmp_path / "9" / "0", "2.png", "10.png", "1.png")
    names = [path.relative_to(tmp_path).as_posix() for path in first_images(tmp_path, 2)]
    assert names == ["9/0/1.png", "9/0/2.png"]
    assert first_images(tmp_path / "gone", 2) == []
    (tmp_path / "empty").mkdir()
    assert first_images(tmp_path / "empty", 2) == []


def test_many_names_say_what_each_says(tmp_path: Path) -> None:
    """Of one folder names are looked at together; what is none of the grammar is an image all the same."""
    odd = ["8_idx5_x0_y1_class0.png", "8_idx5_x123456_y1.png", "8_idx5_x1_y1_class2.png", "plain.PNG"]
    good = ["A b_idx5_x51_y1_CLASS1.Png", "8_idx5_x1_y51.jpeg", "8_idx5_x1_y1_class0.tif"]
    write_empty(tmp_path, *odd, *good, "8_idx5_x1_y1_class0.heatmap.png", "8_idx5_x1_y1_class0.ome.tif")
    found = scan_folder(tmp_path)
    by_file = dict(
        zip(
            found.files,
            zip(found.x.tolist(), found.y.tolist(), found.truth.tolist(), strict=True),
            strict=True,
        )
    )
    assert {name: by_file[name] for name in good} == {
        good[0]: (50, 0, MALIGNANT),
        good[1]: (0, 50, UNKNOWN),
        good[2]: (0, 0, BENIGN),
    }
    assert {name for name, (x, *_rest) in by_file.items() if x == NO_LOCATION} == {*odd}
    assert (found.whole_slides, found.other_files) == (1, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not allow such names")
def test_a_name_of_two_lines_is_not_taken_for_two_names(tmp_path: Path) -> None:
    write_empty(tmp_path, "x_idx5_x1_y1.png\nb_idx5_x1_y1.png", idc_name("8", x=50))
    found = scan_folder(tmp_path)
    assert sorted(zip(found.files, found.x.tolist(), strict=True)) == [
        (idc_name("8", x=50), 50),
        ("x_idx5_x1_y1.png\nb_idx5_x1_y1.png", NO_LOCATION),
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_folder_stays_open_however_the_scan_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for patient in "abc":
        write_empty(tmp_path / patient, idc_name(patient))

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - its own handle is counted each time
    scan_folder(tmp_path)
    first_images(tmp_path, 1)
    monkeypatch.setattr(scan, "_PROGRESS_SECONDS", 0.0)
    with pytest.raises(KeyboardInterrupt):
        scan_folder(tmp_path, stop)
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208
