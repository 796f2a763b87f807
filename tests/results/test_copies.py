"""Copies of result files, while another connection writes: also by those who know nothing of logs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ResultError
from histoviewer.patches.patch import MALIGNANT
from histoviewer.results.copies import copy_result_file, settle
from histoviewer.results.reviews import decided
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record


def opened(path: Path | str) -> ResultStore:
    """One that was judged, flushed and decided of, and goes on."""
    store = ResultStore.open(Path(path), folder_columns([f"{i}.png" for i in range(6)]), facts())
    record(store, range(6), np.linspace(0.1, 0.9, 6, dtype=np.float32))
    store.flush()
    store.decide([0, 3], decided([MALIGNANT, MALIGNANT], reviewer="Ann"))
    return store


def check_whole(path: Path) -> None:
    found = ResultStore.read(path)
    assert found.probability == pytest.approx(np.linspace(0.1, 0.9, 6), abs=1e-6)
    assert {row: decision.reviewer for row, decision in found.decisions.items()} == {0: "Ann", 3: "Ann"}


def test_a_copy_is_whole_while_the_store_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path / "a.histo") as store:
        copy_result_file(store.path, tmp_path / "copy.histo")
        check_whole(tmp_path / "copy.histo")
        assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.histo"], "one single file"
        store.decide([5], decided([MALIGNANT], reviewer="Bob"))
    assert ResultStore.read(tmp_path / "a.histo").decisions[5].reviewer == "Bob"
    check_whole(tmp_path / "copy.histo")


def test_a_store_in_memory_can_be_written_as_a_file(tmp_path: Path) -> None:
    with opened(":memory:") as store:
        store.write_copy(tmp_path / "copy.histo")
    check_whole(tmp_path / "copy.histo")


def test_what_is_settled_is_found_in_a_plain_copy_of_the_file(tmp_path: Path) -> None:
    with opened(tmp_path / "a.histo") as store:
        settle(store.path)
        shutil.copy(store.path, tmp_path / "copy.histo")
        check_whole(tmp_path / "copy.histo")
        store.decide([5], decided([MALIGNANT], reviewer="Bob"))
    assert ResultStore.read(tmp_path / "a.histo").decisions[5].reviewer == "Bob"


def test_a_file_is_not_copied_onto_itself(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "a.histo") as store,
        pytest.raises(ResultError, match="is the result file itself"),
    ):
        copy_result_file(store.path, tmp_path / ".." / tmp_path.name / "a.histo")
    check_whole(tmp_path / "a.histo")


def test_a_result_file_that_somebody_writes_is_not_replaced(tmp_path: Path) -> None:
    with opened(tmp_path / "a.histo") as one, opened(tmp_path / "b.histo") as other:
        with pytest.raises(ResultError, match="in use"):
            copy_result_file(one.path, other.path)
        other.decide([5], decided([MALIGNANT], reviewer="Bob"))
    assert ResultStore.read(tmp_path / "b.histo").decisions[5].reviewer == "Bob"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.histo", "b.histo"]


def test_the_log_of_a_file_that_is_replaced_is_not_played_into_the_copy(tmp_path: Path) -> None:
    with opened(tmp_path / "old.histo") as old:
        old.decide([1, 2, 4], decided(3 * [MALIGNANT], reviewer="Old"))
        for path in tmp_path.glob("old*"):  # as if its process had been killed
            shutil.copy(path, tmp_path / path.name.replace("old", "killed"))
    assert (tmp_path / "killed.histo-wal").exists()
    with opened(tmp_path / "new.histo") as new:
        copy_result_file(new.path, tmp_path / "killed.histo")
    check_whole(tmp_path / "killed.histo")
    assert not (tmp_path / "killed.histo-wal").exists()


def test_what_is_no_result_file_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "copy.histo").write_text("something else")
    with opened(tmp_path / "a.histo") as store:
        copy_result_file(store.path, tmp_path / "copy.histo")
    check_whole(tmp_path / "copy.histo")


def test_settling_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(ResultError):
        settle(tmp_path / "gone.histo")
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with opened(tmp_path / "a.histo") as store, pytest.raises(ResultError, match="nowhere"):
        copy_result_file(store.path, tmp_path / "nowhere" / "copy.histo")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.histo"]
