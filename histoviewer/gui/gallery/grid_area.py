"""A scrolled grid of equal cells that exist only while they are painted. It knows nothing of patches."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from histoviewer.gui.gallery.gallery_grid import GAP, GalleryGrid

_ACTIVATING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GridArea(QAbstractScrollArea):
    """Scrolling, pointer and keys over a ``GalleryGrid``; the methods below marked *hook* say what a cell is.

    Attributes:
        grid: where the cells lie.
        pointer: where the mouse pointer is in the viewport, or None while it is elsewhere.
        hovered: position of the cell under it.
    """

    def __init__(self, parent: QWidget | None, grid: GalleryGrid) -> None:
        super().__init__(parent)
        self.grid = grid
        self.pointer: QPoint | None = None
        self.hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the columns, and with them whether it is needed.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    # Hooks

    def paint_cells(self, painter: QPainter, positions: range) -> None:
        """Hook: paint these cells in content pixels."""
        raise NotImplementedError

    def fit(self) -> None:
        """Hook: the viewport has another size; set a grid that fits it."""
        raise NotImplementedError

    def view_moved(self) -> None:
        """Hook: other cells are in sight."""

    def current(self) -> int | None:
        """Hook: the position that keys start from."""
        return None

    def choose(self, position: int) -> None:
        """Hook: the user went to this cell."""

    def activate(self, position: int) -> None:
        """Hook: the user double-clicked the cell or pressed Enter on it."""

    def explanation(self, position: int) -> str:
        """Hook: tooltip of a cell."""
        raise NotImplementedError

    # Geometry

    @property
    def offset(self) -> int:
        """Content pixels above the viewport."""
        return self.verticalScrollBar().value()

    def seen(self) -> range:
        """Positions of the lines in sight, also in part."""
        return self.grid.between(self.offset, self.offset + self.viewport().height())

    def set_grid(self, grid: GalleryGrid) -> None:
        """Show other cells; the view stays where it was as far as it can."""
        self.grid = grid
        height, bar = self.viewport().height(), self.verticalScrollBar()
        bar.setRange(0, max(0, grid.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(1, grid.line_height // 3))
        self._follow_pointer()
        self.viewport().update()

    def scroll_to(self, position: int) -> None:
        """As little as is needed to show the whole cell."""
        cell, bar = self.grid.cell(position), self.verticalScrollBar()
        lowest, highest = cell.bottom() + GAP - self.viewport().height(), cell.top() - GAP
        bar.setValue(min(max(bar.value(), lowest), highest))

    def repaint_cell(self, position: int) -> None:
        around = GAP // 2
        self.viewport().update(self._on_screen(position).adjusted(-around, -around, around, around))

    def _on_screen(self, position: int) -> QRect:
        return self.grid.cell(position).translated(0, -self.offset)

    def _position_at(self, point: QPoint) -> int | None:
        return self.grid.position_at(point + QPoint(0, self.offset))

    # Painting and scrolling

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.translate(0, -self.offset)
        stripe = event.rect().translated(0, self.offset)
        self.paint_cells(painter, self.grid.between(stripe.top(), stripe.bottom() + 1))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        self._follow_pointer()
        self.view_moved()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.view_moved()

    # Pointer

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointer = None
            self._follow_pointer()
        if isinstance(event, QHelpEvent):
            self._explain(event)
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer = event.position().toPoint()
        self._follow_pointer()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self._position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and position is not None:
            self.choose(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self._position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and position is not None:
            self.activate(position)

    def _follow_pointer(self) -> None:
        before = self.hovered
        self.hovered = None if self.pointer is None else self._position_at(self.pointer)
        if self.hovered != before:
            for position in (before, self.hovered):
                if position is not None:
                    self.repaint_cell(position)

    def _explain(self, event: QHelpEvent) -> None:
        position = self._position_at(event.pos())
        if position is None:
            QToolTip.hideText()
        else:
            text, cell = self.explanation(position), self._on_screen(position)
            QToolTip.showText(event.globalPos(), text, self.viewport(), cell)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here, target = self.current(), self._target(Qt.Key(event.key()))
        if here is not None and event.key() in _ACTIVATING:
            self.activate(here)
        elif target is not None:
            self.choose(target)
        else:
            super().keyPressEvent(event)

    def _target(self, key: Qt.Key) -> int | None:
        current, last = self.current(), self.grid.count - 1
        here = self.seen().start if current is None else current
        page = self.grid.page(self.viewport().height())
        moved = {
            Qt.Key.Key_Left: max(here - 1, 0),
            Qt.Key.Key_Right: min(here + 1, last),
            Qt.Key.Key_Up: self.grid.moved(here, lines=-1),
            Qt.Key.Key_Down: self.grid.moved(here, lines=1),
            Qt.Key.Key_PageUp: self.grid.moved(here, lines=-page),
            Qt.Key.Key_PageDown: self.grid.moved(here, lines=page),
        }
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        # The first key shows where one is; only the next one moves.
        targets = ends | (moved if current is not None else dict.fromkeys(moved, here))
        return targets.get(key) if self.grid.count else None
