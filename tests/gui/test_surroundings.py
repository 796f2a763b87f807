"""Docks and bars around the slide: how much room they take, when they are there, what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from tests.gui.conftest import closing_windows
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "patches"
    write_idc_like(path, patients=2, patches=12)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def start(
    qtbot: QtBot, data_folder: Path, tiny_bundle: Path, folder: Path, settings: QSettings
) -> Iterator[Callable[[], MainWindow]]:
    """Starts the program anew, over the same settings, with a folder open."""
    del data_folder
    with closing_windows() as windows:

        def make() -> MainWindow:
            if windows:
                windows[-1].close()
            window = MainWindow(Session(tiny_bundle), settings)
            windows.append(window)
            window.show()
            qtbot.waitExposed(window)
            opened_in(window.session, folder, qtbot)
            return window

        yield make


def canvas_share(window: MainWindow) -> float:
    return window.centralWidget().width() / window.width()


def surroundings_shown(window: MainWindow) -> list[bool]:
    """Left, right, menu, row of tabs, bottom line."""
    widgets = (*window.surroundings.docks, window.menuBar(), window.tabs, window.statusBar())
    return [widget.isVisible() for widget in widgets]


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
@pytest.mark.parametrize("tab", [0, 1])
def test_the_canvas_has_most_of_the_window(
    qtbot: QtBot, start: Callable[[], MainWindow], size: tuple[int, int], tab: int
) -> None:
    window = start()
    window.tabs.setCurrentIndex(tab)
    window.resize(*size)
    qtbot.waitUntil(lambda: canvas_share(window) >= 0.6)
    window.resizeDocks(list(window.surroundings.docks), [900, 900], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: canvas_share(window) >= 0.6)


def test_nothing_in_the_right_dock_is_cut_off(qtbot: QtBot, start: Callable[[], MainWindow]) -> None:
    window = start()
    window.resize(1280, 720)
    window.session.select(3)
    _, right = window.surroundings.docks
    column = right.widget()
    qtbot.waitUntil(lambda: column.width() >= column.minimumSizeHint().width())


def test_a_dock_is_collapsed_and_comes_back(start: Callable[[], MainWindow]) -> None:
    window = start()
    left = window.surroundings.docks[0]
    left.wanted.trigger()
    assert surroundings_shown(window) == [False, True, True, True, True]
    left.wanted.trigger()
    assert left.isVisible()


def test_docks_are_as_they_were_at_the_next_start(
    qtbot: QtBot, start: Callable[[], MainWindow], settings: QSettings
) -> None:
    window = start()
    window.resize(1600, 700)
    left, right = window.surroundings.docks
    window.resizeDocks([right], [320], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: right.width() == 320)
    left.wanted.trigger()
    window.close()
    settings.remove("window/geometry")  # a test's screen is too small for so wide a window
    again = start()
    assert surroundings_shown(again)[:2] == [False, True]
    qtbot.waitUntil(lambda: again.surroundings.docks[1].width() == 320)


def test_the_window_is_as_large_as_it_was_at_the_next_start(start: Callable[[], MainWindow]) -> None:
    start().resize(1000, 700)
    assert start().height() == 700


def test_settings_that_somebody_has_spoiled_do_no_harm(
    start: Callable[[], MainWindow], settings: QSettings
) -> None:
    settings.setValue("window/geometry", "no geometry")
    settings.setValue("results/width", "wide")
    settings.setValue("sources/shown", "perhaps")
    window = start()
    assert window.surroundings.docks[1].isVisible()


def test_an_empty_window_has_no_docks_and_keeps_the_persons_choice(
    qtbot: QtBot, start: Callable[[], MainWindow], folder: Path
) -> None:
    window = start()
    window.surroundings.docks[1].wanted.trigger()
    opened = window.session.current
    assert opened is not None
    window.session.close_source(opened)
    assert surroundings_shown(window)[:2] == [False, False]
    opened_in(window.session, folder, qtbot)
    assert surroundings_shown(window)[:2] == [True, False]


def test_only_the_slide_and_back_to_exactly_what_was_there(start: Callable[[], MainWindow]) -> None:
    window = start()
    window.surroundings.docks[0].wanted.trigger()
    before = surroundings_shown(window)
    window.surroundings.only_slide.trigger()
    assert surroundings_shown(window) == [False] * 5
    assert window.canvas.isVisible()
    window.surroundings.only_slide.trigger()
    assert surroundings_shown(window) == before == [False, True, True, True, True]


def test_closing_the_last_source_brings_the_menu_back(start: Callable[[], MainWindow]) -> None:
    window = start()
    window.surroundings.only_slide.trigger()
    opened = window.session.current
    assert opened is not None
    window.session.close_source(opened)
    assert window.menuBar().isVisible()
    assert not window.surroundings.only_slide.isChecked()
