"""How many patches have which probability, with the threshold in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from histoviewer.gui.colours import BENIGN, MALIGNANT, neutrals
from histoviewer.gui.theme import GRID
from histoviewer.results.bins import BINS, bin_counts


class Histogram(QWidget):
    """Bars over the absolute scale 0-1, blue below the threshold and vermilion from it on.

    Heights follow the square root of the counts: a few malignant patches among thousands stay visible.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = np.zeros(BINS, np.intp)
        self._threshold = 0.5
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Histogram of probabilities"))
        self.setToolTip(self.tr("Patches by probability; bar heights follow the square root of the count"))

    def sizeHint(self) -> QSize:
        return QSize(200, 5 * GRID)

    def set_probabilities(self, probability: NDArray[np.float32]) -> None:
        """Count float32 (n,) probabilities; NaN = not judged."""
        self._counts = bin_counts(probability)
        self.update()

    def set_threshold(self, threshold: float) -> None:
        self._threshold = threshold
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        height, width = self.height() - 1, self.width()
        tallest = np.sqrt(max(1, self._counts.max()))
        step = width / BINS
        for i, count in enumerate(self._counts):
            bar = height * float(np.sqrt(count)) / tallest
            if not count:
                continue
            is_positive = (i + 0.5) / BINS >= self._threshold
            painter.fillRect(
                QRectF(i * step, height - max(1.0, bar), max(1.0, step - 1), max(1.0, bar)),
                MALIGNANT if is_positive else BENIGN,
            )
        line = neutrals(self.palette())
        painter.setPen(QPen(line.line, 1))
        painter.drawLine(0, height, width, height)
        painter.setPen(QPen(line.text, 1, Qt.PenStyle.DashLine))
        x = round(self._threshold * width)
        painter.drawLine(x, 0, x, height)
