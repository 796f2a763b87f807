from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT, PatchColumns
from histoviewer.results.matching import Unmatched
from histoviewer.results.merging import Merged, merged_with
from histoviewer.results.reviews import UNSURE, Review, read_reviews
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record

NAMES = [f"{i}.png" for i in range(6)]


def at(minute: int, review: int, reviewer: str) -> Review:
    return Review(review, reviewer, f"2026-11-26T08:{minute:02d}:00.000+00:00")


def written(path: Path, decisions: Mapping[int, Review], columns: PatchColumns | None = None) -> Path:
    columns = folder_columns(NAMES) if columns is None else columns
    with ResultStore.open(path, columns, facts(model_sha256="cd" * 32)) as store:
        record(store, range(len(columns)), [0.5] * len(columns))
        store.decide(list(decisions), list(decisions.values()))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ResultStore]:
    """Ann has decided the first four."""
    with ResultStore.open(tmp_path / "ann.histo", folder_columns(NAMES), facts()) as store:
        record(store, range(6), [0.9] * 6)
        store.decide(range(4), [at(10 + row, row % 2, "Ann") for row in range(4)])
        yield store


def take(store: ResultStore, path: Path) -> Merged:
    merged = merged_with(store, path)
    store.decide(merged.rows, merged.decisions)
    return merged


def test_others_decisions_come_with_who_and_when(store: ResultStore, tmp_path: Path) -> None:
    of_bob = {4: at(1, MALIGNANT, "Bob"), 5: at(2, UNSURE, "Cid")}
    merged = take(store, written(tmp_path / "bob.histo", of_bob))
    assert (merged.taken, list(merged.reviewers), merged.both) == (2, ["Bob", "Cid"], 0)
    assert {row: store.decisions[row] for row in (4, 5)} == of_bob
    assert [store.decisions[row].reviewer for row in range(4)] == ["Ann"] * 4


def test_of_patches_decided_by_both_the_newest_counts_and_both_stay(
    store: ResultStore, tmp_path: Path
) -> None:
    """Ann: benign, malignant, benign, malignant; at 8:10 to 8:13."""
    of_bob = {
        0: at(50, MALIGNANT, "Bob"),
        1: at(51, MALIGNANT, "Bob"),
        2: at(1, BENIGN, "Bob"),
        3: at(2, UNSURE, "Bob"),
    }
    before = dict(store.decisions)
    merged = take(store, written(tmp_path / "bob.histo", of_bob))
    assert (merged.taken, merged.both, merged.same) == (4, 4, 2)
    # Ann b, m, b and Bob m, m, b: 2 of 3 agree, by chance (1/3 · 2/3 + 2/3 · 1/3) = 4/9
    assert merged.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    counting = {0: of_bob[0], 1: of_bob[1], 2: before[2], 3: before[3]}
    assert store.decisions == counting
    assert store.review.tolist()[:4] == [MALIGNANT, MALIGNANT, BENIGN, MALIGNANT]
    assert store.ledger.own == {"Ann": before, "Bob": of_bob}
    store.close()
    assert read_reviews(store.path).reviews == counting, "the file says the same"


def test_who_is_in_both_files_may_be_named_in_either_order(store: ResultStore, tmp_path: Path) -> None:
    """Ann's decision on another patch is of the same moment as her older one here: order must not depend
    on it."""
    same_moment = at(12, BENIGN, "Ann")
    theirs = {4: same_moment, 2: at(1, MALIGNANT, "Bob")}
    take(store, written(tmp_path / "bob.histo", theirs))
    assert store.decisions[2] == same_moment == store.decisions[4]
    store.close()
    assert read_reviews(store.path).reviews[2] == same_moment


def test_taken_twice_nothing_is_new(store: ResultStore, tmp_path: Path) -> None:
    path = written(tmp_path / "bob.histo", {0: at(50, BENIGN, "Bob"), 3: at(1, BENIGN, "Bob")})
    take(store, path)
    before = dict(store.decisions)
    again = take(store, path)
    assert (again.taken, again.known, list(again.rows)) == (0, 2, [])
    assert store.decisions == before


