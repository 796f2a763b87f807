"""A length that is known on the slide makes its scale."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.ruler import Ruler
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.measure_row import MeasureRow
from histoviewer.gui.panels.scale_banner import ScaleBanner
from tests.gui.panels.panel_session import opened_in
from tests.gui.test_keyboard import mnemonics
from tests.gui.turning import turn
from tests.helpers.qt import widget_pixels

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PATIENCE = 30_000


@pytest.fixture
def measuring(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A window that waits for a line on a slide without scale, one view pixel for two of the slide."""
    pixels = np.random.default_rng(0).normal((150, 90, 160), 20, (900, 1200, 3)).clip(0, 255)
    Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "section.png")
    opened_in(window.session, tmp_path / "section.png", qtbot)
    window.canvas.view.zoom_to_downsample(2.0)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    press(window, "easure")
    return window


def banner(window: MainWindow) -> ScaleBanner:
    found = window.findChild(ScaleBanner)
    assert found is not None
    return found


def press(window: MainWindow, text: str) -> None:
    next(b for b in banner(window).findChildren(QPushButton) if text in b.text() and b.isVisible()).click()


def row(window: MainWindow) -> MeasureRow:
    found = banner(window).findChild(MeasureRow)
    assert found is not None
    return found


def ruler(window: MainWindow) -> Ruler:
    return window.measuring.ruler


def question(window: MainWindow) -> str:
    label = banner(window).findChild(QLabel)
    assert label is not None
    return label.text()


def click_twice(qtbot: QtBot, window: MainWindow, start: QPoint, end: QPoint) -> None:
    for at in (start, end):
        qtbot.mouseMove(ruler(window), at)
        qtbot.mouseClick(ruler(window), LEFT, pos=at)


def test_two_clicks_and_a_length_are_a_scale(qtbot: QtBot, measuring: MainWindow) -> None:
    assert "Draw a line" in question(measuring)
    click_twice(qtbot, measuring, QPoint(200, 100), QPoint(230, 140))
    assert "The line is 100\u202fpx long" in question(measuring)
    length = row(measuring).findChild(QDoubleSpinBox)
    assert length is not None
    assert length.hasFocus() or measuring.focusWidget() is length
    length.selectAll()
    qtbot.keyClicks(length, "0,2")
    unit = row(measuring).findChild(QComboBox)
    assert unit is not None
    unit.setCurrentText("mm")
    assert "= 2 µm/px" in [label.text() for label in row(measuring).findChildren(QLabel)]
    session = measuring.session
    qtbot.keyClick(length, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.current is not None and session.current.mpp == 2.0, timeout=PATIENCE)
    assert not ruler(measuring).isVisible()
    assert measuring.focusWidget() is measuring.canvas.view


def test_a_drag_is_a_line_too(qtbot: QtBot, measuring: MainWindow) -> None:
    with qtbot.waitSignal(ruler(measuring).drawn) as drawn:
        qtbot.mousePress(ruler(measuring), LEFT, pos=QPoint(100, 100))
        qtbot.mouseMove(ruler(measuring), QPoint(150, 100))
        qtbot.mouseRelease(ruler(measuring), LEFT, pos=QPoint(160, 180))
    assert drawn.args == pytest.approx([200.0])


def test_the_line_lies_on_the_slide_under_zoom_pan_and_rotation(qtbot: QtBot, measuring: MainWindow) -> None:
    view = measuring.canvas.view
    turn(view, 30.0)
    click_twice(qtbot, measuring, QPoint(300, 200), QPoint(390, 320))
    assert ruler(measuring).length == pytest.approx(300.0)
    end = view.transform.to_level0(390, 320)
    view.zoom_to_downsample(1.0)
    qtbot.waitUntil(view.is_sharp)
    view.centre_on(500.0, 420.0)
    qtbot.waitUntil(view.is_sharp)
    assert ruler(measuring).length == pytest.approx(300.0)
    x, y = view.transform.to_view(*end)
    lit = (widget_pixels(view) == 255).all(axis=2)
    assert lit[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4].any(), "its end is drawn there"


