"""Which patch comes next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.gui.reviewing.queues import Queue, next_row
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.results.reviews import NO_REVIEW, UNSURE
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record

NAN = np.nan


def following(queue: Queue, store: ResultStore, *, after: int | None = None) -> int | None:
    """Of what nobody has decided."""
    return next_row(queue, store, 0.5, is_undecided=store.review == NO_REVIEW, after=after)


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    """Six patches; the fourth is not judged. Nearest 0.5 first: 2, 0, 4 (as near as 0), 1, 5."""
    columns = folder_columns([f"{i}.png" for i in range(6)])
    columns.truth[:] = [MALIGNANT, BENIGN, BENIGN, MALIGNANT, UNKNOWN, MALIGNANT]
    with ResultStore.open(tmp_path / "x.histo", columns, facts()) as store:
        record(store, range(6), np.array([0.375, 0.75, 0.53125, NAN, 0.625, 0.0625], np.float32))
    return store


def walked(store: ResultStore, queue: Queue) -> list[int | None]:
    seen: list[int | None] = []
    row = following(queue, store)
    while row is not None and row not in seen:
        seen.append(row)
        row = following(queue, store, after=row)
    return [*seen, row]


def test_the_least_certain_come_first_and_after_the_last_the_first_again(store: ResultStore) -> None:
    assert walked(store, Queue.UNCERTAIN) == [2, 0, 4, 1, 5, 2]


def test_what_is_decided_is_passed_over(store: ResultStore) -> None:
    store.review[[0, 4]] = UNSURE, BENIGN
    assert walked(store, Queue.UNCERTAIN) == [2, 1, 5, 2]
    assert following(Queue.UNCERTAIN, store, after=0) == 1, "it goes on from one that was decided"


def test_disagreements_are_those_of_known_truth_the_surest_first(store: ResultStore) -> None:
    assert walked(store, Queue.DISPUTED) == [5, 1, 0, 2, 5]


def test_nothing_is_left_in_the_end(store: ResultStore) -> None:
    store.review[:] = BENIGN
    store.review[2] = NO_REVIEW
    assert following(Queue.UNCERTAIN, store) == 2
    assert following(Queue.UNCERTAIN, store, after=2) is None
    store.review[2] = BENIGN
    assert following(Queue.UNCERTAIN, store) is None
