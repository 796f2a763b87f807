from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.hand import HAND_EVENTS, Hand
from histoviewer.gui.canvas.navigator import Navigator
from histoviewer.slides.geometry import Box

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
FAR = 40


class Board(QWidget):
    """A widget that hands its events on as ``Hand`` asks."""

    def __init__(self) -> None:
        super().__init__()
        self.hand: Hand | None = None
        self.resize(400, 300)

    def event(self, event: QEvent) -> bool:
        if self.hand is not None and event.type() in HAND_EVENTS and self.hand.handle(event):
            return True
        return super().event(event)


@pytest.fixture
def board(qtbot: QtBot) -> Board:
    board = Board()
    qtbot.addWidget(board)
    board.show()
    qtbot.waitExposed(board)
    return board


@pytest.fixture
def navigator(board: Board) -> Navigator:
    navigator = Navigator(board)
    navigator.resize(400.0, 300.0)
    navigator.set_bounds(Box(0.0, 0.0, 4000.0, 3000.0))
    board.hand = Hand(navigator, board)
    return navigator


def rest(qtbot: QtBot, navigator: Navigator) -> None:
    qtbot.waitUntil(lambda: navigator.is_resting)


def turn_wheel(
    board: Board, *, degrees8: int = 0, pixels: int = 0, phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase
) -> None:
    at = QPointF(100.0, 80.0)
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    glob = QPointF(board.mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, glob, QPoint(0, pixels), QPoint(0, degrees8), none, keys, phase, False)
    QApplication.sendEvent(board, event)


