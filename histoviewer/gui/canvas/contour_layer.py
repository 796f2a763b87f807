"""The outline of what reaches the threshold, over the slide."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLine, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.device_lines import on_device, turn_with
from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_picture import common
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_painter import device_rect
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.session import Session
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.outlines import lines
from histoviewer.results.store import is_positive
from histoviewer.slides.geometry import Box

_CASING, _LINE = QColor(255, 255, 255, 220), QColor(20, 20, 20)
_WIDTH = 1.5

_LEAST_CELL = 3.0
"""Screen pixels; smaller cells are taken together, or their lines would cover everything."""

_BLOCK = 64
"""Cells: the outlined part of a large heat map grows by so many, and is kept while the view stays in it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Which cells are outlined, and how many are taken as one."""

    top: int
    bottom: int
    left: int
    right: int
    step: int


class ContourLayer(QWidget):
    """Lies over a slide view and never catches the mouse; shown while the session's overlay has contours. GUI
    thread."""

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session, self._shown, self._view = session, shown, view
        self._part: _Part | None = None
        self._lines: NDArray[np.float64] = np.empty((0, 4))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        for signal in (
            *(shown.changed, shown.leaving, shown.heatmap_changed),
            *(session.overlay_changed, session.threshold_changed),
        ):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._part = None
        heatmap, overlay = self._shown.heatmap, self._session.overlay
        is_shown = overlay.has_contours and not overlay.is_peeking
        self.setVisible(is_shown and heatmap is not None and heatmap.has_answers)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        heatmap, slide = self._shown.heatmap, self._shown.slide
        if heatmap is None or slide is None:
            return
        ratio = self.devicePixelRatioF()
        view = self._view.transform.on_device(ratio)
        seen = common(view.visible, slide.bounds)
        self._outline(heatmap, view, seen)
        painter = QPainter(self)
        turn_with(view, painter, ratio)
        upright = view.upright
        found = [QLine(*line) for line in on_device(upright, self._lines, device_rect(upright, seen))]
        for colour, width in ((_CASING, _WIDTH + 2), (_LINE, _WIDTH)):
            painter.setPen(QPen(colour, width * ratio, c=Qt.PenCapStyle.SquareCap))
            painter.drawLines(found)

    def _outline(self, heatmap: Heatmap, view: ViewTransform, seen: Box) -> None:
        part = _part_of(heatmap, view, seen)
        if part == self._part:
            return
        self._part = part
        values = heatmap.values[part.top : part.bottom, part.left : part.right]
        is_malignant = _taken_together(is_positive(values, self._session.threshold), part.step)
        corner = np.array([heatmap.x + part.left * heatmap.cell, heatmap.y + part.top * heatmap.cell] * 2)
        self._lines = lines(is_malignant) * (part.step * heatmap.cell) + corner


def _part_of(heatmap: Heatmap, view: ViewTransform, seen: Box) -> _Part:
    """The cells that a view shows, in whole blocks."""
    rows, columns = heatmap.values.shape
    step = max(1, math.ceil(_LEAST_CELL / (heatmap.cell * view.scale)))
    block = _BLOCK * step

    def span(start: float, length: float, most: int) -> tuple[int, int]:
        first, last = start / heatmap.cell, (start + length) / heatmap.cell
        low, high = math.floor(first / block) * block, math.ceil(last / block) * block
        return min(max(low, 0), most), min(max(high, 0), most)

    top, bottom = span(seen.y - heatmap.y, seen.height, rows)
    left, right = span(seen.x - heatmap.x, seen.width, columns)
    return _Part(top, bottom, left, right, step)


def _taken_together(is_set: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """``step`` by ``step`` cells as one, which is set where at least half of them are."""
    if step == 1:
        return is_set
    rows, columns = (-size % step for size in is_set.shape)
    padded = np.pad(is_set, ((0, rows), (0, columns))).view(np.uint8)
    # Added up slice by slice: five times as fast as a sum over two axes.
    smallest = np.uint8 if step < 16 else np.uint32  # that holds step²
    counts = np.zeros((padded.shape[0] // step, padded.shape[1] // step), smallest)
    for down in range(step):
        for across in range(step):
            counts += padded[down::step, across::step]
    together: NDArray[np.bool_] = counts >= (step**2 + 1) // 2
    return together
