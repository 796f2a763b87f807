from __future__ import annotations

import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT, NO_LOCATION, PatchColumns
from histoviewer.results.store import COMMIT_PATCHES, ResultStore, is_positive
from tests.results.record_forever import BLOCK, COLUMNS, ROWS, probability_of
from tests.results.samples import facts, fill_disk, folder_columns, record, slide_columns, taken

ROOT = Path(__file__).resolve().parents[2]
AWKWARD_NAMES = ["a 😐.png", "зло/клетка.png", "new\nline.png", 'it\'s "quoted".png', "b\udcff.png"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "8867.histo"


def same_columns(one: PatchColumns, other: PatchColumns) -> bool:
    arrays = ("patient", "x", "y", "width", "height", "truth", "stamp")
    same_arrays = all(np.array_equal(getattr(one, a), getattr(other, a)) for a in arrays)
    same_types = all(getattr(one, a).dtype == getattr(other, a).dtype for a in arrays)
    same_names = list(one.files) == list(other.files) and one.patients == other.patients
    return same_arrays and same_types and same_names


def count(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def test_everything_is_pending_in_a_new_store(path: Path) -> None:
    with ResultStore.open(path, folder_columns(["a.png", "b.png"]), facts()) as store:
        assert store.pending().tolist() == [0, 1]
        assert np.isnan(store.probability).all()
        assert store.probability.dtype == np.float32
        assert store.width.tolist() == [50, 50]


def test_a_file_that_does_not_say_how_pixels_were_judged_goes_on(path: Path) -> None:
    columns = folder_columns(["a.png", "b.png"])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [0], [0.25])
        run_id = store.run_id
    with closing(sqlite3.connect(path)) as connection:  # as an earlier program left it
        connection.execute("ALTER TABLE run DROP COLUMN pixels")
    read = ResultStore.read(path)
    assert read.facts == facts()
    assert read.facts.pixels == ""
    with ResultStore.open(path, columns, facts(pixels="as stored")) as store:
        assert store.run_id == run_id, "it is no other run"
        assert store.pending().tolist() == [1]
        assert store.facts.pixels == "", "what its beginning did not say is not made up"
    with ResultStore.open(path, columns, facts(pixels="as stored"), restart=True) as store:
        assert store.run_id != run_id
    assert ResultStore.read(path).facts.pixels == "as stored"


def test_an_earlier_program_writes_into_a_file_of_now(path: Path) -> None:
    columns = folder_columns(["a.png"])
    with ResultStore.open(path, columns, facts(pixels="as stored")) as store:
        record(store, [0], [0.25])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        names = [row[1] for row in connection.execute("PRAGMA table_info(run)") if row[1] != "pixels"]
        listed = ", ".join(names)
        connection.execute(f"CREATE TEMP TABLE older AS SELECT {listed} FROM run")
        connection.execute("UPDATE older SET number = 7, id = 'older'")
        connection.execute(f"INSERT INTO run ({listed}) SELECT {listed} FROM older")
        connection.commit()
    assert ResultStore.read(path).run_id == "older"
    assert ResultStore.read(path).facts.pixels == ""


def test_a_run_goes_on_where_it_was(path: Path) -> None:
    columns = folder_columns(["a.png", "b.png", "c.png"])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [2, 0], [0.25, 1 / 3], sizes=[(32, 50), (50, 50)], notes={2: "truncated"})
        run_id = store.run_id
    with ResultStore.open(path, columns, facts(started="later", threshold=0.9)) as store:
        assert store.pending().tolist() == [1]
        assert store.probability[[0, 2]].tolist() == [np.float32(1 / 3), 0.25]
        assert store.patch_probability[2] == 0.25
        assert (store.width[2], store.height[2]) == (32, 50)
        assert store.note(2) == "truncated"
        assert store.truncated.tolist() == [2]
        assert (store.run_id, store.facts) == (run_id, facts())


