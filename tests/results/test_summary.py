from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns
from histoviewer.results.agreement import Confusion
from histoviewer.results.reviews import decided
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import (
    SUMMARY_COLUMNS,
    RowCounter,
    count_rows,
    summarise,
    summary_entries,
    write_summary_csv,
)
from tests.results.samples import facts, folder_columns, record, slide_columns

NAN = np.nan


def judged_store(
    tmp_path: Path,
    columns: PatchColumns,
    probabilities: list[float],
    *,
    sizes: list[tuple[int, int]] | None = None,
    notes: dict[int, str] | None = None,
    **changes: object,
) -> ResultStore:
    store = ResultStore.open(tmp_path / "x.histo", columns, facts(**changes))
    record(store, range(len(probabilities)), probabilities, sizes=sizes, notes=notes)
    store.close()
    return store


def test_patches_are_counted_at_a_threshold(tmp_path: Path) -> None:
    store = judged_store(
        tmp_path,
        folder_columns(list("abcde")),
        [0.7, 0.2, NAN, 0.75],
        sizes=[(50, 50), (50, 25), (0, 0), (10, 50)],
        notes={1: "truncated", 2: "failed: empty", 3: "truncated"},
    )
    counts = count_rows(store, 0.7)
    assert (counts.patches, counts.judged, counts.failed, counts.truncated) == (5, 3, 1, 2)
    assert (counts.malignant, counts.benign) == (2, 1)
    assert counts.malignant_share == pytest.approx(2 / 3)
    assert counts.mean_probability == pytest.approx(0.55)
    assert counts.judged_mm2 == pytest.approx((1 + 0.5 + 0.2) * 0.04)
    assert counts.malignant_mm2 == pytest.approx(1.2 * 0.04)


def test_judged_patches_with_a_truth_are_counted_by_truth_and_answer(tmp_path: Path) -> None:
    truth = [MALIGNANT, MALIGNANT, BENIGN, BENIGN, UNKNOWN, BENIGN]
    store = judged_store(tmp_path, folder_columns(list("abcdef"), truth=truth), [0.9, 0.1, 0.8, 0.2, 0.9])
    assert RowCounter(store).confusion_at(0.5) == Confusion(hits=1, misses=1, alarms=1, rejections=1)
    assert RowCounter(store).confusion_at(0.85) == Confusion(hits=1, misses=1, alarms=0, rejections=2)
    some = RowCounter(store, np.array([0, 4, 5])).confusion_at(0.5)
    assert some == Confusion(hits=1, misses=0, alarms=0, rejections=0)
    assert (some.sensitivity, some.specificity) == (1.0, None)


