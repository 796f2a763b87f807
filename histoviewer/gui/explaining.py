"""What the selected patch's answer rests on: asked for once a person rests on it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.runs import Runs
from histoviewer.inference.engine import Explained
from histoviewer.inference.explain import Method

REST_MS = 100
"""Who walks on sooner does not want to know it of this patch."""


class Explaining(QObject):
    """Asks for the selected patch while it is switched on, and holds the answer. GUI thread.

    Attributes:
        is_on: it is wanted.
        method: how it is to be found out.
        is_preparing: it is wanted by gradients, whose network has not answered since the program was started:
            the first answer takes seconds.
        answer: of the patch selected now; None until it has come.

    Signals: changed(): an attribute is another one.
    """

    changed = Signal()

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._opened: OpenSource | None = None
        self._row: int | None = None
        self.is_on = False
        self.method: Method = "covering"
        self._has_gradients = False
        self.answer: Explained | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        runs.explained.connect(self._on_explained)

    def set_on(self, is_on: bool) -> None:
        """Switch it; what is selected is asked for at once."""
        if is_on == self.is_on:
            return
        self.is_on = is_on
        if is_on and self.answer is None:
            self._ask()
        self.changed.emit()

    @property
    def is_preparing(self) -> bool:
        return self.method == "gradients" and not self._has_gradients

    def set_method(self, method: Method) -> None:
        """Find it out in this way from now on."""
        if method != self.method:
            self.method, self.answer = method, None
            self._ask()
            self.changed.emit()

    def set_patch(self, opened: OpenSource | None, row: int | None) -> None:
        """Another patch is selected, or none."""
        self._opened, self._row, self.answer = opened, row, None
        self._rest.start()
        self.changed.emit()

    def clear(self) -> None:
        """The source is about to be closed: nothing of it is asked for any more."""
        self.set_patch(None, None)

    def _ask(self) -> None:
        if self.is_on and self._opened is not None and self._row is not None and not self._opened.is_leaving:
            self._runs.explain(self._opened, self._row, self.method)

    def _on_explained(self, answer: Explained) -> None:
        self._has_gradients |= answer.method == "gradients"
        asked = self._opened and (self._opened.source, self._row, self.method)
        if asked == (answer.source, answer.row, answer.method):
            self.answer = answer
            self.changed.emit()
