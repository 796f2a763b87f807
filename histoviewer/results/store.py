"""``ResultStore``: the one home of probabilities, columns in memory and a SQLite file behind them."""

from __future__ import annotations

import copy
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ResultError
from histoviewer.patches.patch import FAILED, TRUNCATED, PatchColumns
from histoviewer.results import runs
from histoviewer.results.answers import ANSWER, read_answers, write_answers
from histoviewer.results.copies import write_copy
from histoviewer.results.patch_table import keep_file_sizes, read_patches, same_patches
from histoviewer.results.reviews import (
    NO_REVIEW,
    Ledger,
    Review,
    Reviewed,
    add_reviews,
    latest_reviews,
)
from histoviewer.results.runs import Run, RunFacts
from histoviewer.results.sqlite_file import (
    end_writing,
    nothing_in,
    open_for_reading,
    open_for_writing,
    sqlite_errors,
)
from histoviewer.translation import _, plural

__all__ = ["FAILED", "TRUNCATED", "ResultStore", "RunFacts", "is_positive"]

COMMIT_SECONDS = 0.5
COMMIT_PATCHES = 2048
"""What a killed process loses at most: the answers of so much time, or so many."""

RETRY_SECONDS = 10.0
"""How often a file that could not be written is tried again, unasked."""

_COLUMNS = ("probability", "patch_probability", "width", "height")


Recombine = Callable[[NDArray[np.float32], NDArray[np.intp]], tuple[NDArray[np.intp], NDArray[np.float32]]]
"""Given the networks' answers of all patches, float32 (n,), NaN where not judged, and the rows whose answers
are new: which rows' probabilities follow from them, intp (m,), and what these are, float32 (m,). A
probability may depend on the answers alone, not on the order in which they came; NaN stays NaN."""


