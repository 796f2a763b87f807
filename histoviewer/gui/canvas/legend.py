"""The key to the heat map: which colour is which probability, how many patches have it, and the threshold."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.formatting import threshold_text

_MARGIN = 8
_BAR = QSize(192, 8)
_TICK = 3
_HISTOGRAM = 24
"""px of the tallest bar."""


class Legend(QWidget):
    """The colours of all probabilities from 0 to 1, always absolute, and above them the slide's patches in
    these colours. Heights follow the square root of the counts: a few malignant patches among thousands stay
    visible. It never catches the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Legend of the heat map"))
        self._bar = QImage()
        self._counts: NDArray[np.intp] = np.zeros(1, np.intp)
        self._threshold: float | None = None
        self.resize(self.sizeHint())

    def set_lookup_table(self, table: NDArray[np.uint8]) -> None:
        """The colours as the heat map has them: uint8 RGBA (256, 4), probability 0 first."""
        row = np.ascontiguousarray(table).reshape(1, len(table), 4)
        image = QImage(row.data, len(table), 1, 4 * len(table), QImage.Format.Format_RGBA8888)
        self._bar = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self.update()

    def set_counts(self, counts: NDArray[np.intp]) -> None:
        """Patches by probability, in equal parts of 0 to 1: intp (n,)."""
        self._counts = counts.copy()
        self.update()

    def set_threshold(self, threshold: float | None) -> None:
        """Mark a probability, 0-1, on the scale; None marks none."""
        self._threshold = threshold
        self.update()

    def fit_into(self, width: int) -> None:
        """Take what is wanted, and no more than ``width`` pixels."""
        wanted = self.sizeHint()
        self.resize(min(wanted.width(), width), wanted.height())

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        height = 2 * line + _HISTOGRAM + _BAR.height() + 2 * _TICK + 2 * _MARGIN - 4
        return QSize(_BAR.width() + 2 * _MARGIN, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = neutrals(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(self.rect(), 4, 4)
        bar = self._bar_rect()
        # On white, as the colours lie on the glass.
        painter.fillRect(bar, Qt.GlobalColor.white)
        painter.drawImage(bar, self._bar)
        self._paint_counts(painter, bar)
        painter.setPen(colours.text)
        self._paint_ends(painter, bar)
        if self._threshold is not None:
            self._paint_threshold(painter, bar, self._threshold)

    def _bar_rect(self) -> QRectF:
        top = _MARGIN - 2 + self.fontMetrics().height() + _TICK + _HISTOGRAM
        return QRectF(_MARGIN, top, self.width() - 2 * _MARGIN, _BAR.height())

    def _paint_counts(self, painter: QPainter, bar: QRectF) -> None:
        if not self._counts.any() or self._bar.isNull():
            return
        tallest, step = float(np.sqrt(self._counts.max())), bar.width() / len(self._counts)
        for i, count in enumerate(self._counts.tolist()):
            if count:
                height = max(1.0, (_HISTOGRAM - 2) * math.sqrt(count) / tallest)
                colour = self._bar.pixelColor(int((i + 0.5) / len(self._counts) * self._bar.width()), 0)
                place = QRectF(bar.left() + i * step, bar.top() - 1 - height, max(1.0, step - 1), height)
                painter.fillRect(place, QColor(colour.rgb()))
                # Some colours are nearly those of the panel: the outline of the whole is seen all the same.
                cap = QRectF(place.left(), place.top() - 1, place.width(), 1)
                painter.fillRect(cap, neutrals(self.palette()).faint_text)

    def _paint_ends(self, painter: QPainter, bar: QRectF) -> None:
        below = QRectF(bar.left(), bar.bottom() + _TICK, bar.width(), self.fontMetrics().height())
        benign, malignant = self.tr("benign 0"), self.tr("malignant 1")
        if self.fontMetrics().horizontalAdvance(benign + " " + malignant) > bar.width():
            benign, malignant = "0", "1"
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, benign)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, malignant)

    def _paint_threshold(self, painter: QPainter, bar: QRectF, threshold: float) -> None:
        x = bar.left() + threshold * bar.width()
        pen = QPen(painter.pen())
        painter.setPen(QPen(pen.color(), 2))
        top = bar.top() - _HISTOGRAM - _TICK
        painter.drawLine(QPointF(x, top), QPointF(x, bar.bottom() + _TICK))
        painter.setPen(pen)
        text = self.tr("threshold {0}").format(threshold_text(threshold))
        width = self.fontMetrics().horizontalAdvance(text)
        left = min(max(x - width / 2, bar.left()), bar.right() - width)
        painter.drawText(QPointF(left, top - self.fontMetrics().descent()), text)
