"""One map as a picture: every cell a square, all of it in view."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from histoviewer.gui.colours import neutrals

_MARGIN = 4
_HEIGHT = 152


class MapPicture(QWidget):
    """In the middle of its room, as large as it fits.

    Signals:
        pointed(object): (row, column) of the cell under the mouse; None where there is none.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._marked: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_HEIGHT)

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        """uint8 RGBA (rows, columns, 4), clear where there is nothing."""
        rows, columns, _channels = colours.shape
        data = np.ascontiguousarray(colours)
        image = QImage(data.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._marked = None
        self.update()

    def mark(self, cell: tuple[int, int] | None) -> None:
        """Frame a cell, (row, column): the same one in each of the maps."""
        self._marked = cell
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), neutrals(self.palette()).surround)
        if self._image.isNull():
            return
        place = self._place()
        painter.drawImage(place, self._image)
        if self._marked is not None:
            row, column = self._marked
            side = place.width() / self._image.width()
            cell = QRectF(place.x() + column * side, place.y() + row * side, side, side)
            # One of the two stands off, whatever colour is below.
            for pen, out in ((Qt.GlobalColor.black, 0.5), (Qt.GlobalColor.white, 1.5)):
                painter.setPen(pen)
                painter.drawRect(cell.adjusted(-out, -out, out, out))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self._cell_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _place(self) -> QRectF:
        """Where the map is, pixels of the widget: whole, and in the middle."""
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        size = self._image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(room.topLeft(), size)
        place.moveCenter(room.center())
        return place

    def _cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        place = self._place()
        if self._image.isNull() or not place.contains(x, y):
            return None
        column = int((x - place.x()) / place.width() * self._image.width())
        row = int((y - place.y()) / place.height() * self._image.height())
        return min(row, self._image.height() - 1), min(column, self._image.width() - 1)
