"""Taking another person's reviews, in the real window."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import NO_REVIEW, Review, read_reviews, write_reviews
from tests.gui.panels.panel_session import opened_in
from tests.gui.reviewing.pressing import press


@pytest.fixture
def of_bob(qtbot: QtBot, window: MainWindow, opened: OpenSource, tmp_path: Path) -> tuple[OpenSource, Path]:
    """The same folder, open, and a result file in which Bob has decided the first three of it."""
    path, folder = tmp_path / "bob.histo", opened.source.path
    window.session.close_source(opened)
    shutil.copy(opened.store.path, path)
    write_reviews(path, [0, 1, 2], [MALIGNANT, BENIGN, MALIGNANT], reviewer="Bob")
    return opened_in(window.session, folder, qtbot), path


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


def test_they_come_from_the_menu_and_are_undone_as_one(
    qtbot: QtBot, window: MainWindow, of_bob: tuple[OpenSource, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, path = of_bob
    session = window.session
    session.reviewing.reviewer = "Ann"
    newer = "2999-01-01T00:00:00.000+00:00"
    opened.store.decide([1, 2], [Review(MALIGNANT, "Ann", newer), Review(MALIGNANT, "Ann", newer)])
    choose(monkeypatch, path)
    with qtbot.waitSignal(session.noted) as noted:
        window._review._taker.action.trigger()
    assert noted.args[0] == (
        "bob.histo: 3 reviews taken (Bob); 2 patches are decided in both and count as decided last, "
        "agreeing on 1 (κ 0.00)."
    )
    assert [opened.store.decisions[row].reviewer for row in range(3)] == ["Bob", "Ann", "Ann"]
    assert window.canvas.reviews.isVisible()
    press(qtbot, window, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert opened.store.review[:3].tolist() == [NO_REVIEW, MALIGNANT, MALIGNANT]
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(qtbot, window, Qt.Key.Key_Z, modifier=redo)
    found = read_reviews(opened.store.path).reviews
    assert [found[row].reviewer for row in range(3)] == ["Bob", "Ann", "Ann"]


def test_a_bad_file_is_told_of_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, opened: OpenSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.histo").write_bytes(bytes(range(256)) * 20)
    choose(monkeypatch, tmp_path / "bad.histo")
    with qtbot.waitSignal(window.session.failed) as failed:
        window._review._taker.action.trigger()
    assert "bad.histo" in failed.args[0]
    choose(monkeypatch, opened.store.path)
    with qtbot.waitSignal(window.session.failed) as failed:
        window._review._taker.action.trigger()
    assert "very source" in failed.args[0]
    choose(monkeypatch, "")
    with qtbot.assertNotEmitted(window.session.failed):
        window._review._taker.action.trigger()
    assert (opened.store.review == NO_REVIEW).all()
    assert not np.isnan(opened.store.probability).any()


def test_it_rests_without_a_source_and_while_blind(window: MainWindow, opened: OpenSource) -> None:
    action = window._review._taker.action
    assert action.isEnabled()
    window.session.blind.set_on(True)
    assert not action.isEnabled()
    window.session.blind.set_on(False)
    window.session.close_source(opened)
    assert not action.isEnabled()
