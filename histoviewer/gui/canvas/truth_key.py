"""Which outline is which class by the truth."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui import colours

_MARGIN, _SWATCH = 8, 12


class TruthKey(QWidget):
    """The words of the truth beside how they look on the slide. It never catches the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_tinted = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Legend of the truth"))
        self.resize(self.sizeHint())

    def set_tinted(self, is_tinted: bool) -> None:
        """Whether the slide is tinted, or the truth outlined only."""
        self._is_tinted = is_tinted
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(text) for text in self._texts()) + 2 * _SWATCH
        return QSize(width + 5 * _MARGIN, metrics.height() + 2 * _MARGIN - 4)

    def _texts(self) -> tuple[str, str, str]:
        return self.tr("Truth"), self.tr("malignant"), self.tr("benign")

    def paintEvent(self, _event: QPaintEvent) -> None:
        neutrals = colours.neutrals(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(neutrals.panel)
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        title, malignant, benign = self._texts()
        left = self._write(painter, _MARGIN, title) + _MARGIN
        for text, colour, width in ((malignant, colours.MALIGNANT, 3), (benign, colours.BENIGN, 1)):
            swatch = QRect(left, (self.height() - _SWATCH) // 2, _SWATCH, _SWATCH)
            self._paint_swatch(painter, swatch, colour, width)
            left = self._write(painter, left + _SWATCH + _MARGIN // 2, text) + _MARGIN

    def _write(self, painter: QPainter, left: int, text: str) -> int:
        """Returns where it ends."""
        painter.setPen(colours.neutrals(self.palette()).text)
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        return left + self.fontMetrics().horizontalAdvance(text)

    def _paint_swatch(self, painter: QPainter, box: QRect, colour: QColor, width: int) -> None:
        """``width`` of the outline; a wide one is hatched too."""
        tint = QColor(colour)
        tint.setAlpha(90 if self._is_tinted else 0)
        painter.fillRect(box, tint)
        painter.setPen(QPen(colour, 1))
        if width > 1:
            painter.drawLine(box.bottomLeft(), box.topRight())
        painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = width // 2
        painter.drawRect(box.adjusted(inner, inner, -inner - 1, -inner - 1))
