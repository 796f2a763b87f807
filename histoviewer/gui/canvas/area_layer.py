"""A rectangle that a person draws on the slide, and the patches whose middle lies in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLine, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.device_lines import on_device, turn_with
from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_picture import common
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_painter import device_rect
from histoviewer.gui.colours import neutrals
from histoviewer.gui.reviewing.brush import judged_middles
from histoviewer.gui.session import Session
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.outlines import lines, runs

_CASING = QColor(255, 255, 255, 220)
_WIDTH = 2.0
_TINT = 48
"""Alpha: the tissue is what is looked at."""


class AreaLayer(QWidget):
    """Lies over a slide view and never catches the mouse: the rectangle while it is drawn, then what the
    session's area has of this slide. GUI thread."""

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session, self._shown, self._view = session, shown, view
        self._band: QRectF | None = None
        self._lines: NDArray[np.float64] = np.empty((0, 4))
        self._boxes = self._lines
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        view.hand.banding.connect(self._show_band)
        for signal in (view.hand.banded, view.hand.band_given_up, shown.changed, shown.leaving):
            signal.connect(self._end_band)
        session.area.changed.connect(self._show)
        for signal in (shown.changed, shown.leaving):
            signal.connect(self._show)
        self._show()

    def rows_within(self, band: QRectF) -> NDArray[np.intp]:
        """Judged patches whose middle lies in a rectangle of view pixels, however the slide is turned."""
        opened, name = self._shown.opened, self._shown.name
        if opened is None or name is None or self._shown.slide is None:
            return np.empty(0, np.intp)
        rows, x, y = judged_middles(opened, name)
        view_x, view_y = self._view.transform.all_to_view(x, y)
        is_across = (view_x >= band.left()) & (view_x < band.right())
        within: NDArray[np.intp] = rows[is_across & (view_y >= band.top()) & (view_y < band.bottom())]
        return within

    def _show_band(self, band: QRectF) -> None:
        self._band = band
        self._show_or_hide()

    def _end_band(self) -> None:
        self._band = None
        self._show_or_hide()

    def _show(self) -> None:
        rows, opened, name = self._session.area.rows, self._shown.opened, self._shown.name
        self._lines = self._boxes = np.empty((0, 4))
        if (
            self._shown.slide is not None
            and self._shown.is_current
            and opened is not None
            and name is not None
        ):
            here = _among(rows, opened.source.rows(name))
            if len(here):
                self._outline(Heatmap(opened.store, here, np.ones(len(here), np.float32)))
        self._show_or_hide()

    def _outline(self, cells: Heatmap) -> None:
        is_in = ~np.isnan(cells.values)
        corner = np.array([cells.x, cells.y] * 2)
        self._lines = lines(is_in) * cells.cell + corner
        row, start, end = runs(is_in).T
        self._boxes = np.stack([start, row, end, row + 1], axis=1) * cells.cell + corner

    def _show_or_hide(self) -> None:
        self.setVisible(self._band is not None or bool(len(self._lines)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        accent = neutrals(self.palette()).accent
        tint = QColor(accent)
        tint.setAlpha(_TINT)
        if len(self._lines):
            painter.save()
            self._paint_patches(painter, accent, tint)
            painter.restore()
        if self._band is not None:
            painter.fillRect(self._band, tint)
            for colour, width in ((_CASING, _WIDTH + 2), (accent, _WIDTH)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(self._band)

    def _paint_patches(self, painter: QPainter, accent: QColor, tint: QColor) -> None:
        if self._shown.slide is None:
            return
        ratio = self.devicePixelRatioF()
        view = self._view.transform.on_device(ratio)
        turn_with(view, painter, ratio)
        upright = view.upright
        place = device_rect(upright, common(view.visible, self._shown.slide.bounds))
        for left, top, right, bottom in on_device(upright, self._boxes, place):
            painter.fillRect(QRect(QPoint(left, top), QPoint(right - 1, bottom - 1)), tint)
        found = [QLine(*line) for line in on_device(upright, self._lines, place)]
        for colour, width in ((_CASING, _WIDTH + 2), (accent, _WIDTH)):
            painter.setPen(QPen(colour, width * ratio, c=Qt.PenCapStyle.SquareCap))
            painter.drawLines(found)


def _among(rows: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of ``rows`` that are in ``others``, both ascending: the first are few while a stroke begins, the
    others a slide's million."""
    if not len(others):
        return others
    places = np.minimum(np.searchsorted(others, rows), len(others) - 1)
    found: NDArray[np.intp] = rows[others[places] == rows]
    return found
