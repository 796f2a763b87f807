from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from histoviewer.patches.patch import BENIGN, PatchColumns
from histoviewer.results.matching import Unmatched, match
from histoviewer.results.merging import merged_with, read_others
from histoviewer.results.reviews import Review
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record, slide_columns

PLACE = (0, 0)


def files(*names: str, sizes: list[int], stamps: list[int] | None = None) -> PatchColumns:
    """All at one place of their slide: what tells them apart is the file."""
    columns = folder_columns(names, places=[PLACE] * len(names))
    times = np.arange(1, len(names) + 1) if stamps is None else np.array(stamps)
    return replace(columns, file_size=np.array(sizes, np.int64), stamp=times.astype(np.int64))


def test_copies_are_known_by_name_size_and_the_end_of_the_path() -> None:
    theirs = files("1001/0/a.png", "1001/1/a.png", "b.png", "c.png", sizes=[10, 10, 20, 30])
    ours = files("0/a.png", "1/a.png", "deep/b.png", "c.png", sizes=[10, 10, 20, 31], stamps=[90, 91, 92, 93])
    found = match(theirs, np.arange(4), ours)
    assert found.row_of == {0: 0, 1: 1, 2: 2}
    assert found.unmatched == {Unmatched.OTHER_CONTENT: 1}


def test_what_fits_several_files_or_none_is_not_guessed() -> None:
    theirs = files("a.png", "x/b.png", "b.png", "y/c.png", sizes=[10, 20, 20, 30])
    ours = files("p/a.png", "q/a.png", "b.png", "z/c.png", sizes=[10, 10, 20, 30], stamps=[90, 91, 92, 93])
    found = match(theirs, np.arange(4), ours)
    assert found.row_of == {2: 2}, "the one at the very same place"
    assert found.unmatched == {Unmatched.AMBIGUOUS: 2, Unmatched.NO_FILE: 1}


def test_what_could_be_another_file_of_theirs_is_not_guessed_either() -> None:
    """Only one of their two is decided: ours may still be a copy of the other."""
    theirs = files("x/a.png", "y/a.png", "b.png", "z/b.png", sizes=[10, 10, 20, 20])
    ours = files("a.png", "b.png", sizes=[10, 20], stamps=[90, 91])
    found = match(theirs, np.array([0, 2]), ours)
    assert found.row_of == {2: 1}, "the one at the very same place"
    assert found.unmatched == {Unmatched.AMBIGUOUS: 1}
    sizes = replace(theirs, file_size=np.array([10, 11, 20, 20]))
    assert match(sizes, np.array([0]), ours).row_of == {0: 0}, "the size tells"


def test_names_that_differ_in_the_way_letters_are_written_only_are_not_guessed() -> None:
    theirs = files("\u00e9.png", sizes=[10])
    ours = files("e\u0301.png", "\u00e9.png", sizes=[10, 10], stamps=[90, 91])
    assert match(theirs, np.arange(1), ours).unmatched == {Unmatched.AMBIGUOUS: 1}


def test_without_a_size_the_time_must_be_the_same() -> None:
    theirs = files("a.png", "b.png", sizes=[0, 0], stamps=[5, 6])
    ours = files("a.png", "b.png", sizes=[10, 20], stamps=[5, 90])
    found = match(theirs, np.arange(2), ours)
    assert found.row_of == {0: 0}
    assert found.unmatched == {Unmatched.SIZE_UNKNOWN: 1}


def test_a_slide_of_another_scale_has_no_patch_there() -> None:
    theirs = replace(slide_columns(3, 2), file_size=np.array([7]), stamp=np.array([1]))
    ours = replace(slide_columns(3, 2, stride=100, side=100), file_size=np.array([7]), stamp=np.array([2]))
    assert match(theirs, np.arange(6), ours).unmatched == {Unmatched.OTHER_PLACE: 6}
    same = replace(theirs, stamp=np.array([2]))
    assert match(theirs, np.array([1, 4]), same).row_of == {1: 1, 4: 4}


@pytest.mark.parametrize("columns", [folder_columns(["a.png", "b.png"]), slide_columns(2, 1)])
def test_sizes_are_kept_and_added_to_files_of_earlier_programs(columns: PatchColumns, tmp_path: Path) -> None:
    path, sizes = tmp_path / "x.histo", np.array([11, 12][: len(columns.files)])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [0, 1], [0.5, 0.6])
    with closing(sqlite3.connect(path)) as connection:
        for table in ("run", "patch"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN file_size")
        connection.commit()
    assert ResultStore.read(path).columns.file_size.tolist() == [0]
    with ResultStore.open(path, replace(columns, file_size=sizes), facts()) as store:
        assert not np.isnan(store.probability).any(), "it goes on"
    assert ResultStore.read(path).columns.file_size.tolist() == sizes.tolist()


def test_a_reading_ends_when_its_check_says_so(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    columns = folder_columns([f"{i}.png" for i in range(20_000)])
    with ResultStore.open(tmp_path / "x.histo", columns, facts()) as store:
        store.decide([3], [Review(BENIGN, "Bob", "2026-11-26T08:00:00.000+00:00")])
    with pytest.raises(StopError):
        read_others(tmp_path / "x.histo", columns, own_path=tmp_path / "own.histo", check=stop)
    with ResultStore.open(tmp_path / "own.histo", columns, facts()) as store:
        assert merged_with(store, tmp_path / "x.histo").taken == 1
