"""Which patches of the training the selected one is like, in the real window with the tiny real model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.panel_column import PanelColumn
from histoviewer.gui.panels.similar_panel import SimilarPanel
from histoviewer.gui.session import Session
from histoviewer.gui.training_patches import picture_of
from histoviewer.inference.engine import FoundSimilar
from histoviewer.inference.model_card import read_card
from histoviewer.patches.patch import BENIGN, MALIGNANT
from tests.gui.conftest import closing_windows
from tests.gui.panels.panel_session import PATIENCE, judge, opened_in
from tests.helpers.changed_bundle import changed_bundle


@pytest.fixture
def training_data(tiny_bundle: Path) -> Path:
    return tiny_bundle.parent / "data"


def panel_of(window: MainWindow) -> SimilarPanel:
    return window.findChildren(SimilarPanel)[0]


def texts(window: MainWindow) -> str:
    labels = [label for label in panel_of(window).findChildren(QLabel) if not label.isHidden()]
    return "\n".join(label.text() for label in labels)


def pictures(window: MainWindow) -> list[QLabel]:
    labels = panel_of(window).findChildren(QLabel)
    return [label for label in labels if not label.isHidden() and not label.pixmap().isNull()]


def switch_of(window: MainWindow) -> QAction:
    return next(a for a in window.findChildren(QAction) if a.text().replace("&", "") == "Show most alike")


def found_for(qtbot: QtBot, window: MainWindow, row: int) -> FoundSimilar:
    window.session.set_overlay(has_similar=True)
    window.session.select(row)
    qtbot.waitUntil(lambda: window.session.similarity.answer is not None, timeout=PATIENCE)
    answer = window.session.similarity.answer
    assert answer is not None
    return answer


def trained_row(window: MainWindow) -> int:
    """A patch of a patient that the model was trained on."""
    card, current = window.session.card, window.session.current
    assert current is not None
    columns = current.source.columns
    return next(i for i in range(len(columns)) if columns.patch(i).patient in card.split["train"])


def test_the_nearest_of_other_patients_are_shown_with_truth_and_picture(
    qtbot: QtBot, window: MainWindow, training_data: Path
) -> None:
    opened = opened_in(window.session, training_data, qtbot)
    row = trained_row(window)
    window.session.select(row)
    window.session.similarity._rest.timeout.emit()
    assert panel_of(window).isHidden()  # nobody has asked for them
    switch_of(window).trigger()
    assert panel_of(window).isVisible()
    patient = opened.source.columns.patch(row).patient
    answer = found_for(qtbot, window, row)
    assert answer.problem == ""
    assert len(answer.similar) == 5
    assert patient not in {one.patient for one in answer.similar}
    qtbot.waitUntil(lambda: len(pictures(window)) == 5, timeout=PATIENCE)
    said = texts(window)
    listed = read_card(window.session.card.folder).patch_index
    assert listed is not None
    assert f"Of {listed.patches} patches the model was trained on, none of patient {patient}." in said
    for one in answer.similar:
        assert {MALIGNANT: "malignant", BENIGN: "benign"}[one.truth] in said
        assert f"patient {one.patient}" in said
        assert f"{one.similarity:.3f}" in said


def test_without_their_folder_only_names_are_shown_until_a_person_says_where_it_is(
    qtbot: QtBot,
    open_window: Callable[..., MainWindow],
    training_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = open_window(settings)
    one_patient = tmp_path / "one"
    shutil.copytree(next(path for path in training_data.iterdir() if path.is_dir()), one_patient / "1000")
    opened_in(window.session, one_patient, qtbot)
    found_for(qtbot, window, 0)
    (where,) = panel_of(window).findChildren(QPushButton)
    qtbot.waitUntil(where.isVisible, timeout=PATIENCE)
    assert not pictures(window)
    (tmp_path / "empty").mkdir()
    chosen = iter([tmp_path / "empty", training_data])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(next(chosen)))
    qtbot.mouseClick(where, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "None of them is in empty." in texts(window), timeout=PATIENCE)
    qtbot.mouseClick(where, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(pictures(window)) == 5, timeout=PATIENCE)
    assert not where.isVisible()
    settings.sync()
    again = open_window(settings)
    assert panel_of(again).folder == training_data
    assert switch_of(again).isChecked()


def test_they_are_hidden_with_the_answer_until_it_is_decided(
    qtbot: QtBot, window: MainWindow, training_data: Path
) -> None:
    opened = opened_in(window.session, training_data, qtbot)
    judge(window.session, opened, {Path(opened.source.columns.file(0)).name: 0.9})
    window.session.blind.set_on(True)
    window.session.set_overlay(has_similar=True)
    window.session.select(0)
    window.session.similarity._rest.timeout.emit()
    assert texts(window).splitlines()[-1] == "hidden until decided"
    window.session.reviewing.decide(opened, np.array([0]), MALIGNANT)
    qtbot.waitUntil(lambda: "patient" in texts(window), timeout=PATIENCE)


def test_a_file_of_the_same_name_with_another_picture_is_none_of_the_training(
    qtbot: QtBot, window: MainWindow, training_data: Path, tmp_path: Path
) -> None:
    opened_in(window.session, training_data, qtbot)
    patch = found_for(qtbot, window, trained_row(window)).similar[0]
    assert picture_of(patch, training_data, input_size=50) is not None
    assert picture_of(patch, training_data / patch.file.split("/")[0], input_size=50) is not None
    other = tmp_path / patch.file
    other.parent.mkdir(parents=True)
    another = next(path for path in training_data.rglob("*.png") if path.name != other.name)
    shutil.copy(another, other)
    assert picture_of(patch, tmp_path, input_size=50) is None


def test_a_model_without_an_index_offers_nothing_of_it(
    qtbot: QtBot, data_folder: Path, tiny_bundle: Path, training_data: Path, tmp_path: Path
) -> None:
    del data_folder
    with closing_windows() as windows:
        window = MainWindow(Session(changed_bundle(tiny_bundle, tmp_path / "bundle", patch_index=None)))
        windows.append(window)
        assert not switch_of(window).isEnabled()
        opened_in(window.session, training_data, qtbot)
        window.session.set_overlay(has_similar=True)  # as another model's window has left it
        window.session.select(1)
        assert panel_of(window).isHidden()


def test_in_a_low_window_the_list_is_scrolled_to_where_it_is_seen(
    qtbot: QtBot, window: MainWindow, training_data: Path
) -> None:
    opened_in(window.session, training_data, qtbot)
    window.resize(1280, 600)
    window.session.select(trained_row(window))
    panel = panel_of(window)
    found_for(qtbot, window, trained_row(window))

    def is_seen() -> bool:
        area = window.findChild(PanelColumn)
        assert area is not None
        top = panel.mapTo(area.viewport(), panel.rect().topLeft()).y()
        return top >= 0 and top + panel.height() <= area.viewport().height()

    qtbot.waitUntil(is_seen)
