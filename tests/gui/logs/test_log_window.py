"""Help > Show log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QComboBox, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer import __version__
from histoviewer.gui.logs.keeping_log import kept_log
from histoviewer.gui.logs.log_window import LogWindow
from histoviewer.gui.logs.program_log import ProgramLog

log = logging.getLogger("histoviewer.subject")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ProgramLog]:
    with kept_log(tmp_path / "log") as program_log:
        yield program_log


@pytest.fixture
def below(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def shown(qtbot: QtBot, kept: ProgramLog, below: QMainWindow) -> LogWindow:
    log.info("before")
    window = LogWindow(kept, below)
    window.show()
    qtbot.waitExposed(window)
    return window


def button(shown: LogWindow, text: str) -> QPushButton:
    return next(b for b in shown.findChildren(QPushButton) if b.text().replace("&", "") == text)


def test_lines_come_as_they_are_said(qtbot: QtBot, shown: LogWindow) -> None:
    assert "subject: before" in shown.text()
    log.warning("meanwhile")
    qtbot.waitUntil(lambda: "meanwhile" in shown.text())
    assert not shown.isModal()


def test_only_warnings_are_shown_where_only_they_are_wanted(shown: LogWindow) -> None:
    log.warning("a warning")
    levels = shown.findChild(QComboBox)
    assert levels is not None
    levels.setCurrentIndex(levels.findData(logging.WARNING))
    assert shown.text().split("  ", 1)[1] == "warning  subject: a warning"
    levels.setCurrentIndex(levels.findData(logging.ERROR))
    assert shown.text() == ""
    assert shown._nothing.isVisible()


def test_what_is_shown_is_copied_below_the_versions(shown: LogWindow) -> None:
    button(shown, "Copy all").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"HistoViewer {__version__}, Python ")
    assert copied.endswith(shown.text() + "\n")


def test_the_folder_of_the_file_is_opened(shown: LogWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    button(shown, "Open folder").click()
    path = shown._log.path
    assert path is not None
    assert [Path(url.toLocalFile()) for url in opened] == [path.parent]


def test_without_a_file_there_is_no_folder_to_open(below: QMainWindow) -> None:
    assert not button(LogWindow(ProgramLog(), below), "Open folder").isEnabled()
