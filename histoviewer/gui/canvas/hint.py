"""A line that shows itself over the canvas for a moment, and fades."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.theme import GRID

SHOWN_MS = 4000
FADE_MS = 600


class Hint(QWidget):
    """Lies at the top middle of its parent and never catches the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self._opacity = 1.0
        self._fade = QVariantAnimation(self, duration=FADE_MS, startValue=1.0, endValue=0.0)
        self._fade.valueChanged.connect(self._on_faded)
        self._fade.finished.connect(self.hide)
        self._patience = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._patience.timeout.connect(self._fade.start)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show a line for some seconds."""
        self._fade.stop()
        self._text, self._opacity = text, 1.0
        self.setAccessibleName(text)
        self.resize(self.sizeHint())
        self.place()
        self.show()
        self.raise_()
        self._patience.start()

    def dismiss(self) -> None:
        """Go at once."""
        self._patience.stop()
        self._fade.stop()
        self.hide()

    def place(self) -> None:
        """The parent has another size."""
        self.move((self._parent.width() - self.width()) // 2, 2 * GRID)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 4 * GRID, metrics.height() + 2 * GRID)

    def _on_faded(self, opacity: float) -> None:
        self._opacity = opacity
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        colours = neutrals(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setPen(colours.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
