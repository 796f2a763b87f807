"""1280 x 720 at a scale of 150 %: 853 x 480 pixels of Qt's, and everything within reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.zoom_bar import ARROW, ZoomBar
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.panel_column import PanelColumn
from histoviewer.gui.panels.scale_answers import ScaleAnswers
from histoviewer.gui.scroll_row import ScrollRow
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like

SMALL = QSize(853, 480)


@pytest.fixture
def small(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A small window with a folder open."""
    window.resize(SMALL)
    write_idc_like(tmp_path / "patches", patients=2, patches=12)
    opened_in(window.session, tmp_path / "patches", qtbot)
    return window


def trigger(window: MainWindow, name: str) -> None:
    next(a for a in window.actions() if a.text().replace("&", "") == name).trigger()


def is_within(widget: QWidget, window: QWidget) -> bool:
    corner = widget.mapTo(window, widget.rect().bottomRight())
    return window.rect().contains(corner) and widget.mapTo(window, widget.rect().topLeft()).x() >= 0


def settled(qtbot: QtBot, window: MainWindow) -> None:
    """The layouts of all levels have been applied; a window that is too narrow has grown."""
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= window.width())


def test_nothing_that_opens_makes_the_window_larger(qtbot: QtBot, small: MainWindow) -> None:
    small.messages.show_failure("Cannot open /somewhere/far away/a.svs: " + 40 * "long ")
    small.messages.findChildren(QPushButton)[0].click()
    small.session.ask_scale()
    for step in (small.show_slide_tab, small.show_patches_tab, lambda: trigger(small, "Two views")):
        step()
        settled(qtbot, small)
        assert small.size() == SMALL


def test_magnifications_that_have_no_room_are_behind_an_arrow(qtbot: QtBot, small: MainWindow) -> None:
    bar = small.findChild(ZoomBar)
    assert bar is not None
    arrow = bar.findChild(QToolButton, ARROW)
    assert arrow is not None
    qtbot.waitUntil(arrow.isVisible)
    hidden = [a for a in bar.actions() if a.text() and not bar.widgetForAction(a).isVisible()]
    assert hidden[-1].text() == "40×"
    assert bar.widgetForAction(bar.actions()[0]).isVisible()
    small.resize(1440, 900)
    qtbot.waitUntil(lambda: not arrow.isVisible())
    assert all(bar.widgetForAction(a).isVisible() for a in bar.actions() if a.text())


@pytest.mark.usefixtures("each_language")
def test_nothing_of_the_results_is_cut_at_the_side(qtbot: QtBot, small: MainWindow) -> None:
    column = small.findChild(PanelColumn)
    assert column is not None
    qtbot.waitUntil(column.isVisible)
    panel = column.widget()
    assert panel.minimumSizeHint().width() <= column.viewport().width()
    assert panel.width() == column.viewport().width()


def test_a_magnification_shows_the_slide_as_through_that_objective(qtbot: QtBot, small: MainWindow) -> None:
    bar = small.findChild(ZoomBar)
    assert bar is not None
    view = small.canvas.view
    qtbot.waitUntil(view.is_sharp)
    next(a for a in bar.actions() if a.text() == "4×").trigger()
    qtbot.waitUntil(view.is_sharp)
    assert view.magnification == pytest.approx(4)


def test_the_answers_to_the_scale_are_all_in_sight(qtbot: QtBot, small: MainWindow) -> None:
    small.session.ask_scale()
    answers = small.findChild(ScaleAnswers)
    assert answers is not None
    qtbot.waitUntil(answers.isVisible)
    controls = [*answers.findChildren(QPushButton), *answers.findChildren(QLineEdit)]
    qtbot.waitUntil(lambda: all(is_within(c, answers) and is_within(c, small) for c in controls))
    lines = {button.y() for button in answers.findChildren(QPushButton)}
    assert len(lines) == 2
    small.resize(1440, 900)
    qtbot.waitUntil(lambda: len({button.y() for button in answers.findChildren(QPushButton)}) == 1)


def test_tab_scrolls_the_gallerys_row_to_what_it_reaches(qtbot: QtBot, small: MainWindow) -> None:
    small.show_patches_tab()
    row = small.gallery_page.findChild(ScrollRow)
    assert row is not None
    qtbot.waitUntil(lambda: row.horizontalScrollBar().maximum() > 0)
    reached: list[tuple[QWidget, int]] = []
    row.findChildren(QComboBox)[0].setFocus()
    while (control := small.focusWidget()) is not None and row.isAncestorOf(control):
        assert is_within(control, row.viewport())
        reached.append((control, row.horizontalScrollBar().value()))
        qtbot.keyClick(control, Qt.Key.Key_Tab)
    assert len(reached) > 5
    assert max(scrolled for _, scrolled in reached) > 0


def test_the_row_goes_with_its_controls(small: MainWindow) -> None:
    small.show_patches_tab()
    row = small.gallery_page.findChild(ScrollRow)
    assert isinstance(row, QScrollArea)
    small.surroundings.only_slide.setChecked(True)
    assert not row.isVisible()
    small.surroundings.only_slide.setChecked(False)
    assert row.isVisible()


@pytest.mark.parametrize(
    "name", ["Show log", "About HistoViewer", "Settings…", "Command list…", "By any angle…", "Retrain…"]
)
def test_every_dialog_fits(qtbot: QtBot, small: MainWindow, name: str) -> None:
    before = set(small.findChildren(QDialog))
    trigger(small, name)
    (shown,) = set(small.findChildren(QDialog)) - before
    qtbot.waitExposed(shown)
    assert shown.width() <= SMALL.width()
    assert shown.height() <= SMALL.height()
    assert shown.minimumSizeHint().height() <= shown.height()
    shown.close()
