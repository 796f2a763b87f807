"""Turning the slide by keys and by numbers, and what the window says of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDial, QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.rotation_box import RotationBox

KEY = Qt.Key
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def turned(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> float:
    """The rotation after a key."""
    qtbot.keyClick(window.canvas.view, key, CONTROL_SHIFT)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    return window.canvas.view.transform.rotation


def position(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.run_bar.findChildren(QLabel))


def test_keys_turn_by_quarters_and_upright_again(qtbot: QtBot, opened: MainWindow) -> None:
    assert "turned" not in position(opened)
    assert turned(qtbot, opened, KEY.Key_Left) == 270
    assert "turned −90°" in position(opened)
    assert turned(qtbot, opened, KEY.Key_Right) == 0
    assert turned(qtbot, opened, KEY.Key_Right) == 90
    assert "turned 90°" in position(opened)
    assert turned(qtbot, opened, KEY.Key_Up) == 0
    assert "turned" not in position(opened)


def test_each_slide_stays_turned_while_it_is_open(qtbot: QtBot, opened: MainWindow) -> None:
    first = opened.session.slide_name
    turned(qtbot, opened, KEY.Key_Right)
    opened.session.show_slide("1001")
    assert opened.canvas.view.transform.rotation == 0
    assert first is not None
    opened.session.show_slide(first)
    assert opened.canvas.view.transform.rotation == 90
    opened.session.close_source(opened.session.sources[0])
    assert opened.canvas.view.slide is None


def test_any_angle_is_typed_or_dialled(qtbot: QtBot, opened: MainWindow) -> None:
    qtbot.keyClick(opened.canvas.view, KEY.Key_R, CONTROL_SHIFT)
    box = opened.findChild(RotationBox)
    assert box is not None
    view, number, dial = opened.canvas.view, box.findChild(QDoubleSpinBox), box.findChild(QDial)
    assert number is not None
    assert dial is not None
    number.selectAll()
    qtbot.keyClicks(number, "-12,5")
    qtbot.keyClick(number, KEY.Key_Return)
    qtbot.waitUntil(view.is_sharp)
    assert view.transform.rotation == pytest.approx(347.5)
    dial.setValue(30)
    qtbot.waitUntil(view.is_sharp)
    assert (view.transform.rotation, number.value()) == (30, 30)
    upright = box.findChild(QPushButton)
    assert upright is not None
    qtbot.mouseClick(upright, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (view.transform.rotation, number.value()) == (0, 0))
    box.close()
