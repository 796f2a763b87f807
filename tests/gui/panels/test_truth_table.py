"""Answers against the truth, in the result panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.truth_table import TruthTable
from histoviewer.inference.model_card import ModelCard
from tests.gui.panels.panel_session import judge, opened_in
from tests.helpers.patch_folders import idc_name, write_patch

ANSWERS = {
    idc_name("7", x=0, truth=1): 0.9,
    idc_name("7", x=50, truth=1): 0.6,
    idc_name("7", x=100, truth=0): 0.7,
    idc_name("7", x=150, truth=0): 0.1,
}


@pytest.fixture
def table(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> TruthTable:
    for name in ANSWERS:
        write_patch(tmp_path / "7", name)
    judge(window.session, opened_in(window.session, tmp_path / "7", qtbot), ANSWERS)
    shown = window.findChild(TruthTable)
    assert isinstance(shown, TruthTable)
    return shown


def said(table: TruthTable) -> list[str]:
    return [label.text() for label in table.findChildren(QLabel) if ":" in label.text()]


def test_it_follows_the_threshold_while_the_truth_is_shown(table: TruthTable, window: MainWindow) -> None:
    assert not table.isVisible()
    window.session.set_overlay(is_truth_visible=True)
    assert table.isVisible()
    window.session.set_threshold(0.5)
    assert said(table) == ["2 of 2: 1.00", "1 of 2: 0.50"]
    window.session.set_threshold(0.65)
    assert said(table) == ["1 of 2: 0.50", "1 of 2: 0.50"]
    window.session.set_threshold(0.8)
    assert said(table) == ["1 of 2: 0.50", "2 of 2: 1.00"]


def test_it_is_away_while_answers_are_hidden(table: TruthTable, window: MainWindow) -> None:
    window.session.set_overlay(is_truth_visible=True)
    window.session.blind.set_on(True)
    assert not table.isVisible()
    window.session.blind.set_on(False)
    assert table.isVisible()


def test_patients_whom_the_model_knows_make_the_figures_too_good(
    table: TruthTable, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.session
    session.set_overlay(is_truth_visible=True)
    assert not any("Too good" in text for text in said(table))
    monkeypatch.setattr(ModelCard, "role_of", lambda _card, patient: {"7": "train"}.get(patient))
    session.results_changed.emit()
    assert said(table)[-1] == "Too good: the model was made with this patient, too."
