"""Asking something about the selected patch, once a person rests on it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.runs import Runs
from histoviewer.inference.engine import Explained, FoundSimilar

REST_MS = 100
"""Who walks on sooner does not want to know it of this patch."""


class Asking(QObject):
    """Asks about the selected patch while it is switched on. GUI thread.

    Attributes:
        is_on: it is wanted.

    Signals: changed(): what is asked, or answered, is another.
    """

    changed = Signal()

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._opened: OpenSource | None = None
        self._row: int | None = None
        self.is_on = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)

    def set_on(self, is_on: bool) -> None:
        """Switch it; what is selected is asked for at once."""
        if is_on == self.is_on:
            return
        self.is_on = is_on
        if is_on and not self._is_answered():
            self._ask()
        self.changed.emit()

    def set_patch(self, opened: OpenSource | None, row: int | None) -> None:
        """Another patch is selected, or none."""
        self._opened, self._row = opened, row
        self._forget()
        self._rest.start()
        self.changed.emit()

    def clear(self) -> None:
        """The source is about to be closed: nothing of it is asked for any more."""
        self.set_patch(None, None)

    def _ask(self) -> None:
        if self.is_on and self._opened is not None and self._row is not None and not self._opened.is_leaving:
            self._submit(self._opened, self._row)

    def _is_of_patch(self, answer: Explained | FoundSimilar) -> bool:
        """It is of the patch that is selected now."""
        return self._opened is not None and (answer.source, answer.row) == (self._opened.source, self._row)

    def _is_answered(self) -> bool:
        """Hook: the answer for the selected patch is there."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Hook: the answer is of another patch."""
        raise NotImplementedError

    def _submit(self, opened: OpenSource, row: int) -> None:
        """Hook: let the engine find it out."""
        raise NotImplementedError