def test_a_failed_patch_is_tried_again_only_when_the_file_is_next_opened(path: Path) -> None:
    columns = folder_columns(["a.png", "b.png"])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [0, 1], [0.5, np.nan], sizes=[(50, 50), (0, 0)], notes={1: "failed: not an image"})
        assert store.failures == {1: "not an image"}
        assert store.note(1) == "failed: not an image"
        assert store.height[1] == 50
        assert not len(store.pending())
    with ResultStore.open(path, columns, facts()) as store:
        assert store.failures == {1: "not an image"}
        assert store.pending().tolist() == [1]
        record(store, [1], [0.75])
        assert store.failures == {}
        assert not store.failed.any()
    assert ResultStore.read(path).note(1) == ""


def test_a_probability_that_is_no_number_is_a_failure(path: Path) -> None:
    with ResultStore.open(path, folder_columns(["a.png", "b.png"]), facts()) as store:
        record(store, [0], [np.nan])
        assert store.note(0).startswith("failed: ")
        assert store.pending().tolist() == [1]


@pytest.mark.parametrize(
    "changes",
    [{"model_sha256": "cd" * 32}, {"mpp": 2.0}, {"stride": 25.0}, {"tissue_only": True}],
)
def test_other_facts_begin_a_new_run_and_the_older_stays(path: Path, changes: dict[str, object]) -> None:
    columns = folder_columns(["a.png", "b.png"])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [0], [0.5])
        older = store.run_id
    with ResultStore.open(path, columns, facts(**changes)) as store:
        assert store.run_id != older
        assert store.pending().tolist() == [0, 1]
    assert (count(path, "run"), count(path, "result"), count(path, "patch")) == (2, 1, 2)
    with ResultStore.open(path, columns, facts()) as store:
        assert store.run_id == older
        assert store.probability[0] == 0.5


def test_restart_judges_all_anew_and_is_itself_continued(path: Path) -> None:
    columns = folder_columns(["a.png", "b.png"])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [0, 1], [0.5, 0.6])
    with ResultStore.open(path, columns, facts(), restart=True) as store:
        assert store.pending().tolist() == [0, 1]
        record(store, [1], [0.9])
        restarted = store.run_id
    with ResultStore.open(path, columns, facts()) as store:
        assert store.run_id == restarted
        assert store.pending().tolist() == [0]
    assert count(path, "result") == 3


def test_answers_of_files_that_are_still_there_are_taken_over(path: Path) -> None:
    before = folder_columns(["a.png", "b.png", "c.png", "d.png"], patients=["1", "2", "2", "3"])
    after = folder_columns(
        ["d.png", "new.png", "c.png", "a.png"], places=[(150, 0), (7, 7), (100, 0), (1, 0)]
    )
    with ResultStore.open(path, before, facts()) as store:
        notes = {2: "truncated", 3: "failed: damaged"}
        sizes = [(50, 50), (50, 50), (50, 9), (0, 0)]
        record(store, [0, 1, 2, 3], [0.1, 0.2, 0.3, np.nan], sizes=sizes, notes=notes)
        older = store.run_id
    with ResultStore.open(path, after, facts()) as store:
        assert store.run_id != older
        # d failed, new is new, a lies elsewhere now
        assert store.pending().tolist() == [0, 1, 3]
        assert store.probability[2] == np.float32(0.3)
        assert store.height[2] == 9
        assert [store.note(row) for row in range(4)] == ["", "", "truncated", ""]
    assert ResultStore.read(path).probability[2] == np.float32(0.3)
    with ResultStore.open(path, before, facts()) as store:
        assert store.run_id == older
        assert store.pending().tolist() == [3]


def test_loose_patches_that_are_gone_are_not_mistaken_for_others(path: Path) -> None:
    nowhere = (NO_LOCATION, NO_LOCATION)
    before = folder_columns(["a.png", "b.png", "c.png"], places=[nowhere] * 3)
    with ResultStore.open(path, before, facts()) as store:
        record(store, [0, 1, 2], [0.1, 0.2, 0.3])
    after = folder_columns(["c.png", "d.png", "e.png"], places=[nowhere] * 3)
    with ResultStore.open(path, after, facts()) as store:
        assert store.pending().tolist() == [1, 2]
        assert store.probability[0] == np.float32(0.3)


