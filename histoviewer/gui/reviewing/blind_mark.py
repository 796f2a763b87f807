"""The mark on the canvas that says: answers are hidden."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from histoviewer.gui.corner_mark import CornerMark
from histoviewer.gui.reviewing.blind import Blind


class BlindMark(CornerMark):
    """There while reviewing is blind."""

    def __init__(self, blind: Blind, parent: QWidget) -> None:
        super().__init__(parent)
        self._blind = blind
        blind.switched.connect(self._show_state)
        self._show_state()

    def _show_state(self) -> None:
        lines = [self.tr("blind: answers are hidden")] if self._blind.is_on else []
        self.say(lines, self.tr("Shift+B: show"))
