"""The mark on the canvas that says: this is not how the slide looks."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from histoviewer.gui.corner_mark import CornerMark
from histoviewer.gui.look.eye import Eye
from histoviewer.gui.look.look_texts import look_parts


class LookMark(CornerMark):
    """There while the look is not the original."""

    def __init__(self, eye: Eye, parent: QWidget) -> None:
        super().__init__(parent)
        self._eye = eye
        eye.changed.connect(self._show_look)
        self._show_look()

    def _show_look(self) -> None:
        parts = [] if self._eye.look.is_original else look_parts(self._eye.look)
        # Two a line: on a narrow canvas one long line would reach into the overview.
        lines = [" · ".join(parts[first : first + 2]) for first in range(0, len(parts), 2)]
        self.say(lines, self.tr("1: back"))
