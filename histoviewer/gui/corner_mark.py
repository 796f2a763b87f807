"""A mark in the corner of the canvas: what is out of the ordinary there, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.theme import GRID


class CornerMark(QWidget):
    """Lies in the top left corner of its parent while it has something to say. It never catches the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: Sequence[str] = ()
        self._way_back = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.move(2 * GRID, 2 * GRID)
        self.hide()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        text = max((metrics.horizontalAdvance(line) for line in self._lines), default=0)
        width = text + metrics.horizontalAdvance(self._way_back) + 7 * GRID
        return QSize(width, max(1, len(self._lines)) * metrics.lineSpacing() + 2 * GRID)

    def say(self, lines: Sequence[str], way_back: str) -> None:
        """Show these lines and beside them the way back; without lines nothing."""
        self._lines, self._way_back = lines, way_back
        self.setAccessibleName(f"{' · '.join(lines)}. {way_back}")
        self.resize(self.sizeHint())
        self.setVisible(bool(lines))
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
