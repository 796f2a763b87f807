from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT, PatchColumns
from histoviewer.results.csv import write_csv
from histoviewer.results.reviews import NO_REVIEW, UNSURE, decided, read_reviews, write_review, write_reviews
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import count_rows
from tests.helpers.tables import rows_of
from tests.results.samples import facts, folder_columns, record, slide_columns, taken

COLUMNS = folder_columns(["a.png", "b.png", "c.png"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return judged(tmp_path / "x.histo", COLUMNS)


def judged(path: Path, columns: PatchColumns) -> Path:
    with ResultStore.open(path, columns, facts()) as store:
        record(store, range(len(columns)), [0.9] * len(columns))
    return path


def test_the_latest_decision_counts_and_all_are_kept(path: Path) -> None:
    write_reviews(path, [0, 1, 2], [BENIGN, UNSURE, MALIGNANT], reviewer="Ann")
    write_review(path, 0, MALIGNANT, reviewer="Bob")
    write_review(path, 2, NO_REVIEW, reviewer="Bob")
    found = read_reviews(path)
    assert found.column.tolist() == [MALIGNANT, UNSURE, NO_REVIEW]
    assert found.reviews[0].reviewer == "Bob"
    assert list(found.columns.files) == ["a.png", "b.png", "c.png"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM review").fetchone() == (5,)
    connection.close()


def test_a_decision_says_when_it_was_made_in_utc(path: Path) -> None:
    write_review(path, 0, BENIGN, reviewer="Ann")
    time = datetime.fromisoformat(read_reviews(path).reviews[0].time)
    offset = time.utcoffset()
    assert offset is not None
    assert not offset


def test_a_decision_leaves_the_answers_as_they_were(path: Path) -> None:
    before = ResultStore.read(path)
    write_review(path, 0, BENIGN, reviewer="Ann")
    after = ResultStore.read(path)
    assert np.array_equal(before.probability, after.probability)
    assert after.review.tolist() == [BENIGN, NO_REVIEW, NO_REVIEW]


def test_decisions_stay_with_their_patches_when_others_come(path: Path) -> None:
    write_reviews(path, [0, 2], [BENIGN, MALIGNANT], reviewer="Ann")
    grown = folder_columns(["0.png", "c.png", "a.png"], places=[(900, 0), (100, 0), (0, 0)])
    judged(path, grown)
    write_review(path, 1, UNSURE, reviewer="Ann")
    found = read_reviews(path)
    assert found.column.tolist() == [NO_REVIEW, UNSURE, BENIGN]
    assert found.outdated == 0


def test_decisions_on_patches_that_are_gone_are_counted(path: Path) -> None:
    write_reviews(path, [0, 1, 2], [BENIGN, MALIGNANT, NO_REVIEW], reviewer="Ann")
    judged(path, folder_columns(["a.png"]))
    found = read_reviews(path)
    assert found.column.tolist() == [BENIGN]
    assert found.outdated == 1


def test_decisions_on_a_slide_stay_with_their_places(tmp_path: Path) -> None:
    grid = slide_columns(4, 3)
    path = judged(tmp_path / "x.histo", grid)
    write_review(path, 7, MALIGNANT, reviewer="Ann")
    judged(path, taken(grid, np.arange(5, 12)))
    assert np.flatnonzero(read_reviews(path).column == MALIGNANT).tolist() == [2]


def test_a_file_of_an_earlier_program_has_no_reviews_and_gets_room_for_them(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE review")
    connection.close()
    assert not read_reviews(path).reviews
    write_review(path, 1, MALIGNANT, reviewer="Ann")
    assert read_reviews(path).column.tolist() == [NO_REVIEW, MALIGNANT, NO_REVIEW]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,), "earlier programs must go on"
    connection.close()


def test_a_reviewer_may_be_called_anything(path: Path) -> None:
    write_review(path, 0, BENIGN, reviewer="Ängström 😐 \udcff")
    assert read_reviews(path).reviews[0].reviewer == "Ängström 😐 \udcff"


def test_a_missing_file_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="no result file"):
        write_review(tmp_path / "none.histo", 0, BENIGN, reviewer="Ann")
    assert not (tmp_path / "none.histo").exists()


def test_a_file_that_somebody_writes_is_an_error(path: Path) -> None:
    with (
        ResultStore.open(path, COLUMNS, facts()),
        pytest.raises(ResultError, match="in use"),
    ):
        write_review(path, 0, BENIGN, reviewer="Ann")


@pytest.mark.parametrize(("row", "review"), [(3, BENIGN), (-1, BENIGN), (0, 7)])
def test_what_is_no_patch_or_no_decision_is_refused(path: Path, row: int, review: int) -> None:
    with pytest.raises(ValueError, match="no such"):
        write_reviews(path, [1, row], [BENIGN, review], reviewer="Ann")
    assert not read_reviews(path).reviews


def test_the_table_of_patches_shows_decisions(path: Path) -> None:
    write_reviews(path, [0, 1], [BENIGN, UNSURE], reviewer="Ann")
    table = path.with_suffix(".csv")
    write_csv(table, ResultStore.read(path), threshold=0.5, model_title="m")
    assert [row["review"] for row in rows_of(table)] == ["benign", "unsure", ""]
    assert [row["class"] for row in rows_of(table)] == ["malignant"] * 3


def test_the_summary_counts_decisions_and_corrections(path: Path) -> None:
    write_reviews(path, [0, 1, 2], [BENIGN, UNSURE, MALIGNANT], reviewer="Ann")
    counts = count_rows(ResultStore.read(path), 0.5)
    assert (counts.reviewed, counts.corrected) == (3, 1)
    assert count_rows(ResultStore.read(path), 0.95).corrected == 1
    assert count_rows(ResultStore.read(path), 0.5, np.array([1, 2])).corrected == 0


def test_a_run_that_goes_on_knows_the_decisions(path: Path) -> None:
    write_review(path, 1, MALIGNANT, reviewer="Ann")
    with ResultStore.open(path, COLUMNS, facts(model_sha256="cd" * 32)) as store:
        assert store.review.tolist() == [NO_REVIEW, MALIGNANT, NO_REVIEW]


def test_a_store_that_is_open_takes_decisions_and_goes_on_with_its_answers(path: Path) -> None:
    with ResultStore.open(path, COLUMNS, facts()) as store:
        store.decide([0, 2], decided([MALIGNANT, UNSURE], reviewer="Ann"))
        assert read_reviews(path).column.tolist() == [MALIGNANT, NO_REVIEW, UNSURE], (
            "at once, for all to read"
        )
        record(store, [1], [0.1])
        store.decide([2], decided([NO_REVIEW], reviewer="Bob"))
        assert store.review.tolist() == [MALIGNANT, NO_REVIEW, NO_REVIEW]
        assert {row: (one.review, one.reviewer) for row, one in store.decisions.items()} == {
            0: (MALIGNANT, "Ann")
        }
    again = ResultStore.read(path)
    assert again.decisions == store.decisions
    assert again.probability == pytest.approx([0.9, 0.1, 0.9])


def test_a_frozen_store_does_not_change_with_later_decisions(path: Path) -> None:
    with ResultStore.open(path, COLUMNS, facts()) as store:
        frozen = store.frozen()
        store.decide([0], decided([BENIGN], reviewer="Ann"))
    assert frozen.review.tolist() == [NO_REVIEW] * 3
    assert frozen.decisions == {}


def test_a_full_disk_takes_no_decision_and_says_so(path: Path) -> None:
    with ResultStore.open(path, COLUMNS, facts()) as store:
        assert store._connection is not None
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(ResultError, match="disk is full"):
            store.decide([0, 1, 2] * 200, decided([BENIGN] * 600, reviewer="Ann" * 20))
        assert store.review.tolist() == [NO_REVIEW] * 3
        store._connection.execute("PRAGMA max_page_count = 1000")
        store.decide([1], decided([BENIGN], reviewer="Ann"))
    assert read_reviews(path).column.tolist() == [NO_REVIEW, BENIGN, NO_REVIEW]


def test_a_closed_store_takes_no_decision(path: Path) -> None:
    store = ResultStore.read(path)
    with pytest.raises(RuntimeError):
        store.decide([0], decided([BENIGN], reviewer="Ann"))
