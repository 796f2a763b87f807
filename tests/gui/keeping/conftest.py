"""Windows that keep what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from tests.gui.conftest import closing_windows
from tests.helpers.idc_like import write_idc_like

Start = Callable[[], MainWindow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Patches of two patients, 1000 and 1001."""
    path = tmp_path / "patches"
    write_idc_like(path, patients=2, patches=12)
    return path


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    """Where the windows' settings are."""
    return tmp_path / "window.ini"


@pytest.fixture
def start(qtbot: QtBot, data_folder: Path, tiny_bundle: Path, ini: Path) -> Iterator[Start]:
    """Opens a window that keeps its settings, and what is open in it."""
    del data_folder
    with closing_windows() as windows:

        def make() -> MainWindow:
            window = MainWindow(Session(tiny_bundle), QSettings(str(ini), QSettings.Format.IniFormat))
            windows.append(window)
            window.show()
            qtbot.waitExposed(window)
            return window

        yield make