def test_every_letter_reaches_one_thing_while_a_scale_is_asked_for(measuring: MainWindow) -> None:
    assert "B" in [letter[-1] for letter in mnemonics(measuring)]
    assert max(Counter(mnemonics(measuring)).values()) == 1
    press(measuring, "Back")
    measuring.session.ask_scale()
    assert "K" in [letter[-1] for letter in mnemonics(measuring)]
    assert max(Counter(mnemonics(measuring)).values()) == 1


def test_a_click_on_the_same_place_is_no_line(qtbot: QtBot, measuring: MainWindow) -> None:
    with qtbot.assertNotEmitted(ruler(measuring).drawn):
        click_twice(qtbot, measuring, QPoint(200, 100), QPoint(201, 100))


def test_wheel_and_middle_button_stay_the_views(qtbot: QtBot, measuring: MainWindow) -> None:
    view = measuring.canvas.view
    before = view.transform
    qtbot.mousePress(ruler(measuring), MIDDLE, pos=QPoint(200, 100))
    qtbot.mouseMove(ruler(measuring), QPoint(260, 100))
    qtbot.mouseMove(ruler(measuring), QPoint(300, 100))
    qtbot.mouseRelease(ruler(measuring), MIDDLE, pos=QPoint(300, 100))
    assert ruler(measuring).length == 0
    assert view.transform.x < before.x, "it was panned"
    qtbot.keyClick(ruler(measuring), Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: view.transform.scale > 1.2 * before.scale)


@pytest.mark.parametrize("is_drawn", [False, True])
def test_escape_ends_it_and_asks_again(qtbot: QtBot, measuring: MainWindow, is_drawn: bool) -> None:
    if is_drawn:
        click_twice(qtbot, measuring, QPoint(200, 100), QPoint(230, 140))
    focused = measuring.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert not ruler(measuring).isVisible()
    assert not row(measuring).isVisible()
    assert "does not say its scale" in question(measuring)


def test_escape_takes_a_line_that_is_being_drawn_back_first(qtbot: QtBot, measuring: MainWindow) -> None:
    click_twice(qtbot, measuring, QPoint(200, 100), QPoint(230, 140))
    length = ruler(measuring).length
    qtbot.mousePress(ruler(measuring), LEFT, pos=QPoint(300, 100))
    qtbot.mouseMove(ruler(measuring), QPoint(400, 300))
    assert ruler(measuring).length > length
    qtbot.keyClick(ruler(measuring), Qt.Key.Key_Escape)
    assert ruler(measuring).length == length
    with qtbot.assertNotEmitted(ruler(measuring).drawn):
        qtbot.mouseRelease(ruler(measuring), LEFT, pos=QPoint(400, 300))
    assert row(measuring).isVisible()
    qtbot.keyClick(ruler(measuring), Qt.Key.Key_Escape)
    assert not ruler(measuring).isVisible()


def test_a_slip_of_the_unit_is_asked_back(qtbot: QtBot, measuring: MainWindow) -> None:
    click_twice(qtbot, measuring, QPoint(200, 100), QPoint(230, 140))
    length, unit = row(measuring).findChild(QDoubleSpinBox), row(measuring).findChild(QComboBox)
    assert length is not None
    assert unit is not None
    length.setValue(25)
    unit.setCurrentText("mm")
    qtbot.keyClick(length, Qt.Key.Key_Return)
    assert "250 µm/px is coarser" in question(measuring)
    assert "Did you mean 0.25?" in question(measuring)


def test_another_slide_ends_it(qtbot: QtBot, measuring: MainWindow) -> None:
    measuring.session.close_source(measuring.session.sources[0])
    qtbot.waitUntil(lambda: not ruler(measuring).isVisible())
