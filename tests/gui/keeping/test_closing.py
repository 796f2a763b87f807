"""Closing, reopening, classifying all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.pictures import textured, write_tiff_levels

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def three(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A window with three folders open, the second in front, ready for keys."""
    paths = [tmp_path / name for name in ("one", "two", "three")]
    for path in paths:
        write_idc_like(path, patients=1, patches=40)
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        window.session.open(paths)
    window.session.show_source(window.session.sources[1])
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window


def names(window: MainWindow) -> list[str]:
    return [opened.source.name for opened in window.session.sources]


def action(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.actions() if one.text().replace("&", "") == text)


def test_what_was_closed_last_is_reopened_first(qtbot: QtBot, three: MainWindow) -> None:
    assert not action(three, "Reopen closed").isEnabled()
    qtbot.keyClick(three, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(three, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert names(three) == ["one"]
    for expected in (["one", "three"], ["one", "three", "two"]):
        with qtbot.waitSignal(three.session.opener.finished, timeout=PATIENCE):
            qtbot.keyClick(three, Qt.Key.Key_T, CONTROL_SHIFT)
        assert names(three) == expected
        assert three.session.current is three.session.sources[-1]
    assert not action(three, "Reopen closed").isEnabled()


def test_what_was_closed_together_comes_back_together(qtbot: QtBot, three: MainWindow) -> None:
    shown: list[str | None] = []
    three.session.current_changed.connect(lambda: shown.append(three.session.slide_name))
    qtbot.keyClick(three, Qt.Key.Key_W, CONTROL_SHIFT)
    assert names(three) == []
    assert shown == [None], "none of the others came to the front meanwhile"
    assert not action(three, "Close all").isEnabled()
    with qtbot.waitSignal(three.session.opener.finished, timeout=PATIENCE):
        qtbot.keyClick(three, Qt.Key.Key_T, CONTROL_SHIFT)
    assert names(three) == ["two", "one", "three"]
    assert three.session.current is three.session.sources[0], "as before"


def test_a_given_scale_comes_back_and_a_change_of_it_is_no_closing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    slide = write_tiff_levels(tmp_path / "a.tiff", [textured(600, 400)])
    opened = opened_in(window.session, slide, qtbot)
    with qtbot.waitSignal(window.session.current_changed, timeout=PATIENCE):
        window.session.give_scale(opened, 2.0)
    assert not action(window, "Reopen closed").isEnabled()
    action(window, "Close source").trigger()
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        action(window, "Reopen closed").trigger()
    assert [opened.given_mpp for opened in window.session.sources] == [2.0]


def test_everything_is_classified_and_what_has_no_scale_is_named(
    qtbot: QtBot, three: MainWindow, tmp_path: Path
) -> None:
    slide = write_tiff_levels(tmp_path / "a.tiff", [textured(600, 400)])
    with qtbot.waitSignal(three.session.opener.finished, timeout=PATIENCE):
        three.session.open([slide])
    told: list[str] = []
    three.session.noted.connect(told.append)
    qtbot.keyClick(three, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    progress = three.session.progress()
    assert progress is not None
    assert progress.total == 120
    assert told == ["1 slide is not classified before its scale is given: a.tiff"]
    assert not action(three, "Classify all").isEnabled()
    qtbot.waitUntil(lambda: not three.session.is_running, timeout=PATIENCE)
    assert [len(opened.store.pending()) for opened in three.session.sources] == [0, 0, 0, 0]


def test_cancel_stops_all(qtbot: QtBot, three: MainWindow) -> None:
    action(three, "Classify all").trigger()
    qtbot.keyClick(three, Qt.Key.Key_Escape)
    assert not three.session.is_running
    assert action(three, "Classify all").isEnabled()
    assert not any(opened.is_waiting.any() for opened in three.session.sources)