def test_who_has_decided_anew_since_is_not_set_back(store: ResultStore, tmp_path: Path) -> None:
    take(store, written(tmp_path / "new.histo", {0: at(50, BENIGN, "Bob")}))
    again = take(store, written(tmp_path / "old.histo", {0: at(20, MALIGNANT, "Bob")}))
    assert (again.taken, again.known) == (0, 1)
    assert store.ledger.own["Bob"][0] == at(50, BENIGN, "Bob")


def test_patches_are_known_by_what_they_are_not_by_their_row(store: ResultStore, tmp_path: Path) -> None:
    columns = folder_columns(["x.png", "5.png", "4.png"], places=[(900, 0), (250, 0), (200, 0)])
    theirs = {row: at(1, row % 2, "Bob") for row in range(3)}
    merged = take(store, written(tmp_path / "bob.histo", theirs, columns))
    assert (merged.taken, merged.unmatched) == (2, {Unmatched.NO_FILE: 1})
    assert (store.decisions[5], store.decisions[4]) == (theirs[1], theirs[2])


def test_files_that_have_nothing_to_take_say_why(store: ResultStore, tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="very source"):
        merged_with(store, store.path)
    with pytest.raises(ResultError, match="no result file"):
        merged_with(store, tmp_path / "none.histo")
    (tmp_path / "text.histo").write_text("This is no database, however long it may become. " * 40)
    with pytest.raises(ResultError, match=r"text\.histo is damaged.*Ask for a new copy"):
        merged_with(store, tmp_path / "text.histo")
    with closing(sqlite3.connect(tmp_path / "foreign.histo")) as foreign:
        foreign.executescript("CREATE TABLE t (x); INSERT INTO t VALUES (1);")
    with pytest.raises(ResultError, match="not a result file"):
        merged_with(store, tmp_path / "foreign.histo")
    newer = written(tmp_path / "newer.histo", {4: at(1, BENIGN, "Bob")})
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ResultError, match="format 99"):
        merged_with(store, newer)
    with pytest.raises(ResultError, match="no reviews"):
        merged_with(store, written(tmp_path / "empty.histo", {}))
    other = folder_columns(["y.png"])
    with pytest.raises(ResultError, match="None of the 1 reviews"):
        merged_with(store, written(tmp_path / "other.histo", {0: at(1, BENIGN, "Bob")}, other))
    with pytest.raises(ResultError, match="a time that is none"):
        merged_with(store, written(tmp_path / "time.histo", {4: Review(BENIGN, "Bob", "yesterday")}))


def test_times_of_other_zones_are_compared_as_moments(store: ResultStore, tmp_path: Path) -> None:
    """9:05 at +01:00 is 8:05, before Ann's 8:10."""
    theirs = {0: Review(MALIGNANT, "Bob", "2026-11-26T09:05:00+01:00")}
    take(store, written(tmp_path / "bob.histo", theirs))
    assert store.decisions[0].reviewer == "Ann"
    assert store.ledger.own["Bob"] == {0: Review(MALIGNANT, "Bob", "2026-11-26T08:05:00.000+00:00")}


def test_a_file_whose_reviews_are_all_of_patches_gone_says_so(store: ResultStore, tmp_path: Path) -> None:
    """Its folder was classified again after the decided files had been taken out of it."""
    path = written(tmp_path / "bob.histo", {0: at(1, BENIGN, "Bob"), 1: at(2, BENIGN, "Bob")})
    columns = folder_columns(NAMES[2:])
    with ResultStore.open(path, columns, facts(model_sha256="cd" * 32)) as later:
        record(later, range(len(columns)), [0.5] * len(columns))
    with pytest.raises(ResultError, match=r"Of the 2 reviews in .* none is of a patch"):
        merged_with(store, path)
