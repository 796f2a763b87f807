"""A few words that lie on the canvas beside what they are about."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.theme import GRID


def paint_label(painter: QPainter, widget: QWidget, text: str, corner: QPointF) -> None:
    """On a small panel whose upper left corner (view pixels) is there, or as near as all of it lies on the
    widget."""
    metrics = widget.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 2 * GRID, metrics.height() + GRID
    left = min(max(corner.x(), 0.0), widget.width() - width)
    top = min(max(corner.y(), 0.0), widget.height() - height)
    colours = neutrals(widget.palette())
    box = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.panel)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colours.text)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
