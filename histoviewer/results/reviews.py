"""What people decided of patches, kept beside the answers and apart from them.

A decision is added, never changed: the latest of a patch counts, and the network's answer stays what it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import BENIGN, MALIGNANT, PatchColumns
from histoviewer.results.outputs import SUFFIX as SUFFIX
from histoviewer.results.patch_table import read_patches, same_patches
from histoviewer.results.runs import Run, RunFacts, latest_run
from histoviewer.results.schema import encoded, has_table
from histoviewer.results.sqlite_file import (
    checked,
    committed,
    end_writing,
    nothing_in,
    open_for_reading,
    open_for_writing,
    sqlite_errors,
)

NO_REVIEW, UNSURE = -1, 2
"""Values of the ``review`` column, beside BENIGN and MALIGNANT."""

REVIEW_NAMES = ("benign", "malignant", "unsure", "")
"""By BENIGN, MALIGNANT, UNSURE and, as -1 is the last, NO_REVIEW."""

_STORED = {BENIGN: "benign", MALIGNANT: "malignant", UNSURE: "unsure", NO_REVIEW: "clear"}
_READ = {name: review for review, name in _STORED.items()}


@dataclass(frozen=True, slots=True)
class Review:
    """A decision.

    Attributes:
        review: BENIGN, MALIGNANT or UNSURE; to clear one, NO_REVIEW.
        reviewer: who decided.
        time: when, ISO 8601, UTC.
    """

    review: int
    reviewer: str
    time: str


def decided(reviews: Sequence[int], *, reviewer: str) -> list[Review]:
    """Decisions that this person makes now, one for each review."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    made = {review: Review(review, reviewer, time) for review in set(reviews)}
    return [made[review] for review in reviews]


class Ledger:
    """What follows from decisions, one after the other as they were made.

    Attributes:
        counting: row -> its latest decision; none of those cleared since.
        own: reviewer -> row -> that person's latest decision, also where another's came later; none that was
            cleared or undone.
    """

    def __init__(self) -> None:
        self.counting: dict[int, Review] = {}
        self.own: dict[str, dict[int, Review]] = {}

    def take(self, rows: Sequence[int], decisions: Sequence[Review]) -> None:
        """The next ones, a row each."""
        kinds = {id(decision): decision for decision in decisions}.values()
        names = {decision.reviewer for decision in kinds}
        is_clearing = any(decision.review == NO_REVIEW for decision in kinds)
        if len(names) == 1 and not is_clearing and self.counting.keys().isdisjoint(rows):
            # Thousands are decided together, and nothing of them follows from what was before.
            self.own.setdefault(names.pop(), {}).update(zip(rows, decisions, strict=True))
            self.counting.update(zip(rows, decisions, strict=True))
            return
        for row, decision in zip(rows, decisions, strict=True):
            self._take(row, decision)

    def _take(self, row: int, decision: Review) -> None:
        own, before = self.own.setdefault(decision.reviewer, {}), self.counting.get(row)
        if decision.review == NO_REVIEW:
            own.pop(row, None)
            self.counting.pop(row, None)
            if before is not None:
                self.own[before.reviewer].pop(row, None)
            return
        if before is not None and decision.time < before.time and decision.reviewer != before.reviewer:
            # An older one counts again: the newer was undone.
            self.own[before.reviewer].pop(row, None)
        own[row] = self.counting[row] = decision

    def copy(self) -> Ledger:
        """For another thread."""
        copied = Ledger()
        copied.counting = dict(self.counting)
        copied.own = {name: dict(own) for name, own in self.own.items()}
        return copied


@dataclass(frozen=True, slots=True, eq=False)
class Reviewed:
    """The patches of a run, and what counts of the decisions.

    Attributes:
        columns: the run's patches, n of them.
        facts: what the run was made with.
        ledger: the decisions, row by row.
        outdated: decisions that count of patches that the run no longer has, or that have changed since.
    """

    columns: PatchColumns
    facts: RunFacts
    ledger: Ledger
    outdated: int

    @property
    def reviews(self) -> Mapping[int, Review]:
        """Row -> its latest decision; none of those cleared since."""
        return self.ledger.counting

    @property
    def column(self) -> NDArray[np.int8]:
        """BENIGN, MALIGNANT, UNSURE or NO_REVIEW of each patch, int8 (n,)."""
        column = np.full(len(self.columns), NO_REVIEW, np.int8)
        for row, found in self.reviews.items():
            column[row] = found.review
        return column


def write_review(path: Path, row: int, review: int, *, reviewer: str) -> None:
    """``write_reviews`` of one patch."""
    write_reviews(path, [row], [review], reviewer=reviewer)


def write_reviews(path: Path, rows: Sequence[int], reviews: Sequence[int], *, reviewer: str) -> None:
    """Add decisions on patches of the run begun last, one each: BENIGN, MALIGNANT, UNSURE, or NO_REVIEW,
    which clears; no row twice.

    All are in the file when this returns, or none. Raises ResultError when there is no such result file, or
    it is damaged, in use (an open ``ResultStore`` holds it), or cannot be written; ValueError for another row
    or review.
    """
    with open_for_reading(path):
        pass  # it is there, and one of ours: opened for writing it would be made
    connection = open_for_writing(path)
    try:
        with sqlite_errors(path):
            add_reviews(connection, _run_in(connection, path), rows, decided(reviews, reviewer=reviewer))
    finally:
        end_writing(connection)


