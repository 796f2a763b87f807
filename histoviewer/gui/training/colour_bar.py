"""The key to a map: its colours in a bar, with what its ends and its middle mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.theme import GRID


class ColourBar(QWidget):
    """As wide as it may be, one line of text high below the bar."""

    def __init__(self, colours: NDArray[np.uint8], words: tuple[str, ...], parent: QWidget) -> None:
        """``colours``: uint8 RGBA (n, 4), from left to right. ``words``: two or three, in the same order."""
        super().__init__(parent)
        row = np.ascontiguousarray(colours).reshape(1, len(colours), 4)
        self._bar = QImage(row.data, len(colours), 1, 4 * len(colours), QImage.Format.Format_RGBA8888).copy()
        self._words = words
        self._mark: tuple[float, str] | None = None
        self.setAccessibleName(", ".join(words))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_mark(self, place: float, text: str) -> None:
        """Mark a place, 0 to 1 from left to right, and write a number below it."""
        self._mark = (place, text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20 * GRID, GRID + GRID // 2 + self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        bar = QRectF(0.5, 0.5, self.width() - 1, GRID)
        painter.drawImage(bar, self._bar)
        painter.setPen(neutrals(self.palette()).line)
        painter.drawRect(bar)
        painter.setPen(neutrals(self.palette()).text)
        below = QRectF(0, GRID + GRID // 2, self.width(), self.fontMetrics().height())
        places = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for place, word in zip(places if len(self._words) > 2 else places[::2], self._words, strict=True):
            painter.drawText(below, place, word)
        if self._mark is not None:
            self._draw_mark(painter, bar, below, *self._mark)

    def _draw_mark(self, painter: QPainter, bar: QRectF, below: QRectF, place: float, text: str) -> None:
        """The number only where it does not lie on the words at the ends."""
        x = bar.left() + place * bar.width()
        painter.fillRect(QRectF(x - 1.5, 0, 3, bar.bottom() + 3), neutrals(self.palette()).text)
        metrics = self.fontMetrics()
        ends = metrics.horizontalAdvance(self._words[0]), metrics.horizontalAdvance(self._words[-1])
        half = metrics.horizontalAdvance(text) / 2
        left, right = ends[0] + GRID + half, below.right() - ends[1] - GRID - half
        if left <= right:
            number = QRectF(min(max(x, left), right) - half, below.top(), 2 * half + 1, below.height())
            painter.drawText(number, Qt.AlignmentFlag.AlignLeft, text)