def test_dragging_moves_the_slide_with_the_mouse(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    held = navigator.current.to_level0(200.0, 150.0)
    qtbot.mousePress(board, LEFT, pos=QPoint(200, 150))
    qtbot.mouseMove(board, QPoint(200 + FAR, 150 - FAR))
    assert navigator.current.to_view(*held) == pytest.approx((200.0 + FAR, 150.0 - FAR))
    assert board.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    qtbot.mouseRelease(board, LEFT, pos=QPoint(200 + FAR, 150 - FAR))
    assert board.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_another_button_released_ends_no_drag(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    held = navigator.current.to_level0(200.0, 150.0)
    qtbot.mousePress(board, LEFT, pos=QPoint(200, 150))
    qtbot.mouseMove(board, QPoint(200 + FAR, 150))
    for other in (RIGHT, Qt.MouseButton.MiddleButton):
        qtbot.mousePress(board, other, pos=QPoint(200 + FAR, 150))
        qtbot.mouseRelease(board, other, pos=QPoint(200 + FAR, 150))
    qtbot.mouseMove(board, QPoint(200 + 2 * FAR, 150))
    assert navigator.current.to_view(*held) == pytest.approx((200.0 + 2 * FAR, 150.0))
    qtbot.mouseRelease(board, LEFT, pos=QPoint(200 + 2 * FAR, 150))
    assert board.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_click_is_told_and_moves_nothing(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    assert board.hand is not None
    before = navigator.current
    with qtbot.waitSignal(board.hand.clicked) as told:
        qtbot.mouseClick(board, LEFT, pos=QPoint(120, 90))
    assert told.args == [QPointF(120.0, 90.0)]
    assert navigator.current == before


def test_neither_a_drag_nor_the_right_button_nor_space_clicks(
    qtbot: QtBot, board: Board, navigator: Navigator
) -> None:
    del navigator
    assert board.hand is not None
    with qtbot.assertNotEmitted(board.hand.clicked):
        qtbot.mousePress(board, LEFT, pos=QPoint(200, 150))
        qtbot.mouseMove(board, QPoint(200 + FAR, 150))
        qtbot.mouseRelease(board, LEFT, pos=QPoint(200 + FAR, 150))
        qtbot.mouseClick(board, RIGHT, pos=QPoint(120, 90))
        qtbot.keyPress(board, Qt.Key.Key_Space)
        assert board.cursor().shape() == Qt.CursorShape.OpenHandCursor
        qtbot.mouseClick(board, LEFT, pos=QPoint(120, 90))
        qtbot.keyRelease(board, Qt.Key.Key_Space)
    assert board.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_notch_of_the_wheel_zooms_smoothly_at_the_cursor(
    qtbot: QtBot, board: Board, navigator: Navigator
) -> None:
    fixed, before = navigator.current.to_level0(100.0, 80.0), navigator.current.scale
    for _ in range(3):
        turn_wheel(board, degrees8=120)
    assert navigator.current.scale == before
    rest(qtbot, navigator)
    assert navigator.current.scale == pytest.approx(2 * before)
    assert navigator.current.to_view(*fixed) == pytest.approx((100.0, 80.0))
    turn_wheel(board, degrees8=-120)
    rest(qtbot, navigator)
    assert navigator.current.scale < 2 * before


def test_two_fingers_zoom_at_once_and_their_momentum_does_not(
    qtbot: QtBot, board: Board, navigator: Navigator
) -> None:
    del qtbot
    before = navigator.current.scale
    turn_wheel(board, pixels=200, degrees8=400, phase=Qt.ScrollPhase.ScrollUpdate)
    assert navigator.current.scale == pytest.approx(2 * before)
    turn_wheel(board, pixels=200, degrees8=400, phase=Qt.ScrollPhase.ScrollMomentum)
    assert navigator.current.scale == pytest.approx(2 * before)


def test_a_double_click_zooms_in_there(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    fixed, before = navigator.current.to_level0(300.0, 50.0), navigator.current.scale
    qtbot.mouseDClick(board, LEFT, pos=QPoint(300, 50))
    rest(qtbot, navigator)
    assert navigator.current.scale == pytest.approx(2 * before)
    assert navigator.current.to_view(*fixed) == pytest.approx((300.0, 50.0))


def test_keys_zoom_pan_and_fit(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    whole = navigator.current
    qtbot.keyClick(board, Qt.Key.Key_Plus)
    qtbot.keyClick(board, Qt.Key.Key_Plus)
    rest(qtbot, navigator)
    near = navigator.current
    assert near.scale == pytest.approx(2 * whole.scale)
    qtbot.keyClick(board, Qt.Key.Key_Right)
    qtbot.keyClick(board, Qt.Key.Key_Down)
    rest(qtbot, navigator)
    assert (navigator.current.x - near.x) * near.scale == pytest.approx(50.0)
    assert (navigator.current.y - near.y) * near.scale == pytest.approx(37.5)
    qtbot.keyClick(board, Qt.Key.Key_Minus)
    rest(qtbot, navigator)
    assert navigator.current.scale < near.scale
    qtbot.keyClick(board, Qt.Key.Key_Home)
    rest(qtbot, navigator)
    assert navigator.current == whole


def test_keys_with_control_are_left_to_the_menus(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    qtbot.keyClick(board, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(board, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert navigator.is_resting


def test_keys_of_other_alphabets_are_not_for_the_hand(
    qtbot: QtBot, board: Board, navigator: Navigator
) -> None:
    del qtbot
    event = QKeyEvent(QEvent.Type.KeyPress, 0x0416, Qt.KeyboardModifier.NoModifier, "Ж")
    QApplication.sendEvent(board, event)
    assert navigator.is_resting
    assert not event.isAccepted()


def test_a_wheel_turned_sideways_zooms_nothing(board: Board, navigator: Navigator) -> None:
    turn_wheel(board, degrees8=0)
    assert navigator.is_resting


def test_the_mouse_is_followed_until_it_leaves(qtbot: QtBot, board: Board, navigator: Navigator) -> None:
    del navigator
    assert board.hand is not None
    with qtbot.waitSignal(board.hand.pointed):
        qtbot.mouseMove(board, QPoint(33, 44))
    assert board.hand.position == QPointF(33.0, 44.0)
    with qtbot.waitSignal(board.hand.pointed):
        QApplication.sendEvent(board, QEvent(QEvent.Type.Leave))
    assert board.hand.position is None


def test_alt_and_drag_turn_the_slide_about_the_middle(
    qtbot: QtBot, board: Board, navigator: Navigator
) -> None:
    before = navigator.current
    qtbot.mousePress(board, LEFT, Qt.KeyboardModifier.AltModifier, QPoint(300, 150))
    qtbot.mouseMove(board, QPoint(200, 250))
    assert navigator.current == before.turned_to(90.0)
    qtbot.mouseMove(board, QPoint(200, 150))  # through the middle, where no angle can be told
    qtbot.mouseMove(board, QPoint(300, 150))
    assert navigator.current.rotation == 90.0
    with qtbot.assertNotEmitted(board.hand.clicked if board.hand else navigator.moved):
        qtbot.mouseRelease(board, LEFT, Qt.KeyboardModifier.AltModifier, QPoint(300, 150))
    qtbot.mouseMove(board, QPoint(200, 250))
    assert navigator.current.rotation == 90.0
