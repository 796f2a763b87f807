"""What a person decides of patches: saved at once, and taken back as easily."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from histoviewer.errors import ResultError
from histoviewer.gui.open_source import OpenSource
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.merging import Merged
from histoviewer.results.reviews import NO_REVIEW, UNSURE, Review, decided


class Reviewing(QObject):
    """Takes decisions on patches. Each is in the result file before the next key is pressed. GUI thread.

    Attributes:
        reviewer: who decides.
        history: what can be undone; of the source in front.

    Signals:
        changed(object, object): an ``OpenSource``, and the rows, intp (n,), whose decision is another one.
        restored(object, object): the same, where that was undone or redone.
        failed(str): one line on decisions that could not be kept; they were not taken.
    """

    changed = Signal(object, object)
    restored = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reviewer = user_name()
        self.history = QUndoGroup(self)
        self._stacks: WeakKeyDictionary[OpenSource, QUndoStack] = WeakKeyDictionary()

    def set_current(self, opened: OpenSource | None) -> None:
        """This source is in front: undo takes back what was decided of it."""
        if opened is None:
            return
        if opened not in self._stacks:
            self._stacks[opened] = QUndoStack(self.history)
        self._stacks[opened].setActive()

    def forget(self, opened: OpenSource) -> None:
        """A source is about to be closed: its decisions stay, but are no longer undone."""
        stack = self._stacks.pop(opened, None)
        if stack is not None:
            self.history.removeStack(stack)
            stack.deleteLater()

    def decide(self, opened: OpenSource, rows: NDArray[np.intp], review: int) -> bool:
        """Decide BENIGN, MALIGNANT, UNSURE or, to clear, NO_REVIEW of these rows; False where it could not
        be kept."""
        decisions = decided([review] * len(rows), reviewer=self.reviewer)
        return self._take(opened, rows, decisions, _counting(opened, rows), rows, self._text(review))

    def merge(self, opened: OpenSource, merged: Merged) -> bool:
        """Take decisions of others; False where they could not be kept."""
        rows = np.array(merged.rows, np.intp)
        known = _before_merging(opened, merged)
        before_rows = np.array([row for row, _decision in known], np.intp)
        before = [decision for _row, decision in known]
        return self._take(opened, rows, merged.decisions, before, before_rows, self.tr("taken reviews"))

    def _take(
        self,
        opened: OpenSource,
        rows: NDArray[np.intp],
        decisions: Sequence[Review],
        before: Sequence[Review | None],
        before_rows: NDArray[np.intp],
        text: str,
    ) -> bool:
        """``before``: what is to be written of ``before_rows``, in this order, to take these back."""
        if opened.is_leaving:
            message = self.tr("{name} is being opened at another scale; decide once it is there.")
            self.failed.emit(message.format(name=opened.source.name))
            return False
        if not len(rows) or not self._keep(opened, rows, decisions):
            return False
        if opened in self._stacks:
            self._stacks[opened].push(
                _Decision(self._restore, opened, (before_rows, before), (rows, decisions), text)
            )
        return True

    def _restore(self, opened: OpenSource, rows: NDArray[np.intp], known: Sequence[Review | None]) -> bool:
        """Write decisions of before once more, of whom and when they were; False where that fails."""
        (cleared,) = decided([NO_REVIEW], reviewer=self.reviewer)
        is_kept = self._keep(opened, rows, [decision or cleared for decision in known])
        if is_kept:
            self.restored.emit(opened, rows)
        return is_kept

    def _keep(self, opened: OpenSource, rows: NDArray[np.intp], decisions: Sequence[Review]) -> bool:
        try:
            opened.store.decide(rows.tolist(), decisions)
        except ResultError as error:
            self.failed.emit(str(error))
            return False
        self.changed.emit(opened, rows)
        return True

    def _text(self, review: int) -> str:
        return {
            MALIGNANT: self.tr("malignant"),
            BENIGN: self.tr("benign"),
            UNSURE: self.tr("unsure"),
            NO_REVIEW: self.tr("clear"),
        }[review]


def _counting(opened: OpenSource, rows: NDArray[np.intp]) -> list[Review | None]:
    """The decision that counts now of each row."""
    return [opened.store.decisions.get(row) for row in rows.tolist()]


def _before_merging(opened: OpenSource, merged: Merged) -> list[tuple[int, Review | None]]:
    """Rows with the decisions that, made again in this order, leave all as it was: what each person had
    decided before of what is taken of them, and behind it what counted."""
    ledger, known = opened.store.ledger, list[tuple[int, Review | None]]()
    for place, (row, decision) in enumerate(zip(merged.rows, merged.decisions, strict=True)):
        counting = ledger.counting.get(row)
        earlier = ledger.own.get(decision.reviewer, {}).get(row)
        if place in merged.followed:
            # What counts is newer, and made again behind this one.
            (none,) = decided([NO_REVIEW], reviewer=decision.reviewer)
            known.append((row, earlier or none))
            continue
        if earlier is not None and earlier != counting:
            known.append((row, earlier))
        known.append((row, counting))
    return known


Known = tuple[NDArray[np.intp], Sequence[Review | None]]
"""Rows, and a decision on each; None where there is none."""


class _Decision(QUndoCommand):
    """One decision on one or many patches. It was made before: the first ``redo`` does nothing."""

    def __init__(
        self,
        restore: Callable[[OpenSource, NDArray[np.intp], Sequence[Review | None]], bool],
        opened: OpenSource,
        before: Known,
        after: Known,
        text: str,
    ) -> None:
        super().__init__(text)
        self._restore = restore
        self._opened = opened
        self._before, self._after = before, after
        self._is_done = True

    def redo(self) -> None:
        if not self._is_done:
            self._write(self._after)
        self._is_done = True

    def undo(self) -> None:
        self._write(self._before)
        self._is_done = False

    def _write(self, known: Known) -> None:
        if not self._restore(self._opened, *known):
            self.setObsolete(True)  # what is shown stays what is in the file


def user_name() -> str:
    """The name that the system knows this person by."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user without a name
        return "reviewer"
