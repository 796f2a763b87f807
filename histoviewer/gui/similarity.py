"""Which patches of the training the selected one is like: asked for once a person rests on it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from histoviewer.gui.asking import Asking
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.runs import Runs
from histoviewer.inference.engine import FoundSimilar
from histoviewer.inference.model_card import ModelCard


class Similarity(Asking):
    """Asks for the selected patch while it is switched on, and holds the answer. GUI thread.

    Attributes:
        is_possible: the bundle has an index of its patches; else nothing can switch it on.
        answer: of the patch selected now; None until it has come.
    """

    def __init__(self, runs: Runs, card: ModelCard, parent: QObject | None = None) -> None:
        super().__init__(runs, parent)
        self.is_possible = card.patch_index is not None
        self.answer: FoundSimilar | None = None
        runs.found_similar.connect(self._on_found)

    def set_on(self, is_on: bool) -> None:
        super().set_on(is_on and self.is_possible)

    def _is_answered(self) -> bool:
        return self.answer is not None

    def _forget(self) -> None:
        self.answer = None

    def _submit(self, opened: OpenSource, row: int) -> None:
        self._runs.find_similar(opened, row)

    def _on_found(self, answer: FoundSimilar) -> None:
        if self._is_of_patch(answer):
            self.answer = answer
            self.changed.emit()
