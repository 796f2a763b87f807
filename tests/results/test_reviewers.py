from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.results.reviewers import cohens_kappa, pair_figures, reviewer_figures
from histoviewer.results.reviews import NO_REVIEW, UNSURE, Review, decided
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    columns = folder_columns([f"{i}.png" for i in range(6)])
    columns.truth[:] = [MALIGNANT, MALIGNANT, BENIGN, BENIGN, UNKNOWN, BENIGN]
    with ResultStore.open(tmp_path / "x.histo", columns, facts()) as store:
        record(store, range(6), np.array([0.9, 0.1, 0.8, 0.2, 0.9, np.nan], np.float32))
        store.decide([0, 1, 3], decided([MALIGNANT, MALIGNANT, BENIGN], reviewer="Ann"))
        store.decide([2, 4], decided([UNSURE, BENIGN], reviewer="Bob"))
    return store


def test_kappa_is_none_where_there_is_but_one_class() -> None:
    assert cohens_kappa([True, False, True], [True, False, False]) == pytest.approx(0.4)
    assert cohens_kappa([True, False], [True, True]) == 0
    assert cohens_kappa([True, True], [True, True]) is None
    assert cohens_kappa([], []) is None


def test_each_reviewer_has_counts_corrections_and_agreement(store: ResultStore) -> None:
    ann, bob = reviewer_figures(store, 0.5)
    assert (ann.name, ann.malignant, ann.benign, ann.unsure, ann.corrected) == ("Ann", 2, 1, 0, 1)
    assert ann.kappa == pytest.approx(0.4)
    assert (bob.name, bob.malignant, bob.benign, bob.unsure, bob.corrected) == ("Bob", 0, 1, 1, 1)


def test_the_time_a_patch_takes_leaves_pauses_out(store: ResultStore) -> None:
    times = ["08:00:00.000", "08:00:02.000", "08:00:02.000", "08:00:05.000", "09:30:00.000"]
    for row, time in enumerate(times):
        decision = replace(store.decisions[0], time=f"2026-11-26T{time}+00:00")
        store.ledger.own["Ann"][row] = decision
    ann, _bob = reviewer_figures(store, 0.5)
    assert ann.seconds == pytest.approx(1.0), "two took two seconds together, one took three"


def at(minute: int, review: int, reviewer: str) -> Review:
    return Review(review, reviewer, f"2026-11-26T08:{minute:02d}:00.000+00:00")


def test_each_keeps_what_another_decided_later_and_two_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "x.histo"
    with ResultStore.open(path, folder_columns([f"{i}.png" for i in range(5)]), facts()) as store:
        record(store, range(5), np.full(5, 0.9, np.float32))
        ann = [MALIGNANT, MALIGNANT, BENIGN, UNSURE]
        store.decide(range(4), [at(1, review, "Ann") for review in ann])
        bob = [MALIGNANT, BENIGN, BENIGN, BENIGN, BENIGN]
        store.decide(range(5), [at(2, review, "Bob") for review in bob])
        for one in (store, ResultStore.read(path)):
            figures = [(f.name, f.malignant, f.benign, f.unsure) for f in reviewer_figures(one, 0.5)]
            assert figures == [("Ann", 2, 1, 1), ("Bob", 1, 4, 0)]
            (pair,) = pair_figures(one)
            assert (pair.names, pair.both, pair.same) == (("Ann", "Bob"), 4, 2)
            # m m b and m b b: 2 of 3 alike, by chance (2/3 · 1/3 + 1/3 · 2/3) = 4/9
            assert pair.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))


def test_what_was_undone_or_cleared_is_nobodys(tmp_path: Path) -> None:
    with ResultStore.open(tmp_path / "x.histo", folder_columns(["0.png", "1.png"]), facts()) as store:
        record(store, range(2), np.full(2, 0.9, np.float32))
        store.decide([0], [at(1, MALIGNANT, "Ann")])
        store.decide([0], [at(2, BENIGN, "Bob")])
        store.decide([0], [at(1, MALIGNANT, "Ann")])  # as undo does
        store.decide([1], [at(3, BENIGN, "Bob")])
        store.decide([1], [at(4, NO_REVIEW, "Bob")])
        store.decide([1], [at(5, BENIGN, "Bob")])  # taken from Bob's file, by Ann
        store.decide([1], [at(6, NO_REVIEW, "Ann")])  # who undoes it
        assert [one.name for one in reviewer_figures(store, 0.5)] == ["Ann"]
        assert pair_figures(store) == []


def test_kappa_is_what_another_program_finds() -> None:
    random = np.random.default_rng(0)
    one = random.random(500) < 0.3
    other = one ^ (random.random(500) < 0.1)
    assert cohens_kappa(one.tolist(), other.tolist()) == pytest.approx(cohen_kappa_score(one, other))