def test_patches_of_a_slide_are_taken_over_by_location(path: Path) -> None:
    whole = slide_columns(4, 3)
    with ResultStore.open(path, whole, facts()) as store:
        record(store, range(12), np.arange(12) / 12)
    kept = np.array([1, 6, 11])
    part = taken(whole, kept)
    with ResultStore.open(path, part, facts()) as store:
        assert store.probability.tolist() == (kept / 12).astype(np.float32).tolist()


def test_a_file_is_read_without_its_source(path: Path) -> None:
    columns = folder_columns(
        AWKWARD_NAMES,
        places=[(0, 0), (50, 0), (NO_LOCATION, NO_LOCATION), (3, 2), (2, 3)],
        patients=["x", "x", "y\n", "y\n", "ю"],
        truth=[BENIGN, MALIGNANT, MALIGNANT, -1, -1],
    )
    columns = replace(columns, stamp=np.array([5, -(1 << 63), (1 << 63) - 1, 0, 2]))
    with ResultStore.open(path, columns, facts(tissue_only=True)) as store:
        record(store, [4], [0.5], notes={4: "truncated"})
        run_id = store.run_id
    read = ResultStore.read(path)
    assert same_columns(read.columns, columns)
    assert (read.run_id, read.facts) == (run_id, facts(tissue_only=True))
    assert read.pending().tolist() == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match="reading only"):
        record(read, [0], [0.5])


@pytest.mark.parametrize("columns", [slide_columns(3, 2), slide_columns(1, 1), slide_columns(0, 0)])
def test_a_slides_one_name_serves_all_its_patches(path: Path, columns: PatchColumns) -> None:
    ResultStore.open(path, columns, facts()).close()
    assert same_columns(ResultStore.read(path).columns, columns)


def test_a_reader_sees_what_was_flushed_while_another_writes(path: Path) -> None:
    with ResultStore.open(path, folder_columns(["a.png", "b.png"]), facts()) as store:
        record(store, [1], [0.5])
        store.flush()
        assert ResultStore.read(path).pending().tolist() == [0]


def test_a_second_writer_is_refused(path: Path) -> None:
    columns = folder_columns(["a.png", "b.png"])
    with ResultStore.open(path, columns, facts()) as store:
        record(store, [0], [0.5])
        store.flush()
        with pytest.raises(ResultError, match=r"in use") as refused:
            ResultStore.open(path, columns, facts())
        assert "\n" not in str(refused.value)
        record(store, [1], [0.5])
    assert not len(ResultStore.read(path).pending())


def test_a_finished_file_is_a_single_file_that_can_be_copied(path: Path) -> None:
    with ResultStore.open(path, slide_columns(100, 100), facts()) as store:
        record(store, range(10_000), np.full(10_000, 0.25))
    assert list(path.parent.iterdir()) == [path]
    header = path.read_bytes()[:20]
    assert header[18:20] == b"\x01\x01", "still marked for a write-ahead log"


