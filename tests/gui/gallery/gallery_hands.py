"""Looking at a gallery and handling it, for its tests."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolTip, QWidget

from histoviewer.gui.gallery.patch_gallery import PatchGallery
from histoviewer.patches.patch import Block, BlockPixels
from tests.helpers.array_source import ArraySource

COUNT = 300

OFFSCREEN_TOOLTIPS = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


class CountingSource(ArraySource):
    """Remembers which rows were read."""

    def __init__(self, count: int, *, broken: frozenset[int] = frozenset()) -> None:
        super().__init__(count, broken=broken)
        self.rows_read: list[int] = []

    def read(self, block: Block) -> BlockPixels:
        self.rows_read.extend(block.patches.tolist())
        return super().read(block)


def rising(count: int = COUNT) -> NDArray[np.float32]:
    return np.linspace(0, 1, count, dtype=np.float32)


def judged(gallery: PatchGallery, count: int = COUNT) -> NDArray[np.float32]:
    probabilities = rising(count)
    gallery.set_source(ArraySource(count))
    gallery.set_probabilities(probabilities)
    return probabilities


def middle(gallery: PatchGallery, position: int) -> QPoint:
    return gallery.grid.cell(position).center() - QPoint(0, gallery.offset)


def seen_rows(gallery: PatchGallery) -> list[int]:
    seen = gallery.seen()
    return gallery.rows[seen.start : seen.stop].tolist()


def pixel(gallery: PatchGallery, point: QPoint) -> QColor:
    return gallery.viewport().grab().toImage().pixelColor(point)


def border(gallery: PatchGallery, position: int) -> QColor:
    corner = gallery.grid.cell(position).topLeft() - QPoint(0, gallery.offset)
    return pixel(gallery, corner + QPoint(1, 20))


def button(gallery: PatchGallery, text: str) -> QPushButton:
    return next(child for child in gallery.findChildren(QPushButton) if child.text() == text)


def said(gallery: PatchGallery) -> str:
    labels: list[QLabel] = [label for label in gallery.findChildren(QLabel) if label.isVisible()]
    return " | ".join(label.text() for label in labels)


def hover(widget: QWidget, point: QPoint) -> None:
    where = QPointF(point)
    none, nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), none, none, nothing)
    QApplication.sendEvent(widget, event)


def drag(widget: QWidget, point: QPoint) -> None:
    """The mouse moves there with its left button down."""
    where = QPointF(point)
    left, nothing = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), none, left, nothing)
    QApplication.sendEvent(widget, event)


def explain(gallery: PatchGallery, position: int) -> str:
    point = middle(gallery, position)
    event = QHelpEvent(QEvent.Type.ToolTip, point, gallery.viewport().mapToGlobal(point))
    QApplication.sendEvent(gallery.viewport(), event)
    return QToolTip.text()


def sort_button_is_shown(gallery: PatchGallery) -> bool:
    return button(gallery, "Order out of date – sort again").isVisible()
