"""A line that a person draws on the slide, to measure by."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from histoviewer.gui.canvas.canvas_label import paint_label
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.escape import takes_escape
from histoviewer.gui.formatting import THIN_SPACE, count_text
from histoviewer.gui.theme import GRID

Point = tuple[float, float]

_TICK = 6.0


class Ruler(QWidget):
    """Lies over a slide view while it is switched on, and takes its left button: two clicks, or a drag, are
    a line. Everything else, wheel, keys, Space or the middle button with a drag, stays the view's.

    The line is kept in level-0 pixels, so that zoom, pan and rotation do not change its length.

    Signals:
        drawn(float): the line is there; its length in level-0 pixels.
        given_up(): Esc, while no line is being drawn: then it takes that line back first.
    """

    drawn = Signal(float)
    given_up = Signal()

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._ends: tuple[Point, Point] | None = None
        self._before: tuple[Point, Point] | None = None
        """The line that was there before the one that is being drawn."""
        self._pressed_at: QPointF | None = None
        self._is_open = False
        """One end is there and the other follows the mouse."""
        self._is_space_held = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Measuring line"))
        view.add_layer(self)
        view.moved.connect(self.update)
        self.hide()

    @property
    def length(self) -> float:
        """Of the line, level-0 pixels; 0 without one."""
        return math.dist(*self._ends) if self._ends else 0.0

    def start(self) -> None:
        """Wait for a line."""
        self._ends, self._is_open, self._pressed_at = None, False, None
        self.show()
        self.setFocus()

    def stop(self) -> None:
        """Show nothing, and leave the mouse to the view."""
        if not self.isHidden():
            self.hide()
            self._view.setFocus()

    def event(self, event: QEvent) -> bool:
        return takes_escape(event) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._is_space_held:
            event.ignore()
            return
        at = event.position()
        self._pressed_at = at
        if self._is_open:
            self._move_end(at)
        else:
            point = self._level0(at)
            self._before = self._ends
            self._ends, self._is_open = (point, point), True
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # what is under the cursor is the view's to tell
        if self._is_open:
            self._move_end(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed_at, self._pressed_at = self._pressed_at, None
        if pressed_at is None:
            event.ignore()
            return
        self._move_end(event.position())
        start = QPointF(*self._view.transform.to_view(*self._ends[0])) if self._ends else pressed_at
        if (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
            self._is_open = False
            self.drawn.emit(self.length)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self._view.hand.cancel() and not self._take_back():
                self.given_up.emit()
            return
        self._is_space_held |= event.key() == Qt.Key.Key_Space
        event.ignore()

    def _take_back(self) -> bool:
        """The line that is being drawn is not to be, but the one before it; False where none is drawn."""
        was_open, self._is_open, self._pressed_at = self._is_open, False, None
        if was_open:
            self._ends = self._before
            self.update()
        return was_open

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = False
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_space_held = False
        super().focusOutEvent(event)

    def _level0(self, at: QPointF) -> Point:
        return self._view.transform.to_level0(at.x(), at.y())

    def _move_end(self, at: QPointF) -> None:
        if self._ends is not None:
            self._ends = (self._ends[0], self._level0(at))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._ends is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start, end = (QPointF(*self._view.transform.to_view(*point)) for point in self._ends)
        tick = _across(start, end)
        lines = [(start, end), (start - tick, start + tick), (end - tick, end + tick)]
        for colour, width in ((QColor(0, 0, 0, 200), 4), (QColor(255, 255, 255), 2)):
            painter.setPen(QPen(colour, width))
            for first, last in lines:
                painter.drawLine(first, last)
        if self.length > 0:
            self._paint_label(painter, end)

    def _paint_label(self, painter: QPainter, end: QPointF) -> None:
        """Beside the end that is drawn."""
        text = f"{count_text(round(self.length))}{THIN_SPACE}px"
        paint_label(painter, self, text, end + QPointF(2 * GRID, GRID))


def _across(start: QPointF, end: QPointF) -> QPointF:
    """Half a tick: at a right angle to the line."""
    dx, dy = end.x() - start.x(), end.y() - start.y()
    length = math.hypot(dx, dy) or 1.0
    return QPointF(-dy, dx) * (_TICK / length)
