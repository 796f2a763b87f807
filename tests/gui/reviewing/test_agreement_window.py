"""What reviewers agree on with the model, in the real window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.agreement_window import AgreementWindow
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import UNSURE, Review
from tests.gui.reviewing.pressing import press


def agreement(window: MainWindow) -> AgreementWindow:
    window._review._agreement.trigger()
    shown = window.findChild(AgreementWindow)
    assert isinstance(shown, AgreementWindow)
    return shown


def lines(shown: AgreementWindow) -> list[list[str]]:
    table = shown.findChild(QTableWidget)
    assert table is not None
    cells = [[table.item(row, column) for column in range(5)] for row in range(table.rowCount())]
    return [[cell.text() if cell else "" for cell in line] for line in cells]


def test_each_reviewer_has_a_line(window: MainWindow, opened: OpenSource) -> None:
    """All answers are malignant at the threshold."""
    reviews = [MALIGNANT, MALIGNANT, BENIGN, UNSURE]
    made = [Review(one, "Ann", f"2026-11-26T08:00:0{2 * i}.000+00:00") for i, one in enumerate(reviews)]
    opened.store.decide(range(4), made)
    opened.store.decide([4], [Review(BENIGN, "Bob", "2026-11-26T09:00:00.000+00:00")])
    shown = agreement(window)
    ann, bob = lines(shown)
    assert ann == ["Ann", "4, 1 of them unsure", "1", "0.00", "2.0\u202fs"]
    assert bob == ["Bob", "1", "1", "0.00", "–"]


def test_it_follows_decisions_and_the_threshold(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    del opened
    shown = agreement(window)
    assert any("Nothing" in label.text() for label in shown.findChildren(QLabel) if label.isVisible())
    window.session.reviewing.reviewer = "Ann"
    window.session.select(0)
    press(qtbot, window, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: [line[:3] for line in lines(shown)] == [["Ann", "1", "0"]])
    window.session.set_threshold(0.99)
    qtbot.waitUntil(lambda: [line[:3] for line in lines(shown)] == [["Ann", "1", "1"]])
    assert agreement(window) is shown, "there is one at a time"


def test_without_a_source_it_says_so(window: MainWindow, opened: OpenSource, qtbot: QtBot) -> None:
    shown = agreement(window)
    window.session.close_source(opened)
    qtbot.waitUntil(lambda: "No source" in shown._title.text())
