"""Help > About: the model's card, readable on any screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.about.about_window import AboutWindow
from histoviewer.gui.about.card_parts import about_parts
from histoviewer.gui.about.figures import figure_rows
from histoviewer.gui.about.rendering import as_html, as_text
from histoviewer.gui.main_window import MainWindow
from histoviewer.inference.model_card import Metric, ModelCard, read_card
from histoviewer.resources import default_bundle


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow) -> AboutWindow:
    action = next(a for a in window.actions() if a.text() == "&About HistoViewer")
    action.trigger()
    found = window.findChild(AboutWindow)
    assert found is not None
    qtbot.waitExposed(found)
    return found


@pytest.fixture
def card() -> ModelCard:
    return read_card(default_bundle())


def button(shown: AboutWindow, text: str) -> QPushButton:
    return next(b for b in shown.findChildren(QPushButton) if b.text().replace("&", "") == text)


def test_the_bundled_card_is_all_there(card: ModelCard) -> None:
    text = as_text(about_parts(card))
    counts = card.training["patches"]["train"]
    for said in (
        card.title,
        card.intended_use,
        card.limits,
        card.attribution,
        f"{counts['patients']} patients",
        "Measured by cross-validation: 224 patients",
        "0.926 (0.909–0.941)",
        "Platt",
        f"{card.threshold:g}, at or above it",
        "Apache-2.0",
        "OpenVINO",
        card.sha256[:12],
    ):
        assert said in text


def test_figures_of_whole_slides_stand_beside_those_of_each_patch_alone(card: ModelCard) -> None:
    rows = {row[0]: row[1:] for row in figure_rows(card)}
    assert rows[""] == ("each patch alone", "whole slides: alone", "with neighbours, as shown")
    assert rows["ROC AUC"] == ("0.926 (0.909–0.941)", "0.952 (0.896–0.975)", "0.967 (0.937–0.992)")
    without = {row[0]: row[1:] for row in figure_rows(replace(card, context=None))}
    assert without["ROC AUC"] == ("0.926 (0.909–0.941)",)


@pytest.mark.parametrize(
    "evidence", [{}, {"figures": 3}, {"figures": {"own": {"roc_auc": {"value": "high"}}, "combined": 1}}]
)
def test_evidence_of_another_form_is_passed_over(card: ModelCard, evidence: dict[str, object]) -> None:
    assert card.context is not None
    other = replace(card, context=replace(card.context, evidence=evidence))
    assert figure_rows(other)[0] == ("", "each patch alone")


def test_a_card_that_says_little_has_its_page_too(card: ModelCard) -> None:
    bare = replace(
        card, context=None, golden=None, calibration={}, training={}, metrics={"new": Metric(0.5, 0.25, 1.0)}
    )
    text = as_text(about_parts(bare))
    assert "new  0.500 (0.250–1.000)" in text
    assert "each patch by itself" in text


def test_words_of_a_card_are_no_markup(card: ModelCard) -> None:
    assert "&lt;b&gt;x" in as_html(about_parts(replace(card, limits="<b>x")))


def test_patients_are_named_on_wish(shown: AboutWindow, window: MainWindow) -> None:
    patients = ", ".join(window.session.card.split["train"])
    assert patients not in shown._page.toPlainText()
    button(shown, "Show patients").click()
    assert patients in shown._page.toPlainText()


def test_what_is_shown_is_copied(shown: AboutWindow) -> None:
    button(shown, "Copy").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("HistoViewer ")
    assert as_text(shown._parts()) in copied


def test_keys_scroll_and_close(qtbot: QtBot, shown: AboutWindow, window: MainWindow) -> None:
    shown.resize(500, 300)
    bar = shown._page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(shown._page, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    with qtbot.waitSignal(shown.destroyed):
        qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert window.findChild(AboutWindow) is None


def test_it_is_no_larger_than_a_small_window(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(853, 480)
    shown = AboutWindow(window.session.card, window)
    qtbot.addWidget(shown)
    assert shown.height() <= 480
    assert shown.minimumSizeHint().height() <= 480


def test_asked_for_twice_there_is_one(shown: AboutWindow, window: MainWindow) -> None:
    next(a for a in window.actions() if a.text() == "&About HistoViewer").trigger()
    assert window.findChildren(AboutWindow) == [shown]
