"""Names and values under one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy

from histoviewer.gui.theme import GRID

_LONGEST_WORD = 18 * GRID
"""px that a word may take of the panel's width; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row; ``tip`` says more of it."""

    name: str
    value: str
    tip: str = ""


class FactRows(QFormLayout):
    """Shows facts, whose values can be selected. Its labels stay as they are while the facts do: results come
    ten times a second, and who selects a text would lose it."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Fact] = []
        self.setHorizontalSpacing(GRID)
        self.setVerticalSpacing(GRID // 4)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        if list(facts) == self._shown:
            return
        self._shown = list(facts)
        while self.rowCount():
            self.removeRow(0)
        for fact in facts:
            self._add(fact)

    def _add(self, fact: Fact) -> None:
        label = QLabel(fact.name)
        label.setEnabled(False)
        # Long file names have nothing to break at, and would push the panel wider than its dock.
        text = QLabel(fact.value.replace("_", "_\u200b").replace("/", "/\u200b"))
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # But a word in a language of long ones is not to be cut.
        words = text.text().replace("\u200b", " ").split()
        widest = max((text.fontMetrics().horizontalAdvance(word) for word in words), default=0)
        text.setMinimumWidth(min(widest + 2, _LONGEST_WORD))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for part in (label, text):
            part.setToolTip(fact.tip)
        self.addRow(label, text)