def test_what_is_counted_once_gives_the_same_at_every_threshold(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    columns = folder_columns([f"{i}.png" for i in range(60)])
    sizes = [(50, 50), (20, 50), (50, 50)] * 20
    judged_store(tmp_path, columns, random.random(50).round(2).tolist(), sizes=sizes[:50])
    with ResultStore.open(tmp_path / "x.histo", columns, facts()) as store:
        store.decide(list(range(0, 60, 4)), decided([MALIGNANT, BENIGN, MALIGNANT] * 5, reviewer="Ann"))
    rows = np.arange(3, 57, 2)
    counters = RowCounter(store), RowCounter(store, rows)
    for threshold in (0.0, 0.13, 0.5, 0.77, 1.0):
        assert counters[0].at(threshold) == count_rows(store, threshold)
        for counter, which in zip(counters, (np.arange(60), rows), strict=True):
            found, probability = counter.at(threshold), store.probability[which]
            is_malignant = probability >= np.float32(threshold)
            areas = store.width[which].clip(max=50) * store.height[which].clip(max=50) * 0.004**2
            is_decided = (store.review[which] >= 0) & ~np.isnan(probability)
            assert found.malignant == is_malignant.sum()
            assert found.malignant_mm2 == pytest.approx(areas[is_malignant].sum())
            assert found.corrected == (is_decided & (is_malignant != (store.review[which] == 1))).sum()


def test_some_rows_are_counted_alone(tmp_path: Path) -> None:
    notes = {2: "failed: empty", 1: "truncated"}
    store = judged_store(tmp_path, folder_columns(list("abcd")), [0.7, 0.2, NAN, 0.75], notes=notes)
    counts = count_rows(store, 0.5, np.array([0, 2]))
    assert (counts.patches, counts.judged, counts.failed, counts.truncated) == (2, 1, 1, 0)
    assert counts.malignant_mm2 == pytest.approx(0.04)


def test_nothing_judged_has_no_share_and_no_mean(tmp_path: Path) -> None:
    counts = count_rows(judged_store(tmp_path, slide_columns(2, 2), []), 0.5)
    assert (counts.judged, counts.malignant_share, counts.mean_probability) == (0, None, None)
    assert counts.judged_mm2 == 0


def test_overlapping_patches_do_not_count_twice(tmp_path: Path) -> None:
    # 4 x 3 patches of 50 px every 25 px, cut at the right and lower border of 100 x 75 px
    columns = slide_columns(4, 3, stride=25, side=50)
    sizes = [(min(50, 100 - x), min(50, 75 - y)) for x, y in zip(columns.x, columns.y, strict=True)]
    store = judged_store(tmp_path, columns, [0.9] * 12, sizes=sizes, stride=25.0)
    assert count_rows(store, 0.5).malignant_mm2 == pytest.approx(100 * 75 * 0.004**2)


@pytest.mark.parametrize("mpp", [0.499, 0.25, 23.2])
def test_rounded_sizes_do_not_change_the_area(tmp_path: Path, mpp: float) -> None:
    stride = 50 * 4 / mpp
    edges = np.rint(np.arange(31) * stride).astype(int)
    columns = slide_columns(30, 1, stride=stride)
    sizes = [(int(width), round(stride)) for width in np.diff(edges)]
    store = judged_store(tmp_path, columns, [0.9] * 30, sizes=sizes, stride=stride, mpp=mpp)
    assert count_rows(store, 0.5).judged_mm2 == pytest.approx(30 * 0.04)


def test_loose_patches_count_whole(tmp_path: Path) -> None:
    columns = folder_columns(["a", "b"], places=[(-1, -1), (-1, -1)], side=80)
    store = judged_store(tmp_path, columns, [0.9, 0.1])
    assert count_rows(store, 0.5).judged_mm2 == pytest.approx(2 * 0.32**2)


def test_figures_agree_with_a_hand_count(tmp_path: Path) -> None:
    truth = [MALIGNANT, MALIGNANT, MALIGNANT, BENIGN, BENIGN, BENIGN, BENIGN, BENIGN, UNKNOWN, MALIGNANT]
    probabilities = [0.9, 0.6, 0.3, 0.8, 0.2, 0.1, 0.3, 0.4, 1.0, NAN]
    store = judged_store(tmp_path, folder_columns(list("abcdefghij"), truth=truth), probabilities)
    figures = summarise(store, 0.5).agreement
    assert figures.with_truth == 8
    assert figures.accuracy == pytest.approx(6 / 8)
    assert figures.sensitivity == pytest.approx(2 / 3)
    assert figures.specificity == pytest.approx(4 / 5)
    assert figures.balanced_accuracy == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.f1 == pytest.approx(2 / 3)
    # pairs (malignant, benign) in the right order: 5 + 4 + 2.5 of 15
    assert figures.roc_auc == pytest.approx(11.5 / 15)


def test_figures_that_are_not_defined_are_empty(tmp_path: Path) -> None:
    store = judged_store(tmp_path, folder_columns(["a", "b"], truth=[BENIGN, BENIGN]), [0.1, 0.2])
    figures = summarise(store, 0.5).agreement
    assert figures.accuracy == figures.specificity == 1
    for name in ("balanced_accuracy", "sensitivity", "precision", "f1", "roc_auc"):
        assert getattr(figures, name) is None, name


def test_the_table_has_a_row_an_input_and_a_row_a_patient(tmp_path: Path) -> None:
    columns = folder_columns(
        list("abcd"), patients=["x", "=y", "x", "=y"], truth=[MALIGNANT, BENIGN, BENIGN, BENIGN]
    )
    store = judged_store(tmp_path, columns, [0.9, 0.8, 0.1, NAN], notes={3: "failed: empty"})
    write_summary_csv(tmp_path / "summary.csv", summary_entries("idc", store, 0.5, {"x": "train"}.get))
    content = (tmp_path / "summary.csv").read_bytes().decode()
    assert "\r" not in content
    with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        assert tuple(reader.fieldnames or ()) == SUMMARY_COLUMNS
        rows = list(reader)
    assert [(row["level"], row["input"], row["patient"]) for row in rows] == [
        ("input", "idc", ""),
        ("patient", "idc", "'=y"),
        ("patient", "idc", "x"),
    ]
    whole, of_y, of_x = rows
    assert not {"nan", "None"} & {cell for row in rows for cell in row.values()}
    assert [row["patches"] for row in rows] == ["4", "2", "2"]
    assert [row["failed"] for row in rows] == ["1", "1", "0"]
    assert (whole["malignant"], whole["malignant_share"]) == ("2", "0.666667")
    assert whole["malignant_mm2"] == "0.080000"
    assert (of_x["roc_auc"], of_y["roc_auc"], of_y["specificity"]) == ("1.000000", "", "0.000000")
    assert {(row["mpp"], row["scale_origin"]) for row in rows} == {("4.0", "data set")}
    assert {(row["model"], row["threshold"]) for row in rows} == {("Test model 1", "0.5")}
    assert {row["run"] for row in rows} == {store.run_id}
    assert (whole["role"], of_y["role"], of_x["role"]) == ("mixed", "", "train")
