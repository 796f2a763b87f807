"""Answers that the disk does not take: nothing is lost without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.results.store import ResultStore
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like
from tests.results.samples import fill_disk, free_disk, record


@pytest.fixture
def told(window: MainWindow) -> list[str]:
    lines: list[str] = []
    window.session.failed.connect(lines.append)
    return lines


@pytest.fixture
def unsaved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> OpenSource:
    """600 answers that the disk has once refused."""
    write_idc_like(tmp_path / "patches", patients=1, patches=600)
    return _unsaved_in(window, tmp_path / "patches", qtbot)


def _unsaved_in(window: MainWindow, folder: Path, qtbot: QtBot) -> OpenSource:
    opened = opened_in(window.session, folder, qtbot)
    opened.store.flush()
    fill_disk(opened.store)
    record(opened.store, np.arange(600), np.full(600, 0.5))
    window.session._runs._is_saved(opened.store.flush)
    assert opened.store.unsaved == 600
    return opened


def test_a_source_whose_answers_cannot_be_kept_stays_open_until_they_can(
    window: MainWindow, unsaved: OpenSource, told: list[str]
) -> None:
    window.session.close_source(unsaved)
    assert window.session.current is unsaved
    assert "600 patches could not be kept" in told[-1]
    assert "disk is full" in told[-1]
    assert "stays open" in told[-1]
    free_disk(unsaved.store)
    window.session.close_source(unsaved)
    assert window.session.sources == []
    assert (ResultStore.read(unsaved.store.path).probability == 0.5).all()


def test_another_scale_waits_until_answers_are_kept(
    window: MainWindow, unsaved: OpenSource, told: list[str]
) -> None:
    window.session.give_scale(unsaved, 3.9)
    assert window.session.sources == [unsaved]
    assert not unsaved.is_leaving
    assert "600 patches could not be kept" in told[-1]
    free_disk(unsaved.store)


def test_quitting_tells_what_is_lost_and_closes_all_the_same(
    window: MainWindow, unsaved: OpenSource, capsys: pytest.CaptureFixture[str]
) -> None:
    window.close()
    assert window.session.sources == []
    assert not window.isVisible()
    assert f"{unsaved.source.name}: The answers of 600 patches could not be kept." in capsys.readouterr().err


def test_a_person_is_told_in_a_box_that_outlives_the_message_bar(
    qtbot: QtBot,
    open_window: Callable[[QSettings], MainWindow],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_window(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    write_idc_like(tmp_path / "patches", patients=1, patches=600)
    _unsaved_in(window, tmp_path / "patches", qtbot)
    boxes: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, _title, text: boxes.append(text))
    window.close()
    window.close()
    assert len(boxes) == 1
    assert "600 patches" in boxes[0]