def test_a_killed_process_loses_no_more_than_half_a_second(path: Path) -> None:
    command = [sys.executable, "-m", "tests.results.record_forever", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        recorded = 0
        while recorded < 20_000:
            recorded = int(child.stdout.readline())
        child.kill()
        recorded = max([recorded, *map(int, child.stdout.read().split("\n")[:-1])])
    assert recorded < COLUMNS * ROWS, "it was over before it was killed"
    with ResultStore.open(path, slide_columns(COLUMNS, ROWS), facts()) as store:
        judged = np.flatnonzero(~np.isnan(store.probability))
        assert len(judged) >= recorded - COMMIT_PATCHES - BLOCK
        assert (store.probability[judged] == probability_of(judged)).all()
        assert len(store.pending()) == COLUMNS * ROWS - len(judged)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_is_told_once_and_costs_nothing_that_was_computed(path: Path) -> None:
    columns = slide_columns(COLUMNS, ROWS)
    ResultStore.open(path, columns, facts()).close()
    command = [
        sys.executable,
        "-m",
        "tests.results.record_forever",
        str(path),
        str(path.stat().st_size * 5 // 4),
    ]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    lines = child.stdout.splitlines()
    errors = [line for line in lines if line.startswith("error")]
    assert child.returncode == 0, child.stderr
    assert len(errors) == 1
    assert str(path) in errors[0]
    assert "space" in errors[0]
    unsaved = int(lines[-2].removeprefix("unsaved: "))
    assert f"{unsaved} patches could not be kept" in lines[-1]
    with ResultStore.open(path, columns, facts()) as store:
        judged = np.flatnonzero(~np.isnan(store.probability))
        assert len(judged) == COLUMNS * ROWS - unsaved > 0
        assert (store.probability[judged] == probability_of(judged)).all()


def test_a_full_disk_that_is_freed_gets_all_that_was_computed(path: Path) -> None:
    columns = slide_columns(200, 100)
    rows = np.arange(20_000)
    with ResultStore.open(path, columns, facts()) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(ResultError, match=r"disk is full"):
            record(store, rows[:10_000], probability_of(rows[:10_000]))
        record(store, rows[10_000:], probability_of(rows[10_000:]))
        store.flush()
        assert store.unsaved == 20_000
        store._connection.execute("PRAGMA max_page_count = 100000")
        store.flush()
        assert store.unsaved == 0
    assert (ResultStore.read(path).probability == probability_of(rows)).all()


def test_closing_on_a_full_disk_says_so_however_often_it_was_told(path: Path) -> None:
    rows = np.arange(20_000)
    store = ResultStore.open(path, slide_columns(200, 100), facts())
    fill_disk(store)
    with pytest.raises(ResultError, match=r"disk is full"):
        record(store, rows, probability_of(rows))
    with pytest.raises(ResultError, match=r"answers of 20000 patches could not be kept\..*disk is full"):
        store.save()
    with pytest.raises(ResultError, match=r"20000 patches"):
        store.close()
    store.close()
    assert np.isnan(ResultStore.read(path).probability).all()


def test_who_ends_the_program_on_a_full_disk_is_not_kept_from_it(path: Path) -> None:
    rows = np.arange(20_000)
    store = ResultStore.open(path, slide_columns(200, 100), facts())
    fill_disk(store)
    with pytest.raises(ResultError):
        record(store, rows, probability_of(rows))
    store.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert store.unsaved == 20_000


def test_a_million_patches_would_take_less_than_two_hundred_bytes_each(path: Path) -> None:
    n = 100_000
    tracemalloc.start()
    try:
        with ResultStore.open(path, slide_columns(n // 100, 100), facts()) as store:
            record(store, np.arange(n), np.full(n, 0.5))
            held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held / n < 200


def test_a_stored_probability_reaches_the_threshold_it_was_written_as() -> None:
    probabilities = np.array([0.7, 0.69, np.nan, 0.71], np.float32)
    assert is_positive(probabilities, 0.7).tolist() == [True, False, False, True]


def test_other_content_under_the_same_names_is_judged_anew(path: Path) -> None:
    before = replace(folder_columns(["a.png", "b.png", "c.png"]), stamp=np.array([1 << 40, -7, 3]))
    after = replace(before, stamp=np.array([2 << 40, -7, 4]))
    with ResultStore.open(path, before, facts()) as store:
        record(store, [0, 1, 2], [0.1, 0.2, 0.3])
        older = store.run_id
    with ResultStore.open(path, after, facts()) as store:
        assert store.run_id != older
        assert store.pending().tolist() == [0, 2]
        assert store.probability[1] == np.float32(0.2)
    with ResultStore.open(path, before, facts()) as store:
        assert store.run_id == older
        assert not len(store.pending())


def test_another_slide_of_the_same_name_is_judged_anew(path: Path) -> None:
    before = replace(slide_columns(3, 2), stamp=np.array([1 << 50]))
    with ResultStore.open(path, before, facts()) as store:
        record(store, range(6), np.arange(6) / 6)
    with ResultStore.open(path, replace(before, stamp=np.array([1])), facts()) as store:
        assert store.pending().tolist() == list(range(6))


def test_a_patch_without_an_answer_is_failed_though_it_was_truncated(path: Path) -> None:
    with ResultStore.open(path, folder_columns(["a.png", "b.png"]), facts()) as store:
        record(store, [0, 1], [np.nan, 0.5], notes={0: "truncated", 1: "truncated"})
        assert store.failures == {0: "the model gave no probability"}
        assert store.truncated.tolist() == [1]
