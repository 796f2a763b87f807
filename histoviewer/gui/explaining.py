"""What the selected patch's answer rests on: asked for once a person rests on it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from histoviewer.gui.asking import Asking
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.runs import Runs
from histoviewer.inference.engine import Explained
from histoviewer.inference.explain import Method


class Explaining(Asking):
    """Asks for the selected patch while it is switched on, and holds the answer. GUI thread.

    Attributes:
        method: how it is to be found out.
        answer: of the patch selected now; None until it has come.
        is_preparing: it is wanted by gradients, whose network has not answered since the program was started:
            the first answer takes seconds.
    """

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(runs, parent)
        self.method: Method = "covering"
        self._has_gradients = False
        self.answer: Explained | None = None
        runs.explained.connect(self._on_explained)

    @property
    def is_preparing(self) -> bool:
        return self.method == "gradients" and not self._has_gradients

    def set_method(self, method: Method) -> None:
        """Find it out in this way from now on."""
        if method != self.method:
            self.method, self.answer = method, None
            self._ask()
            self.changed.emit()

    def _is_answered(self) -> bool:
        return self.answer is not None

    def _forget(self) -> None:
        self.answer = None

    def _submit(self, opened: OpenSource, row: int) -> None:
        self._runs.explain(opened, row, self.method)

    def _on_explained(self, answer: Explained) -> None:
        self._has_gradients |= answer.method == "gradients"
        if self._is_of_patch(answer) and answer.method == self.method:
            self.answer = answer
            self.changed.emit()
