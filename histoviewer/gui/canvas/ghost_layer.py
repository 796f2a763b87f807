"""How the scale ghost looks: a thin square at its place, and beside it what the model sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_painter import paint_outline
from histoviewer.gui.colours import neutrals
from histoviewer.slides.geometry import Box

ENLARGED = 4
"""View pixels along the side of one pixel of the model."""

_MARGIN = 8
_GAP = 12
_OLD = 0.35
"""Opacity of pixels that are of the place before."""


class GhostLayer(QWidget):
    """Lies over a slide view and never catches the mouse. GUI thread.

    Attributes:
        pixels: what the inset shows; None while nothing was read.
        is_old: they are of the place before.
        lines: what stands below it, or by itself.
    """

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._box: Box | None = None
        self._cursor = (0.0, 0.0)
        self.is_old = False
        self.pixels: QImage | None = None
        self.lines: tuple[str, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.moved.connect(self.update)
        self.hide()

    def tell(self, line: str, cursor: tuple[float, float]) -> None:
        """Only a line, at a level-0 point."""
        self._box, self.pixels = None, None
        self._show((line,), cursor)

    def show_square(self, box: Box, lines: tuple[str, ...], cursor: tuple[float, float]) -> None:
        """A square of the slide, in level-0 pixels, with what there is to say of it."""
        if box != self._box:
            self._box, self.is_old = box, True
        self._show(lines, cursor)

    def set_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """What the model sees of the square shown last: uint8 RGB (s, s, 3), or None."""
        self.pixels, self.is_old = None if pixels is None else _image(pixels), False
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._box, self.pixels = None, None
        self.hide()

    def inset_place(self) -> QRect:
        """Of the enlarged pixels, view pixels."""
        panel = self._panel_place()
        side = self._inset_side()
        return QRect(panel.left() + (panel.width() - side) // 2, panel.top() + _MARGIN, side, side)

    def _show(self, lines: tuple[str, ...], cursor: tuple[float, float]) -> None:
        self.lines, self._cursor = lines, cursor
        self.setAccessibleName(" ".join(lines))
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._box is not None:
            painter.save()
            self._paint_square(painter, self._box)
            painter.restore()
        self._paint_panel(painter)

    def _paint_square(self, painter: QPainter, box: Box) -> None:
        ratio = self.devicePixelRatioF()
        view = self._view.transform.on_device(ratio)
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(view.width / 2, view.height / 2)
        painter.rotate(view.rotation)
        painter.translate(-view.width / 2, -view.height / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, view.rotation % 90 != 0)
        paint_outline(painter, view, box, width=ratio)

    def _paint_panel(self, painter: QPainter) -> None:
        colours = neutrals(self.palette())
        panel = self._panel_place()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(QRectF(panel), 4, 4)
        if self.pixels is not None:
            painter.setOpacity(_OLD if self.is_old else 1.0)
            painter.drawImage(self.inset_place(), self.pixels)
            painter.setOpacity(1.0)
        height = self.fontMetrics().height()
        top = panel.bottom() + 1 - _MARGIN - height * len(self.lines)
        for i, line in enumerate(self.lines):
            painter.setPen(colours.faint_text if i else colours.text)
            place = QRect(panel.left(), top + i * height, panel.width(), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)

    def _inset_side(self) -> int:
        return self.pixels.width() * ENLARGED if self.pixels is not None else 0

    def _panel_size(self) -> QSize:
        metrics = self.fontMetrics()
        width = max((metrics.horizontalAdvance(line) for line in self.lines), default=0)
        side = self._inset_side()
        height = side + metrics.height() * len(self.lines) + (3 if side else 2) * _MARGIN
        return QSize(max(width, side) + 2 * _MARGIN, height)

    def _panel_place(self) -> QRect:
        """Right of the square; left of it, or at the edge away from the cursor, where there is no room."""
        size, square = self._panel_size(), self._square_place()
        left = round(square.right()) + _GAP
        if left + size.width() > self.width():
            left = round(square.left()) - _GAP - size.width()
        if left < 0:
            is_right = self._view.transform.to_view(*self._cursor)[0] > self.width() / 2
            left = _GAP if is_right else self.width() - _GAP - size.width()
        top = min(max(round(square.top()), _GAP), self.height() - _GAP - size.height())
        return QRect(left, top, size.width(), size.height())

    def _square_place(self) -> QRectF:
        """What the square, or the cursor where there is none, takes up of the view."""
        box = self._box or Box(*self._cursor, 0.0, 0.0)
        corners = [(box.x + x, box.y + y) for x in (0.0, box.width) for y in (0.0, box.height)]
        to_view = self._view.transform.to_view
        return QPolygonF([QPointF(*to_view(*corner)) for corner in corners]).boundingRect()


def _image(pixels: NDArray[np.uint8]) -> QImage:
    height, width, _channels = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
