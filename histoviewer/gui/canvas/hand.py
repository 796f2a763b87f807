"""What mouse, wheel, fingers and keys do to a view."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from histoviewer.gui.canvas.band import Band
from histoviewer.gui.canvas.drag import Drag
from histoviewer.gui.canvas.gestures import Banding, Gesture, Panning, Stroking, Turning
from histoviewer.gui.canvas.navigator import Navigator

_NOTCH_ZOOM = 2 ** (1 / 3)
KEY_ZOOM = 2 ** (1 / 2)
"""How much one press of + enlarges."""

_PIXELS_PER_DOUBLING = 200.0
_ARROW_STEP = 1 / 8
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ZOOMS: dict[int, float] = {
    Qt.Key.Key_Plus: KEY_ZOOM,
    Qt.Key.Key_Equal: KEY_ZOOM,
    Qt.Key.Key_Minus: 1 / KEY_ZOOM,
}
_FITS = (Qt.Key.Key_0, Qt.Key.Key_Home)
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


class Hand(QObject):
    """Turns a widget's input into moves of a ``Navigator``. GUI thread.

    The widget hands its ``HAND_EVENTS`` on from its ``event``. (An event filter would be called even while
    the widget is being destroyed.)

    Drag with the left or middle button pans and can be flung; the wheel, a pinch or two fingers zoom at
    the cursor; Alt and drag turns about the middle; a double click zooms in; arrows pan, + and - zoom, Home
    and 0 fit. While Space is held a press is a drag and never a click. Shift and drag with the left button
    draws a rectangle. With a brush in the hand the left button paints, with Alt or Ctrl it takes away. Esc
    in the middle of any of these brings back what was before.

    Attributes:
        position: the mouse in view pixels; None while it is elsewhere.
        has_brush: the left button paints.

    Signals:
        pointed: ``position`` changed.
        clicked(QPointF): left button pressed and released in one place, view pixels.
        banding(QRectF): a rectangle is being drawn, view pixels; banded(QRectF): it is there;
            band_given_up: it is not to be.
        stroke_begun(bool): the brush was set down, True where it takes away; stroked(QPointF): it is there
            now, view pixels; stroke_given_up: all of this stroke is not to be.
    """

    pointed = Signal()
    clicked = Signal(QPointF)
    banding = Signal(QRectF)
    banded = Signal(QRectF)
    band_given_up = Signal()
    stroke_begun = Signal(bool)
    stroked = Signal(QPointF)
    stroke_given_up = Signal()

    def __init__(self, navigator: Navigator, widget: QWidget) -> None:
        super().__init__(widget)
        self._navigator = navigator
        self._widget = widget
        self._button: Qt.MouseButton | None = None
        self._held: Gesture | None = None
        self._is_space_held = False
        self.position: QPointF | None = None
        self.has_brush = False
        widget.setMouseTracking(True)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if sys.platform != "darwin":  # there a pinch comes as a native gesture already
            widget.grabGesture(Qt.GestureType.PinchGesture)

    def set_brush(self, has_brush: bool) -> None:
        """Take the brush, or lay it down."""
        self.has_brush = has_brush
        self._choose_cursor()

    def handle(self, event: QEvent) -> bool:
        """Act on one of ``HAND_EVENTS``. True when it was understood and nobody else needs to see it."""
        return _ANSWERS[event.type()](self, event)

    def _press(self, event: QMouseEvent) -> bool:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return False
        if self._button not in (None, event.button()) and event.buttons() & self._button:
            return True  # what the other button does goes on until that is released
        self._button = event.button()
        self._held = self._begun(event)
        self._choose_cursor()
        return True

    def _begun(self, event: QMouseEvent) -> Gesture:
        at, keys = event.position(), event.modifiers()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self.has_brush and not self._is_space_held and not keys & _SHIFT:
            self._navigator.hold()
            self.stroke_begun.emit(bool(keys & (_ALT | Qt.KeyboardModifier.ControlModifier)))
            return Stroking(at, painted=self.stroked.emit, given_up=self.stroke_given_up.emit)
        if keys & _ALT:
            return Turning(self._navigator, at)
        if is_left and keys & _SHIFT:
            self._navigator.hold()
            return Banding(
                Band(at, QApplication.startDragDistance()),
                drawing=self.banding.emit,
                drawn=self.banded.emit,
                given_up=self.band_given_up.emit,
                click=self.clicked.emit,
            )
        threshold = 0 if self._is_space_held else QApplication.startDragDistance()
        drag = Drag(at.x(), at.y(), event.timestamp(), threshold)
        return Panning(
            self._navigator, drag, self.clicked.emit if is_left and not self._is_space_held else None
        )

    def _move(self, event: QMouseEvent) -> bool:
        self.position = at = event.position()
        if self._held is not None:
            self._held.move_to(at, event.timestamp())
        self._choose_cursor()
        self.pointed.emit()
        return True

    def _release(self, event: QMouseEvent) -> bool:
        if event.button() != self._button:
            return False
        self._button = None
        gesture, self._held = self._held, None
        self._choose_cursor()
        if gesture is not None:
            gesture.release(event.position(), event.timestamp())
        return True

    @property
    def is_busy(self) -> bool:
        """A button is doing something that ``cancel`` takes back."""
        return self._held is not None

    def cancel(self) -> bool:
        """Bring back what was before the press; the button, still held, does nothing more. False where there
        is nothing to bring back."""
        gesture = self._held
        self.drop()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def drop(self) -> None:
        """Another slide: the button, still held, does nothing more."""
        self._held = None
        self._choose_cursor()

    def _double_click(self, event: QMouseEvent) -> bool:
        if self.has_brush:
            return self._press(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._navigator.zoom_at(event.position().x(), event.position().y(), 2.0)
        return True

    def _leave(self, _event: QEvent) -> bool:
        self.position = None
        self.pointed.emit()
        return False

    def _turn_wheel(self, event: QWheelEvent) -> bool:
        at, phase = event.position(), event.phase()
        if event.angleDelta().y() == 0 and event.pixelDelta().y() == 0:
            return False
        if phase == Qt.ScrollPhase.NoScrollPhase:
            factor = _NOTCH_ZOOM ** (event.angleDelta().y() / 120)
            self._navigator.zoom_at(at.x(), at.y(), factor)
        elif phase != Qt.ScrollPhase.ScrollMomentum:  # the zoom ends when the fingers leave the pad
            pixels = event.pixelDelta().y() or event.angleDelta().y()
            self._navigator.zoom_at(at.x(), at.y(), 2 ** (pixels / _PIXELS_PER_DOUBLING), at_once=True)
        return True

    def _native_gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        at = event.position()
        self._navigator.zoom_at(at.x(), at.y(), 1 + event.value(), at_once=True)
        return True

    def _gesture(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        at = self._widget.mapFromGlobal(pinch.centerPoint())
        self._navigator.zoom_at(at.x(), at.y(), pinch.scaleFactor(), at_once=True)
        return True

    def _press_key(self, event: QKeyEvent) -> bool:
        key = event.key()  # an int: Qt.Key knows no letters of other alphabets
        if key == Qt.Key.Key_Escape:  # also while Ctrl or Alt says what the drag is
            return self.cancel()
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        if key in _ARROWS:
            across, down = _ARROWS[key]
            view = self._navigator.current
            self._navigator.pan(across * _ARROW_STEP * view.width, down * _ARROW_STEP * view.height)
        elif key in _ZOOMS:
            self._navigator.zoom(_ZOOMS[key])
        elif key in _FITS:
            self._navigator.fit()
        elif key == Qt.Key.Key_Space:
            self._hold_space(True)
        else:
            return False
        return True

    def _release_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
            return True
        return False

    def _lose_focus(self, _event: QEvent) -> bool:
        self._hold_space(False)
        return False

    def _hold_space(self, is_held: bool) -> None:
        self._is_space_held = is_held
        self._choose_cursor()

    def _choose_cursor(self) -> None:
        cursor = self._held.cursor if self._held is not None else None
        if cursor is None and self._is_space_held:
            cursor = Qt.CursorShape.OpenHandCursor
        if cursor is None and self.has_brush:
            cursor = Qt.CursorShape.CrossCursor
        if cursor is None:
            self._widget.unsetCursor()
        else:
            self._widget.setCursor(cursor)


_ANSWERS: dict[QEvent.Type, Callable[[Hand, Any], bool]] = {
    QEvent.Type.MouseButtonPress: Hand._press,
    QEvent.Type.MouseMove: Hand._move,
    QEvent.Type.MouseButtonRelease: Hand._release,
    QEvent.Type.MouseButtonDblClick: Hand._double_click,
    QEvent.Type.Leave: Hand._leave,
    QEvent.Type.Wheel: Hand._turn_wheel,
    QEvent.Type.NativeGesture: Hand._native_gesture,
    QEvent.Type.Gesture: Hand._gesture,
    QEvent.Type.KeyPress: Hand._press_key,
    QEvent.Type.KeyRelease: Hand._release_key,
    QEvent.Type.FocusOut: Hand._lose_focus,
}

HAND_EVENTS = frozenset(_ANSWERS)
"""Types of the events that a widget hands on."""
