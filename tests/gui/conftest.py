"""Fixtures of the window's tests."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui import open_source
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from tests.gui.held_opening import HeldOpening
from tests.gui.languages import speaking
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.translations import LANGUAGES


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, for this test alone."""
    folder = tmp_path / "user data"
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: folder)
    monkeypatch.setattr(platformdirs, "user_log_path", lambda *_, **__: folder / "log")
    return folder


@contextmanager
def closing_windows() -> Iterator[list[MainWindow]]:
    """Closes the windows that are put into its list, and takes them apart.

    Widgets must die here, in the GUI thread: Python's collector, which may run in any thread, would else
    find the windows of earlier tests in the middle of a later one.
    """
    windows: list[MainWindow] = []
    yield windows
    for window in windows:
        window.close()
        window.session.deleteLater()
        window.deleteLater()
    windows.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def open_window(
    qtbot: QtBot,
    data_folder: Path,  # noqa: ARG001 - asked for so that no test writes to the user's own
    tiny_bundle: Path,
) -> Iterator[Callable[..., MainWindow]]:
    """Makes real windows over the tiny real model and closes them in the end."""
    with closing_windows() as windows:

        def make(settings: QSettings | None = None) -> MainWindow:
            window = MainWindow(Session(tiny_bundle), settings)
            windows.append(window)
            window.show()
            qtbot.waitExposed(window)
            return window

        yield make


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    """One open window."""
    return open_window()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> HeldOpening:
    """Opening a source waits for the test."""
    held = HeldOpening()
    monkeypatch.setattr(open_source, "open_source", held)
    return held


@pytest.fixture(params=["en", *LANGUAGES])
def each_language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The test runs once in each language; ask for it before the window is made."""
    del qapp
    with speaking(request.param):
        yield request.param


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A window with a folder open, ready for keys."""
    write_idc_like(tmp_path / "patches", patients=2, patches=12)
    opened_in(window.session, tmp_path / "patches", qtbot)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window
