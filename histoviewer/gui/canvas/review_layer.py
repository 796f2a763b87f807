"""What people decided of a slide's patches, as small marks on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.class_marks import COLOURS, draw_shape
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.results.reviews import NO_REVIEW

_LARGEST, _SMALLEST = 16.0, 6.0
"""View pixels along a mark; in between it is a third of its patch."""

_GLASS = QColor(255, 255, 255, 230)


class ReviewLayer(QWidget):
    """Lies over a slide view and never catches the mouse: in the upper left corner of every patch that was
    decided a triangle for malignant, a circle for benign, a dash for unsure. GUI thread."""

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session, self._shown, self._view = session, shown, view
        self._rows: NDArray[np.intp] = np.empty(0, np.intp)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        shown.changed.connect(self._show)
        shown.leaving.connect(self._show)
        session.reviewing.changed.connect(self._on_changed)
        session.overlay_changed.connect(self._show_or_hide)
        self._show()

    def _on_changed(self, opened: OpenSource) -> None:
        if opened is self._shown.opened:
            self._show()

    def _show(self) -> None:
        opened, name = self._shown.opened, self._shown.name
        self._rows = np.empty(0, np.intp)
        if self._shown.slide is not None and opened is not None and name is not None:
            rows = opened.source.rows(name)
            self._rows = rows[opened.store.review[rows] != NO_REVIEW]
        self._show_or_hide()
        self.update()

    def _show_or_hide(self) -> None:
        self.setVisible(bool(len(self._rows)) and not self._session.overlay.is_peeking)

    def paintEvent(self, _event: QPaintEvent) -> None:
        opened, view = self._shown.opened, self._view.transform
        if opened is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = opened.source.columns
        for row in self._seen(opened).tolist():
            # Within the patch however the slide is turned: a corner's other side is another patch.
            width, height = float(columns.width[row]), float(columns.height[row])
            x, y = view.to_view(float(columns.x[row]) + width / 4, float(columns.y[row]) + height / 4)
            side = min(_LARGEST, max(_SMALLEST, width * view.scale / 3))
            box = QRectF(x - side / 2, y - side / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_GLASS)
            painter.drawRoundedRect(box, 2, 2)
            review = int(opened.store.review[row])
            draw_shape(painter, box.adjusted(*2 * (side / 5,), *2 * (-side / 5,)), review, COLOURS[review])

    def _seen(self, opened: OpenSource) -> NDArray[np.intp]:
        box, columns, rows = self._view.transform.visible, opened.source.columns, self._rows
        x, y = columns.x[rows], columns.y[rows]
        is_across = (x + columns.width[rows] > box.x) & (x < box.x + box.width)
        return rows[is_across & (y + columns.height[rows] > box.y) & (y < box.y + box.height)]