def add_reviews(
    connection: sqlite3.Connection, run: Run, rows: Sequence[int], decisions: Sequence[Review]
) -> None:
    """The same, each by whom and when it says, in the transaction that is open or a new one, which is
    committed. Of a row that is there twice the later decision counts.

    Raises sqlite3.Error, and then nothing was changed.
    """
    turns = [_patches_by_decision(run, *turn) for turn in _in_turns(rows, decisions)]
    reviews = {decision.review for patches in turns for decision in patches}
    wrong = [row for row in rows if not 0 <= row < run.patch_count]
    if wrong or not reviews <= _STORED.keys():
        raise ValueError(f"no such rows ({wrong}) or reviews ({reviews - _STORED.keys()})")
    with committed(connection):
        for decision, ids in (item for patches in turns for item in patches.items()):
            # Three times as fast as a statement for each of a slide's patches.
            connection.execute(
                "INSERT INTO review (patch, class, reviewer, time) "
                "SELECT value, ?, CAST(? AS TEXT), ? FROM json_each(?)",
                (_STORED[decision.review], encoded(decision.reviewer), decision.time, json.dumps(ids)),
            )


def _in_turns(
    rows: Sequence[int], decisions: Sequence[Review]
) -> Iterator[tuple[Sequence[int], Sequence[Review]]]:
    """No row twice in a turn, and its decisions in their order."""
    if len(set(rows)) == len(rows):
        yield rows, decisions
        return
    left = list(zip(rows, decisions, strict=True))
    while left:
        turn: dict[int, Review] = {}
        later = []
        for row, decision in left:
            if row in turn:
                later.append((row, decision))
            turn.setdefault(row, decision)
        yield list(turn), list(turn.values())
        left = later


def _patches_by_decision(
    run: Run, rows: Sequence[int], decisions: Sequence[Review]
) -> dict[Review, list[int]]:
    """Ids of the patches of each decision: thousands are decided together, and few decisions differ."""
    patches: dict[Review, list[int]] = {}
    distinct = {id(decision): decision for decision in decisions}
    by_id = {key: patches.setdefault(decision, []) for key, decision in distinct.items()}
    for row, decision in zip(rows, decisions, strict=True):
        by_id[id(decision)].append(run.first_patch + row)
    return patches


def read_reviews(path: Path, *, check: Callable[[], object] = lambda: None) -> Reviewed:
    """The run begun last, and what counts of the decisions on its patches, in whichever run they were made.

    ``check`` is called now and then, and what it raises ends the reading. Raises ResultError when there is no
    such file, or it is damaged, foreign or newer.
    """
    with open_for_reading(path) as connection, checked(connection, check):
        run = _run_in(connection, path)
        return latest_reviews(connection, run, read_patches(connection, run.number))


def latest_reviews(connection: sqlite3.Connection, run: Run, columns: PatchColumns) -> Reviewed:
    """The same of a run with its patches."""
    ledger = Ledger()
    outdated: set[int] = set()
    row_of = _rows_by_patch(connection, run, columns)
    for patch, name, reviewer, time in _history(connection):
        row = row_of.get(patch)
        if row is None:
            (outdated.discard if name == _STORED[NO_REVIEW] else outdated.add)(patch)
        else:
            ledger.take([row], [Review(_READ[name], reviewer, time)])
    return Reviewed(columns, run.facts, ledger, len(outdated))


def _history(connection: sqlite3.Connection) -> Iterator[tuple[int, str, str, str]]:
    if has_table(connection, "review"):
        yield from connection.execute("SELECT patch, class, reviewer, time FROM review ORDER BY number")


def _rows_by_patch(connection: sqlite3.Connection, run: Run, columns: PatchColumns) -> dict[int, int]:
    """Id of each patch that was ever decided of -> its row in the run; without those that the run lacks."""
    reviewed = sorted({patch for patch, *_others in _history(connection)})
    if not reviewed:
        return {}
    found = {}
    others = connection.execute(
        "SELECT max(number), first_patch, patch_count FROM run GROUP BY first_patch, patch_count"
    )
    for number, first, count in others.fetchall():
        ids = [patch for patch in reviewed if first <= patch < first + count]
        if first == run.first_patch:
            found.update({patch: patch - first for patch in ids})
        elif ids:
            old, new = same_patches(read_patches(connection, number), columns)
            row_of = dict(zip(old.tolist(), new.tolist(), strict=True))
            found.update({patch: row_of[patch - first] for patch in ids if patch - first in row_of})
    return found


def _run_in(connection: sqlite3.Connection, path: Path) -> Run:
    run = latest_run(connection)
    if run is None:
        raise nothing_in(path)
    return run
