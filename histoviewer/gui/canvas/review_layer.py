"""What people decided of a slide's patches, as small marks on them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
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
        self._few = self._rows
        self._thinned_at = 0.0
        """The scale that ``_few`` are for."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        shown.changed.connect(self._show)
        shown.leaving.connect(self._show)
        session.reviewing.changed.connect(self._on_changed)
        session.blind.switched.connect(self._show)
        session.overlay_changed.connect(self._show_or_hide)
        self._show()

    def _on_changed(self, opened: OpenSource) -> None:
        if opened is self._shown.opened:
            self._show()

    def _show(self) -> None:
        opened, name = self._shown.opened, self._shown.name
        self._rows, self._thinned_at = np.empty(0, np.intp), 0.0
        if self._shown.slide is not None and opened is not None and name is not None:
            rows = opened.source.rows(name)
            self._rows = rows[self._session.blind.reviews(opened)[rows] != NO_REVIEW]
        self._show_or_hide()
        self.update()

    def _show_or_hide(self) -> None:
        self.setVisible(bool(len(self._rows)) and not self._session.overlay.is_peeking)

    def paintEvent(self, _event: QPaintEvent) -> None:
        opened, view = self._shown.opened, self._view.transform
        if opened is None:
            return
        painter = QPainter(self)
        columns, ratio = opened.source.columns, self.devicePixelRatioF()
        rows = self._seen(opened)
        widths, heights = columns.width[rows], columns.height[rows]
        sides = (widths * view.scale / 3).clip(_SMALLEST, _LARGEST).round()
        # Within the patch however the slide is turned: a corner's other side is another patch.
        middles = (columns.x[rows] + widths / 4, columns.y[rows] + heights / 4)
        marks = (sides, opened.store.review[rows], *middles)
        for side, review, x, y in zip(*(values.tolist() for values in marks), strict=True):
            mark = _mark(review, side, ratio)
            view_x, view_y = view.to_view(x, y)
            painter.drawPixmap(QPointF(view_x - side / 2, view_y - side / 2), mark)

    def _seen(self, opened: OpenSource) -> NDArray[np.intp]:
        box, columns, rows = self._view.transform.visible, opened.source.columns, self._thinned(opened)
        x, y = columns.x[rows], columns.y[rows]
        is_across = (x + columns.width[rows] > box.x) & (x < box.x + box.width)
        return rows[is_across & (y + columns.height[rows] > box.y) & (y < box.y + box.height)]

    def _thinned(self, opened: OpenSource) -> NDArray[np.intp]:
        """Where patches are smaller than marks, one for each stretch of tissue and decision: they would cover
        one another, and the slide."""
        columns, scale, rows = opened.source.columns, self._view.transform.scale, self._rows
        if not len(rows) or columns.width[rows].max() * scale >= _SMALLEST:
            return rows
        if self._thinned_at != scale:
            stretch = 3 * _SMALLEST / scale
            across, down = (columns.x[rows] // stretch), (columns.y[rows] // stretch)
            places = (down * (across.max() + 1) + across) * len(COLOURS) + opened.store.review[rows]
            self._few, self._thinned_at = rows[np.unique(places, return_index=True)[1]], scale
        return self._few


@lru_cache(maxsize=64)
def _mark(review: int, side: float, ratio: float) -> QPixmap:
    """One mark, ``side`` view pixels wide: to draw its shape a thousand times would hold up every frame."""
    mark = QPixmap(math.ceil(side * ratio), math.ceil(side * ratio))
    mark.setDevicePixelRatio(ratio)
    mark.fill(Qt.GlobalColor.transparent)
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GLASS)
    box = QRectF(0.0, 0.0, side, side)
    painter.drawRoundedRect(box, 2, 2)
    draw_shape(painter, box.adjusted(*2 * (side / 5,), *2 * (-side / 5,)), review, COLOURS[review])
    painter.end()
    return mark
