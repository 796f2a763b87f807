from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from histoviewer.csv_text import defused
from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT, NO_LOCATION, UNKNOWN, PatchColumns
from histoviewer.results.csv import write_csv
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record, slide_columns

HEADER = (
    "file,patient,minx,miny,width,height,prob_benign,prob_malignant,patch_probability,class,truth,review,"
    "note,model,threshold,run"
)


def written(
    tmp_path: Path,
    columns: PatchColumns,
    probabilities: list[float],
    *,
    threshold: float = 0.5,
    sizes: list[tuple[int, int]] | None = None,
    notes: dict[int, str] | None = None,
) -> tuple[Path, ResultStore]:
    store = ResultStore.open(tmp_path / "x.histo", columns, facts())
    record(store, range(len(probabilities)), probabilities, sizes=sizes, notes=notes)
    store.close()
    write_csv(tmp_path / "x.csv", store, threshold=threshold, model_title="Test model 1")
    return tmp_path / "x.csv", store


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_patch_is_a_row_in_the_columns_order(tmp_path: Path) -> None:
    columns = folder_columns(
        ["a.png", "b.png", "c.png", "d.png"],
        places=[(1350, 1100), (1400, 1100), (NO_LOCATION, NO_LOCATION), (0, 7)],
        patients=["10253", "10253", "8867", "8867"],
        truth=[BENIGN, MALIGNANT, UNKNOWN, MALIGNANT],
    )
    notes = {1: "truncated", 2: "failed: c.png is empty"}
    sizes = [(50, 50), (32, 50), (0, 0)]
    path, store = written(tmp_path, columns, [0.25, 0.5, np.nan], threshold=0.5, sizes=sizes, notes=notes)
    end = f"Test model 1,0.5,{store.run_id}"
    assert path.read_bytes().decode() == "\n".join(
        [
            HEADER,
            f"a.png,10253,1350,1100,50,50,0.750000,0.250000,0.250000,benign,benign,,,{end}",
            f"b.png,10253,1400,1100,32,50,0.500000,0.500000,0.500000,malignant,malignant,,truncated,{end}",
            f"c.png,8867,,,50,50,,,,,,,failed: c.png is empty,{end}",
            f"d.png,8867,0,7,50,50,,,,,malignant,,,{end}",
            "",
        ]
    )


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.1, 1 / 3, 0.2999999, 0.123456, 0.0, 1.0])
def test_class_follows_from_what_is_written_however_it_was_rounded(tmp_path: Path, threshold: float) -> None:
    near = np.float32(threshold)
    probabilities = [near, np.nextafter(near, np.float32(0)), np.nextafter(near, np.float32(1))]
    probabilities += [near + np.float32(d) for d in (-6e-7, -4e-7, 4e-7, 6e-7)]
    probabilities = np.clip(np.array([*probabilities, 0, 1, 0.98765432], np.float32), 0, 1)
    columns = slide_columns(len(probabilities), 1)
    path, _store = written(tmp_path, columns, probabilities.tolist(), threshold=threshold)
    for row, probability in zip(rows_of(path), probabilities, strict=True):
        is_malignant = row["class"] == "malignant"
        assert is_malignant == (probability >= near)
        assert is_malignant == (float(row["prob_malignant"]) >= float(row["threshold"]))
        assert abs(float(row["prob_malignant"]) - probability) <= 1.1e-6
        assert Decimal(row["prob_malignant"]) + Decimal(row["prob_benign"]) == 1
        assert row["patch_probability"] == row["prob_malignant"]


def test_awkward_names_are_read_back(tmp_path: Path) -> None:
    names = [
        "a 😐.png",
        "зло.png",
        "new\nline.png",
        "cr\rline.png",
        'it\'s "quoted", with comma.png',
        "\r\n.png",
    ]
    patients = ["p\r1", "p,2", 'p"3', "p4", "p\n5", "p6"]
    columns = folder_columns(names, patients=patients)
    path, _store = written(tmp_path, columns, [0.5] * 6, notes={1: "failed: what\r\never"})
    rows = rows_of(path)
    assert [row["file"] for row in rows] == [*names[:-1], "'\r\n.png"]
    assert [row["patient"] for row in rows] == patients
    assert rows[1]["note"] == "failed: what\r\never"
    assert {row["run"] for row in rows} == {_store.run_id}


def test_a_name_that_is_no_unicode_leaves_the_file_readable(tmp_path: Path) -> None:
    path, _store = written(tmp_path, folder_columns(["a\udcff.png", "b.png"]), [0.5, 0.5])
    assert rows_of(path)[0]["file"] == "a\\udcff.png"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_defused(tmp_path: Path, start: str) -> None:
    columns = folder_columns([f"{start}1.png", "b.png"], patients=[f"{start}p", "p"])
    path, _store = written(tmp_path, columns, [0.5, 0.5], notes={0: f"{start}note"})
    first, second = rows_of(path)
    assert [first[name] for name in ("file", "patient", "note")] == [
        f"'{start}1.png",
        f"'{start}p",
        f"'{start}note",
    ]
    assert [second[name] for name in ("file", "patient", "note")] == ["b.png", "p", ""]


def test_ordinary_text_is_not_touched() -> None:
    assert defused("a=b, c.png") == "a=b, c.png"


def test_a_slides_name_is_on_every_row(tmp_path: Path) -> None:
    path, _store = written(tmp_path, slide_columns(3, 2), [0.5] * 6)
    rows = rows_of(path)
    assert {row["file"] for row in rows} == {"slide.svs"}
    assert [(row["minx"], row["miny"]) for row in rows][2:4] == [("100", "0"), ("0", "50")]


def test_rows_beyond_one_portion_go_on_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("histoviewer.results.csv._CHUNK", 4)
    names = [f"{i}.png" for i in range(10)]
    path, _store = written(tmp_path, folder_columns(names), [i / 10 for i in range(9)])
    rows = rows_of(path)
    assert [row["file"] for row in rows] == names
    assert [row["minx"] for row in rows] == [str(50 * i) for i in range(10)]
    assert [row["class"] for row in rows] == ["benign"] * 5 + ["malignant"] * 4 + [""]


def test_a_csv_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    _path, store = written(tmp_path, slide_columns(1, 1), [0.5])
    with pytest.raises(ResultError, match=r"nowhere"):
        write_csv(tmp_path / "nowhere" / "x.csv", store, threshold=0.5, model_title="m")