def each_by_itself(
    answers: NDArray[np.float32], rows: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """A ``Recombine`` without neighbours: a patch's probability is the network's answer."""
    return rows, answers[rows]


def is_positive(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.bool_]:
    """Where a probability reaches the threshold; never where nothing was judged (NaN).

    The one place of this comparison, in float32 as the probabilities are: a stored 0.7 reaches 0.7.
    """
    return probabilities >= np.float32(threshold)


class ResultStore:
    """Answers of one run over the patches of one source.

    The columns in memory are what counts; the file follows them within half a second, as long as ``record``
    or ``keep_up`` is called, and a process that is killed loses no more than that. One process writes a file
    at a time; others may read it. Not for two threads at once, but it may be opened in one and handed to
    another.

    Attributes:
        path: the ``.histo`` file.
        columns: the source's patches, n of them.
        facts: what the run was made with: those of its beginning, also where it is continued.
        run_id: short hex string that names the run in exports.
        probability: float32 (n,), of malignancy; NaN where not judged. It follows from the answers of the
            patch and, with some models, of its neighbours.
        patch_probability: float32 (n,), the network's answer for the patch alone.
        width, height: int32 (n,), true level-0 pixels of what was judged; nominal before.
        failed: bool (n,), what could not be judged; ``failures`` says why.
        changed: intp, ascending, rows that the last ``record`` said something new of: those that it took,
            and judged ones whose neighbours they are.
        review: int8 (n,), what a person decided: BENIGN, MALIGNANT, UNSURE, NO_REVIEW. It never changes an
            answer.
        ledger: all decisions, with who and when.
    """

    def __init__(
        self,
        path: Path,
        columns: PatchColumns,
        run: Run,
        connection: sqlite3.Connection | None,
        recombine: Recombine = each_by_itself,
    ) -> None:
        """Use ``open`` or ``read``."""
        self.path = path
        self.columns = columns
        self.facts = run.facts
        self.run_id = run.id
        self.probability = np.full(len(columns), np.nan, np.float32)
        self.patch_probability = self.probability.copy()
        self.width = columns.width.astype(np.int32)
        self.height = columns.height.astype(np.int32)
        self.review = np.full(len(columns), NO_REVIEW, np.int8)
        self.ledger = Ledger()
        self.failed = np.zeros(len(columns), np.bool_)
        self._notes: dict[int, str] = {}
        self._was_tried = np.zeros(len(columns), np.bool_)
        self._run = run
        self.changed = np.empty(0, np.intp)
        self._connection = connection
        self._recombine = recombine
        self._is_unsaved = np.zeros(len(columns), np.bool_)
        self._tried_at = time.monotonic()
        self._is_in_trouble = False

    @classmethod
    def open(
        cls,
        path: Path,
        columns: PatchColumns,
        facts: RunFacts,
        *,
        restart: bool = False,
        recombine: Recombine = each_by_itself,
    ) -> ResultStore:
        """Continue the latest run with the same model, scale, stride and patches, or begin a new one.

        Older runs stay in the file. When patches came, went or changed since the last run, the answers of
        those that are as they were are taken over; not with ``restart``, which judges everything anew.
        ``recombine``: how probabilities follow from answers, the same for the same model. Raises
        ResultError when the file is damaged, foreign, newer, in use, or cannot be written.
        """
        connection = open_for_writing(path)
        try:
            with sqlite_errors(path):
                return cls._opened(path, columns, facts, connection, restart=restart, recombine=recombine)
        except BaseException:
            end_writing(connection)
            raise

    @classmethod
    def read(cls, path: Path) -> ResultStore:
        """The run begun last, with its patches, without their source. Nothing can be recorded in it.

        The file is let go at once; a process that writes it meanwhile is not disturbed. Raises
        ResultError when there is no such file, or it is damaged, foreign or newer.
        """
        with open_for_reading(path) as connection:
            run = runs.latest_run(connection)
            if run is None:
                raise nothing_in(path)
            return cls._loaded(path, connection, run)

    @property
    def failures(self) -> dict[int, str]:
        """Row -> why it could not be judged; to count them, ``failed`` is far cheaper."""
        rows = np.flatnonzero(self.failed).tolist()
        return {row: self._notes[row].removeprefix(FAILED) for row in rows}

    @property
    def truncated(self) -> NDArray[np.intp]:
        """Rows that were judged though they are smaller than a patch, ascending."""
        return np.array(sorted(row for row, note in self._notes.items() if note == TRUNCATED), np.intp)

    @property
    def unsaved(self) -> int:
        """Patches whose answers are in memory only. Not zero after ``flush`` where there is no writing."""
        return int(np.count_nonzero(self._is_unsaved))

    def frozen(self) -> ResultStore:
        """The answers as they are now, for another thread to read while this store goes on."""
        copied = copy.copy(self)
        for name in (*_COLUMNS, "review", "failed"):
            setattr(copied, name, getattr(self, name).copy())
        copied._notes, copied.ledger = dict(self._notes), self.ledger.copy()
        copied._connection = None
        return copied

    @property
    def decisions(self) -> Mapping[int, Review]:
        """Row -> the decision that counts; none of those that were cleared."""
        return self.ledger.counting

    def note(self, index: int) -> str:
        """ "truncated", "failed: ...", or nothing."""
        return self._notes.get(index, "")

    def pending(self) -> NDArray[np.intp]:
        """Rows still to judge, ascending. A failed one is tried again when the file is next opened."""
        return np.flatnonzero(np.isnan(self.probability) & ~self._was_tried)

    def record(
        self,
        patches: NDArray[np.intp],
        probabilities: NDArray[np.float32],
        sizes: NDArray[np.int32],
        notes: Mapping[int, str],
    ) -> None:
        """Take the answers of one block.

        ``patches``: rows, intp (n,). ``probabilities``: float32 (n,), NaN where a patch failed.
        ``sizes``: int32 (n, 2), true width and height, ignored where it failed. ``notes``: row ->
        "truncated" or "failed: ...". Raises ResultError when the file cannot be written: once; what was
        computed stays in memory, and later calls go on without an error, trying the file now and then.
        """
        if self._connection is None:
            raise RuntimeError("this store is closed, or was opened for reading only")
        is_judged = ~np.isnan(probabilities)
        judged = patches[is_judged]
        self.patch_probability[judged] = probabilities[is_judged]
        self.width[judged], self.height[judged] = sizes[is_judged].T
        self._note(judged, patches[~is_judged], notes)
        self.changed = np.union1d(patches, self._follow(judged))
        self._is_unsaved[self.changed] = True
        self.keep_up()

    def decide(self, rows: Sequence[int], decisions: Sequence[Review]) -> None:
        """Take people's decisions, one a row, each by whom and when it says; NO_REVIEW clears. Of a row that
        is there twice the later decision counts.

        All are in the file when this returns. Where it cannot be written this raises ResultError, and none
        was taken.
        """
        if self._connection is None:
            raise RuntimeError("this store is closed, or was opened for reading only")
        with sqlite_errors(self.path):
            add_reviews(self._connection, self._run, rows, decisions)
        reviews = np.fromiter((decision.review for decision in decisions), np.int8, len(decisions))
        self.review[list(rows)] = reviews
        self.ledger.take(rows, decisions)
        with sqlite_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")

    def keep_up(self) -> None:
        """Write what has waited long enough, as ``record`` does by itself: for while it is not called. Raises
        as ``flush``."""
        if self._is_due():
            self.flush()

    def flush(self) -> None:
        """Write what is not in the file yet. Raises ResultError, but once only for the same trouble."""
        was_in_trouble = self._is_in_trouble
        try:
            self._try_to_write()
        except ResultError:
            if not was_in_trouble:
                raise

    def save(self) -> None:
        """The same before the store is let go: raises ResultError whenever anything is in memory only, and
        says of how many patches."""
        try:
            self._try_to_write()
        except ResultError as error:
            message = plural(
                "The answer of {count} patch could not be kept. {reason}",
                "The answers of {count} patches could not be kept. {reason}",
                self.unsaved,
            )
            raise ResultError(message.format(count=self.unsaved, reason=error)) from error

    def write_copy(self, path: Path) -> None:
        """Write a result file with all of it to ``path``, of a store that no file lies behind. Raises
        ResultError."""
        if self._connection is None:
            raise RuntimeError("this store is closed, or was opened for reading only")
        self.save()
        self._connection.execute("COMMIT")  # SQLite copies nothing that is being written
        try:
            write_copy(self._connection, path)
        finally:
            self._connection.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Save, and leave one single file behind. The columns stay. Raises as ``save`` does, closed all the
        same: what was in memory only is lost with the store."""
        connection = self._connection
        if connection is None:
            return
        try:
            self.save()
        finally:
            self._connection = None
            end_writing(connection)

    def __enter__(self) -> ResultStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except ResultError:
            # Whoever ends the program by Ctrl+C is not kept from it.
            if error is None or isinstance(error, Exception):
                raise

    @classmethod
    def _opened(
        cls,
        path: Path,
        columns: PatchColumns,
        facts: RunFacts,
        connection: sqlite3.Connection,
        *,
        restart: bool,
        recombine: Recombine,
    ) -> ResultStore:
        known = None if restart else runs.run_to_continue(connection, columns, facts)
        older = None if restart or known else runs.run_to_take_over(connection, facts)
        run = known or runs.begin_run(connection, columns, facts)
        keep_file_sizes(connection, run.first_patch, columns)
        store = cls(path, columns, run, connection, recombine)
        if known:
            store._load(connection)
        elif older:
            store._take_over(cls._loaded(path, connection, older))
        # What was written last may be of another state, or of other neighbours, than what is here now.
        written = store.probability.copy()
        changed = store._follow(np.flatnonzero(~np.isnan(store.patch_probability)))
        store._is_unsaved[changed[written[changed] != store.probability[changed]]] = True
        store._take_reviews(latest_reviews(connection, run, columns))
        store._write(connection)
        return store

    @classmethod
    def _loaded(cls, path: Path, connection: sqlite3.Connection, run: Run) -> ResultStore:
        store = cls(path, read_patches(connection, run.number), run, None)
        store._load(connection)
        store._take_reviews(latest_reviews(connection, run, store.columns))
        return store

    def _take_reviews(self, reviewed: Reviewed) -> None:
        self.review, self.ledger = reviewed.column, reviewed.ledger

    def _load(self, connection: sqlite3.Connection) -> None:
        answers, self._notes = read_answers(connection, self._run)
        self.failed[[row for row, note in self._notes.items() if note.startswith(FAILED)]] = True
        for name in _COLUMNS:
            getattr(self, name)[answers["row"]] = answers[name]

    def _take_over(self, older: ResultStore) -> None:
        """Copy the answers of patches that an older run knew too."""
        old_rows, rows = same_patches(older.columns, self.columns)
        is_judged = ~np.isnan(older.probability[old_rows])
        old_rows, rows = old_rows[is_judged], rows[is_judged]
        for name in _COLUMNS:
            getattr(self, name)[rows] = getattr(older, name)[old_rows]
        pairs = zip(old_rows.tolist(), rows.tolist(), strict=True)
        self._notes = {row: older._notes[old_row] for old_row, row in pairs if old_row in older._notes}
        self._is_unsaved[rows] = True

    def _note(self, judged: NDArray[np.intp], failed: NDArray[np.intp], notes: Mapping[int, str]) -> None:
        for row in judged.tolist():
            self._notes.pop(row, None)
        self._notes.update({int(row): note for row, note in notes.items()})
        for row in failed.tolist():
            if not notes.get(row, "").startswith(FAILED):
                self._notes[row] = FAILED + _("the model gave no probability")
        self._was_tried[failed] = True
        self.failed[judged], self.failed[failed] = False, True

    def _follow(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Bring the probabilities up to date that follow from these rows' answers; returns their rows."""
        changed, probabilities = self._recombine(self.patch_probability, rows)
        self.probability[changed] = probabilities
        return changed

    def _try_to_write(self) -> None:
        self._tried_at = time.monotonic()
        if self._connection is None or not self._is_unsaved.any():
            return
        self._is_in_trouble = True
        with sqlite_errors(self.path):
            self._write(self._connection)
        self._is_in_trouble = False

    def _is_due(self) -> bool:
        waited = time.monotonic() - self._tried_at
        if self._is_in_trouble:
            return waited >= RETRY_SECONDS
        return waited >= COMMIT_SECONDS or self.unsaved >= COMMIT_PATCHES

    def _write(self, connection: sqlite3.Connection) -> None:
        rows = np.flatnonzero(self._is_unsaved)
        answers = np.empty(len(rows), ANSWER)
        answers["row"] = rows
        for name in _COLUMNS:
            answers[name] = getattr(self, name)[rows]
        notes = (self._notes.get(row, "") for row in rows.tolist())
        write_answers(connection, self._run, answers, notes)
        self._is_unsaved[rows] = False
        connection.execute("BEGIN IMMEDIATE")
