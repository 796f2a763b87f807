"""What a pressed mouse button may be doing to a view: one class a gesture, each with a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt

from histoviewer.gui.canvas.band import Band
from histoviewer.gui.canvas.drag import Drag
from histoviewer.gui.canvas.navigator import Navigator
from histoviewer.gui.canvas.turn import Turn


class Gesture(Protocol):
    """From press to release, or to Esc. Positions are view pixels, times the events', in milliseconds."""

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """What the mouse looks like meanwhile; None as usual."""
        ...

    def move_to(self, at: QPointF, time: int) -> None:
        """The mouse is there now."""
        ...

    def release(self, at: QPointF, time: int) -> None:
        """The button was let go."""
        ...

    def cancel(self) -> None:
        """Bring back what was there before the press."""
        ...


class Panning:
    """The slide follows the mouse, and runs on when it is let go in motion; without motion it is a click."""

    def __init__(self, navigator: Navigator, drag: Drag, click: Callable[[QPointF], object] | None) -> None:
        """``click``: told where; None: nobody wants to know."""
        self._navigator, self._drag, self._click = navigator, drag, click
        self._before = navigator.standing
        navigator.hold()

    @property
    def cursor(self) -> Qt.CursorShape | None:
        return Qt.CursorShape.ClosedHandCursor if self._drag.has_moved else None

    def move_to(self, at: QPointF, time: int) -> None:
        dx, dy = self._drag.moved_to(at.x(), at.y(), time)
        if self._drag.has_moved:
            self._navigator.drag(dx, dy)

    def release(self, at: QPointF, time: int) -> None:
        if self._drag.has_moved:
            self._navigator.fling(*self._drag.speed_at(time))
        elif self._click is not None:
            self._click(at)

    def cancel(self) -> None:
        self._navigator.return_to(self._before)


class Turning:
    """The slide turns with the mouse about the middle of the view."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, navigator: Navigator, at: QPointF) -> None:
        self._navigator = navigator
        self._before = navigator.standing
        view = navigator.current
        self._turn = Turn(view.width / 2, view.height / 2, view.rotation)
        self._turn.moved_to(at.x(), at.y())

    def move_to(self, at: QPointF, _time: int) -> None:
        self._navigator.turn_by_hand(self._turn.moved_to(at.x(), at.y()))

    def release(self, at: QPointF, time: int) -> None:
        """It stays as it was turned."""

    def cancel(self) -> None:
        self._navigator.return_to(self._before)


class Banding:
    """A rectangle is drawn; a press that does not move is a click."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self,
        band: Band,
        *,
        drawing: Callable[[QRectF], object],
        drawn: Callable[[QRectF], object],
        given_up: Callable[[], object],
        click: Callable[[QPointF], object],
    ) -> None:
        self._band = band
        self._drawing, self._drawn, self._given_up, self._click = drawing, drawn, given_up, click

    def move_to(self, at: QPointF, _time: int) -> None:
        if self._band.moved_to(at):
            self._drawing(self._band.rect)

    def release(self, at: QPointF, _time: int) -> None:
        if self._band.moved_to(at):
            self._drawn(self._band.rect)
        else:
            self._click(at)

    def cancel(self) -> None:
        self._given_up()


class Stroking:
    """A stroke of the brush: it paints from the press on."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, at: QPointF, *, painted: Callable[[QPointF], object], given_up: Callable[[], object]
    ) -> None:
        self._painted, self._given_up = painted, given_up
        painted(at)

    def move_to(self, at: QPointF, _time: int) -> None:
        self._painted(at)

    def release(self, at: QPointF, _time: int) -> None:
        self._painted(at)

    def cancel(self) -> None:
        self._given_up()
