"""While a run goes on, Esc leaves the nearest thing first."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.measure_row import MeasureRow

ESC, LEFT = Qt.Key.Key_Escape, Qt.MouseButton.LeftButton
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
PATIENCE = 30_000


@pytest.fixture
def running(qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A run that does not end by itself."""
    assert opened.session.current is not None
    gate, source = Event(), opened.session.current.source
    read = source.read

    def read_late(*arguments: Any, **named: Any) -> Any:
        assert gate.wait(PATIENCE / 1000)
        return read(*arguments, **named)

    monkeypatch.setattr(source, "read", read_late)
    opened.session.classify()
    assert opened.session.is_running
    assert opened._cancel.isEnabled()
    yield opened
    gate.set()
    opened.session.cancel()
    qtbot.waitUntil(lambda: not opened.session.is_running, timeout=PATIENCE)


def escape(qtbot: QtBot, window: MainWindow) -> None:
    focused = window.focusWidget()
    assert isinstance(focused, QWidget)
    qtbot.keyClick(focused, ESC)


def test_with_nothing_to_leave_it_cancels_the_run(qtbot: QtBot, running: MainWindow) -> None:
    escape(qtbot, running)
    assert not running.session.is_running


def test_it_leaves_the_selection_of_many_first(qtbot: QtBot, running: MainWindow) -> None:
    running.show_patches_tab()
    gallery = running.gallery_page.gallery
    gallery.select_all()
    escape(qtbot, running)
    assert len(gallery.selection) <= 1
    assert running.session.is_running
    escape(qtbot, running)
    assert not running.session.is_running


def test_it_leaves_the_slide_alone_and_then_the_full_screen_first(qtbot: QtBot, running: MainWindow) -> None:
    qtbot.keyClick(running, Qt.Key.Key_F11)
    qtbot.keyClick(running.canvas.view, Qt.Key.Key_Tab)
    assert running.isFullScreen()
    assert running.surroundings.only_slide.isChecked()
    escape(qtbot, running)
    assert not running.surroundings.only_slide.isChecked()
    assert running.isFullScreen()
    escape(qtbot, running)
    assert not running.isFullScreen()
    assert running.session.is_running
    escape(qtbot, running)
    assert not running.session.is_running


def test_it_leaves_the_length_of_the_measured_line_first(qtbot: QtBot, running: MainWindow) -> None:
    row = running.findChild(MeasureRow)
    assert row is not None
    running._scale_banner.show()
    for shown in (row.parentWidget(), row):
        shown.show()
    row.set_line(100.0)
    assert row.isAncestorOf(running.focusWidget())
    with qtbot.waitSignal(row.given_up):
        escape(qtbot, running)
    assert running.session.is_running


@pytest.mark.parametrize(
    "keys", [Qt.KeyboardModifier.NoModifier, ALT, SHIFT], ids=["pan", "turn", "rectangle"]
)
def test_it_takes_back_what_a_pressed_button_is_doing_to_the_slide(
    qtbot: QtBot, running: MainWindow, keys: Qt.KeyboardModifier
) -> None:
    running.show_slide_tab()
    view = running.canvas.view
    qtbot.waitUntil(view.is_sharp)
    before, picture = view.transform, view.grab().toImage()
    qtbot.mousePress(view, LEFT, keys, QPoint(60, 60))
    qtbot.mouseMove(view, QPoint(90, 60))
    qtbot.mouseMove(view, QPoint(120, 140))
    assert view.grab().toImage() != picture
    escape(qtbot, running)
    assert view.transform == before
    assert not running.canvas.area.isVisible()
    qtbot.mouseMove(view, QPoint(200, 200))
    with qtbot.assertNotEmitted(view.clicked):
        qtbot.mouseRelease(view, LEFT, keys, QPoint(200, 200))
    assert view.transform == before, "the button that is still held does nothing more"
    assert not len(running.session.area.rows)
    assert running.session.is_running
    view.resize(view.width() - 60, view.height())
    assert view.transform.scale != before.scale, "what was fitted stays fitted"
    escape(qtbot, running)
    assert not running.session.is_running
