"""A scrolled grid of equal cells that exist only while they are painted. It knows nothing of patches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from histoviewer.gui.gallery.gallery_grid import GAP, GalleryGrid
from histoviewer.gui.gallery.gallery_keys import Reach, range_target, reach_of_click, target
from histoviewer.gui.gallery.gallery_walk import Place, first_place
from histoviewer.gui.gallery.selection_band import SelectionBand

_ACTIVATING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OPENING = (Qt.Key.Key_Right, *_ACTIVATING)


class GridArea(QAbstractScrollArea):
    """Scrolling, pointer and keys over a ``GalleryGrid``; the methods below marked *hook* say what a cell is.

    Attributes:
        grid: where the cells lie.
        pointer: where the mouse pointer is in the viewport, or None while it is elsewhere.
        hovered: position of the cell under it.
    """

    group_clicked = Signal(int)
    """The header of a group was pressed."""

    def __init__(self, parent: QWidget | None, grid: GalleryGrid) -> None:
        super().__init__(parent)
        self.grid = grid
        self.pointer: QPoint | None = None
        self.hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self._band = SelectionBand(self.viewport())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the columns, and with them whether it is needed.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    # Hooks

    def paint_cells(self, painter: QPainter, positions: range) -> None:
        """Hook: paint these cells in content pixels."""
        raise NotImplementedError

    def paint_header(self, painter: QPainter, group: int, header: QRect) -> None:
        """Hook: paint the header of a group of cells, in content pixels."""
        raise NotImplementedError

    def fit(self) -> None:
        """Hook: the viewport has another size; set a grid that fits it."""
        raise NotImplementedError

    def view_moved(self) -> None:
        """Hook: other cells are in sight."""

    def place(self) -> Place | None:
        """Hook: where keys start from."""
        return None

    def choose(self, position: int, reach: Reach) -> None:
        """Hook: the user went to this cell."""

    def choose_header(self, group: int) -> None:
        """Hook: the user went to the header of this closed group."""

    def set_group_open(self, is_open: bool) -> None:
        """Hook: the user wants the group that keys are in open, or closed."""

    def choose_within(self, positions: NDArray[np.intp], *, is_more: bool) -> None:
        """Hook: the user drew a band over these cells; ``is_more``: beside those that are selected."""

    def activate(self, position: int) -> None:
        """Hook: the user double-clicked the cell or pressed Enter on it."""

    def explanation(self, position: int) -> str:
        """Hook: tooltip of a cell."""
        raise NotImplementedError

    def header_explanation(self, group: int) -> str:
        """Hook: tooltip of a group's header."""
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
        # The header of its group lies over the top of the view.
        lowest, highest = cell.bottom() + GAP - self.viewport().height(), cell.top() - GAP - self.grid.header
        bar.setValue(min(max(bar.value(), lowest), highest))

    def scroll_to_group(self, group: int) -> None:
        """Bring a group's header to the top, or as near to it as the end of all of them lets it; of a closed
        one as little as is needed to show it."""
        header, bar = self.grid.header_of(group), self.verticalScrollBar()
        highest = header.top() - GAP // 2
        is_closed = self.grid.is_closed(group)
        lowest = header.bottom() + GAP - self.viewport().height() if is_closed else highest
        bar.setValue(min(max(bar.value(), lowest), highest))

    def repaint_cell(self, position: int) -> None:
        around = GAP // 2
        self.viewport().update(self._on_screen(position).adjusted(-around, -around, around, around))

    def repaint_headers(self) -> None:
        for _, header in self._headers():
            self.viewport().update(header.translated(0, -self.offset))

    def _on_screen(self, position: int) -> QRect:
        return self.grid.cell(position).translated(0, -self.offset)

    def _position_at(self, point: QPoint) -> int | None:
        is_on_header = self._group_at(point) is not None
        return None if is_on_header else self.grid.position_at(point + QPoint(0, self.offset))

    def _group_at(self, point: QPoint) -> int | None:
        """The group whose header is seen there."""
        on_content, headers = point + QPoint(0, self.offset), self._headers()
        return next((group for group, header in headers if header.contains(on_content)), None)

    def _headers(self) -> list[tuple[int, QRect]]:
        """Groups whose headers are in sight, and where, in content pixels."""
        groups = self.grid.headers_seen(self.offset, self.viewport().height())
        return [(group, self.grid.header_of(group, self.offset)) for group in groups]

    # Painting and scrolling

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.translate(0, -self.offset)
        stripe = event.rect().translated(0, self.offset)
        self.paint_cells(painter, self.grid.between(stripe.top(), stripe.bottom() + 1))
        for group, header in self._headers():
            if header.intersects(stripe):
                self.paint_header(painter, group, header)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self.grid.header:
            self.viewport().update()  # the first header stays where it is
        else:
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
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._draw_band(
                self.pointer, is_more=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            )

    def _draw_band(self, at: QPoint, *, is_more: bool) -> None:
        box = self._band.draw_to(at + QPoint(0, self.offset), offset=self.offset)
        if box is None:
            return
        # Beyond the edge the view follows, as fast as the mouse is far.
        beyond = min(at.y(), 0) + max(at.y() - self.viewport().height(), 0)
        self.verticalScrollBar().setValue(self.offset + beyond)
        self.choose_within(self.grid.within(box), is_more=is_more)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        group, position = self._group_at(point), self._position_at(point)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if group is not None:
            self.group_clicked.emit(group)
            return
        self._band.press(point + QPoint(0, self.offset))
        if position is not None:
            self.choose(position, reach_of_click(event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._band.release()
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
        position, group = self._position_at(event.pos()), self._group_at(event.pos())
        if position is not None:
            text, place = self.explanation(position), self._on_screen(position)
            QToolTip.showText(event.globalPos(), text, self.viewport(), place)
        elif group is not None:
            QToolTip.showText(event.globalPos(), self.header_explanation(group), self.viewport())
        else:
            QToolTip.hideText()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.place()
        is_handled = self._turn_group(event, here) or self._act(event, here) or self._walk(event, here)
        if not is_handled:
            super().keyPressEvent(event)

    def _turn_group(self, event: QKeyEvent, here: Place | None) -> bool:
        """As in a tree: right, or Enter, opens a closed group; left of its first cell closes it. A key held
        down only moves."""
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if here is None or not is_plain or event.isAutoRepeat():
            return False
        is_closed = here.position is None
        is_first = self.grid.sizes is not None and here.position == self.grid.starts[here.group]
        can_turn = event.key() in _OPENING if is_closed else is_first and event.key() == Qt.Key.Key_Left
        if can_turn:
            self.set_group_open(is_closed)
        return can_turn

    def _act(self, event: QKeyEvent, here: Place | None) -> bool:
        position = None if here is None else here.position
        if position is not None and event.key() in _ACTIVATING:
            self.activate(position)
        elif position is not None and _is_toggling(event):
            self.choose(position, Reach.TOGGLE)
        else:
            return False
        return True

    def _walk(self, event: QKeyEvent, here: Place | None) -> bool:
        page = self.grid.page(self.viewport().height())
        is_range = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if is_range and here is not None and here.position is not None:
            position = range_target(self.grid, event.key(), here.position, page=page)
            goal = None if position is None else Place(self.grid.group_of(position), position)
        else:
            first = first_place(self.grid, self.offset, self.viewport().height())
            goal = target(self.grid, event.key(), here=here, first_seen=first, page=page)
        if goal is None:
            return False
        if goal.position is None:
            self.choose_header(goal.group)
        else:
            self.choose(goal.position, Reach.RANGE if is_range else Reach.ONE)
        return True


def _is_toggling(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Space and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
