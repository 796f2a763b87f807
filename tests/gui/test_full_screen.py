from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.hint import Hint
from histoviewer.gui.main_window import MainWindow

FULL = Qt.WindowState.WindowFullScreen


def test_f11_fills_the_screen_says_the_way_back_and_escape_is_it(qtbot: QtBot, window: MainWindow) -> None:
    hint = window.findChild(Hint)
    assert hint is not None
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert hint.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert not hint.isVisible()


def test_a_maximised_window_is_maximised_again(qtbot: QtBot, window: MainWindow) -> None:
    window.showMaximized()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isMaximized()
    assert not window.isFullScreen()


def test_the_systems_own_way_into_and_out_of_it_is_known_too(qtbot: QtBot, window: MainWindow) -> None:
    window.showFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    window.showFullScreen()
    window.showNormal()
    QApplication.sendPostedEvents(window, QEvent.Type.WindowStateChange.value)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()


def test_escape_brings_back_the_panels_first(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    window.surroundings.only_slide.setChecked(True)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.surroundings.only_slide.isChecked()
    assert window.isFullScreen()


def test_a_window_closed_in_full_screen_is_not_kept_so(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    window.close()
    assert not window.isFullScreen()
