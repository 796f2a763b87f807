"""The shapes that stand for the classes wherever a word has no room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from histoviewer.gui import colours
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.results.reviews import UNSURE

COLOURS = {
    MALIGNANT: colours.MALIGNANT,
    BENIGN: colours.BENIGN,
    UNKNOWN: colours.UNKNOWN,
    UNSURE: colours.UNKNOWN,
}


def draw_shape(painter: QPainter, box: QRectF, verdict: int, colour: QColor) -> None:
    """A filled triangle for malignant, a circle for benign, a dash for neither."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if verdict == MALIGNANT:
        painter.drawPolygon(
            QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()])
        )
    elif verdict == BENIGN:
        painter.drawEllipse(box)
    else:
        painter.drawRect(QRectF(box.left(), box.center().y() - 1, box.width(), 2))
