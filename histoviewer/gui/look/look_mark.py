"""The mark on the canvas that says: this is not how the slide looks."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.look.eye import Eye
from histoviewer.gui.look.look_texts import look_parts
from histoviewer.gui.theme import GRID


class LookMark(QWidget):
    """Lies in the top left corner of its parent while the look is not the original, and says the way back.

    It never catches the mouse.
    """

    def __init__(self, eye: Eye, parent: QWidget) -> None:
        super().__init__(parent)
        self._eye = eye
        self._lines: list[str] = []
        self._way_back = self.tr("1: back")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.move(2 * GRID, 2 * GRID)
        eye.changed.connect(self._show_look)
        self._show_look()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        text = max((metrics.horizontalAdvance(line) for line in self._lines), default=0)
        width = text + metrics.horizontalAdvance(self._way_back) + 7 * GRID
        return QSize(width, max(1, len(self._lines)) * metrics.lineSpacing() + 2 * GRID)

    def _show_look(self) -> None:
        parts = look_parts(self._eye.look)
        # Two a line: on a narrow canvas one long line would reach into the overview.
        self._lines = [" · ".join(parts[first : first + 2]) for first in range(0, len(parts), 2)]
        self.setAccessibleName(f"{' · '.join(parts)}. {self._way_back}")
        self.resize(self.sizeHint())
        self.setVisible(not self._eye.look.is_original)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = neutrals(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.accent, 2))  # a frame, to be seen on white glass too
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        inside = self.rect().adjusted(2 * GRID, GRID, -2 * GRID, -GRID)
        painter.setPen(colours.text)
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft, "\n".join(self._lines))
        painter.setPen(colours.faint_text)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight, self._way_back)
