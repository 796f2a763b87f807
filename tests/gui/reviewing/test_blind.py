"""Reviewing without the model's answers in view, in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.formatting import percent_text
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.gallery.gallery_texts import facts, tooltip
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.sources_panel import SourcesPanel
from histoviewer.gui.reviewing.blind_mark import BlindMark
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import read_preferences
from histoviewer.patches.patch import MALIGNANT
from histoviewer.results.reviews import NO_REVIEW
from tests.gui.conftest import closing_windows
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.gui.reviewing.pressing import press
from tests.helpers.idc_like import write_idc_like

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def blind(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> MainWindow:
    """The same window, blind by key."""
    del opened
    assert window.canvas.view.legend.isVisible(), "answers are there to be hidden"
    press(qtbot, window, Key.Key_B, modifier=Modifier.ShiftModifier)
    assert window.session.blind.is_on
    return window


def said(widget: QWidget) -> str:
    """All that is to be read on a widget."""
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def pointed_at(window: MainWindow, opened: OpenSource, row: int) -> str:
    columns = opened.source.columns
    x, y = float(columns.x[row]) + 10, float(columns.y[row]) + 10
    window.canvas.view.hovered.emit(x, y)
    return window.canvas.position


def test_no_answer_is_seen_until_its_patch_is_decided(
    qtbot: QtBot, blind: MainWindow, opened: OpenSource
) -> None:
    session = blind.session
    session.set_overlay(has_contours=True)
    assert session.heatmap is not None
    assert np.isnan(session.heatmap.values).all()
    assert not blind.canvas.view.legend.isVisible()
    assert not blind.canvas.contours.isVisible()
    session.select(0)
    assert "hidden until decided" in said(blind.patch_panel)
    assert "0.5" not in said(blind.patch_panel)
    assert "hidden" in pointed_at(blind, opened, 0)
    press(qtbot, blind, Key.Key_M)
    assert np.count_nonzero(~np.isnan(session.heatmap.values)) == 1
    assert blind.canvas.contours.isVisible()
    assert "malignant" in said(blind.patch_panel)
    assert "hidden" not in pointed_at(blind, opened, 0)
    assert "hidden" in pointed_at(blind, opened, 1)
    press(qtbot, blind, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert np.isnan(session.heatmap.values).all(), "undone, it is hidden again"
    assert "hidden" in said(blind.patch_panel)


def test_switched_off_all_is_as_it_was(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    window.session.select(0)
    assert window.session.heatmap is not None
    before = window.session.heatmap.values.copy(), said(window.patch_panel), said(window)
    for _time in range(2):
        press(qtbot, window, Key.Key_B, modifier=Modifier.ShiftModifier)
    np.testing.assert_array_equal(window.session.heatmap.values, before[0])
    assert (said(window.patch_panel), said(window)) == before[1:]
    assert not np.isnan(opened.store.probability).any()


def test_what_is_judged_meanwhile_is_hidden_too(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """A real run of the real model."""
    session = window.session
    session.blind.set_on(True)
    write_idc_like(tmp_path / "fresh", patients=1, patches=6)
    opened = opened_in(session, tmp_path / "fresh", qtbot)
    assert np.isnan(session.blind.seen(opened)).all()
    with qtbot.waitSignal(session.run_changed, timeout=PATIENCE):
        session.classify(opened)
    qtbot.waitUntil(lambda: not session.is_running, timeout=PATIENCE)
    assert not np.isnan(opened.store.probability).any()
    assert session.heatmap is not None
    assert np.isnan(session.heatmap.values).all()
    window.session.select(2)
    press(qtbot, window, Key.Key_B)
    assert np.flatnonzero(~np.isnan(session.blind.seen(opened))).tolist() == [2]
    assert np.count_nonzero(~np.isnan(session.heatmap.values)) == 1


def test_counts_and_shares_are_hidden(qtbot: QtBot, blind: MainWindow) -> None:
    sources = blind.findChild(SourcesPanel)
    assert sources is not None
    assert "0 of 12 decided" in said(blind)
    assert "mm²" not in said(blind)
    lines = sources._entries[0].lines(0.5, is_blind=True)
    assert [line.share for line in lines] == ["", "", ""]
    blind.session.select(0)
    press(qtbot, blind, Key.Key_M)
    assert "1 of 12 decided" in said(blind)


def test_next_goes_by_place_and_disagreements_are_not_offered(qtbot: QtBot, blind: MainWindow) -> None:
    review = blind._review
    assert not review._disputed.isEnabled()
    blind.session.select(None)
    press(qtbot, blind, Key.Key_N, Key.Key_B, Key.Key_B)
    assert blind.session.selected == 2
    press(qtbot, blind, Key.Key_B, modifier=Modifier.ShiftModifier)
    assert review._disputed.isEnabled()


def test_the_gallery_tells_nothing_and_offers_no_order_that_would(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    del opened
    window.show_patches_tab()
    page = window.gallery_page
    asked = GalleryOrder(sort=Sort.HIGHEST, show=Show.MALIGNANT, low=0.2)
    page._ask_for(asked)
    press(qtbot, window, Key.Key_B, modifier=Modifier.ShiftModifier)
    assert page.bar.order() == GalleryOrder()
    assert page.gallery.rows.tolist() == list(range(12))
    boxes = page.bar.findChildren(QComboBox)
    offered = {
        box.itemData(index)
        for box in boxes
        for index in range(box.count())
        if isinstance(model := box.model(), QStandardItemModel) and model.item(index).isEnabled()
    }
    assert not offered & {Sort.HIGHEST, Sort.LOWEST, Sort.UNCERTAINTY, Show.MALIGNANT, Show.DISPUTED}
    assert Show.CORRECTED not in offered
    assert offered >= {Sort.POSITION, Show.ALL, Show.UNSURE, Show.UNDECIDED}
    assert "hidden" in page.gallery.explanation(3)
    window.session.select(3)
    press(qtbot, window, Key.Key_M)
    assert "hidden" not in page.gallery.explanation(3)
    assert "hidden" in page.gallery.explanation(4)


def test_a_mark_says_so_and_the_way_back(qtbot: QtBot, blind: MainWindow) -> None:
    mark = blind.canvas.findChild(BlindMark)
    assert mark is not None
    assert mark.isVisible()
    assert "Shift+B" in mark.accessibleName()
    top = mark.y()
    blind.session.eye.set_look(gamma=1.5)
    assert mark.y() > top, "the look's mark is above it"
    press(qtbot, blind, Key.Key_B, modifier=Modifier.ShiftModifier)
    assert not mark.isVisible()


def test_what_an_answer_rests_on_is_hidden_as_well(qtbot: QtBot, blind: MainWindow) -> None:
    explaining = blind.session.explaining
    blind.session.select(0)
    explaining.set_on(True)
    assert explaining._row is None
    assert "hidden, too" in said(blind.patch_panel)
    press(qtbot, blind, Key.Key_M)
    assert explaining._row == 0


def test_it_is_kept_for_the_next_start(
    qtbot: QtBot, tmp_path: Path, tiny_bundle: Path, data_folder: Path
) -> None:
    del data_folder
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    with closing_windows() as windows:
        for is_blind in (False, True):
            windows.append(MainWindow(Session(tiny_bundle), settings))
            windows[-1].show()
            qtbot.waitExposed(windows[-1])
            assert windows[-1].session.blind.is_on == is_blind == windows[-1]._review.blind.isChecked()
            windows[-1]._review.blind.trigger()
            assert read_preferences(settings).is_blind != is_blind


def test_two_views_show_the_same_of_it(blind: MainWindow, opened: OpenSource) -> None:
    views = blind._pages.views
    views.set_double(True)
    assert views.second is not None
    names = list(opened.source.slides())
    views.second.shown.pin(opened, names[1])
    heatmap = views.second.shown.heatmap
    assert heatmap is not None
    assert np.isnan(heatmap.values).all()
    blind.session.blind.set_on(False)
    assert not np.isnan(heatmap.values).all()


def test_the_truth_is_hidden_with_the_answer_wherever_it_would_be_told(
    qtbot: QtBot, blind: MainWindow, opened: OpenSource
) -> None:
    session, row = blind.session, int(np.argmax(opened.source.columns.truth))
    assert opened.source.columns.truth[row] == MALIGNANT
    session.set_overlay(is_truth_visible=True)
    assert not blind.canvas.truth.layer.isVisible()
    session.select(row)
    qtbot.waitUntil(lambda: "Patient" in said(blind.patch_panel))
    assert "class1" not in said(blind.patch_panel)
    assert "Truth" not in said(blind.patch_panel)
    blind.show_patches_tab()
    contents = blind.gallery_page.gallery._contents
    assert "class" not in tooltip(facts(contents, row, None))
    press(qtbot, blind, Key.Key_M)
    qtbot.waitUntil(lambda: "Truth" in said(blind.patch_panel))
    assert "class1" in tooltip(facts(contents, row, None))


def test_what_another_person_decided_stays_hidden_from_who_reviews_now(
    qtbot: QtBot, blind: MainWindow, opened: OpenSource
) -> None:
    session = blind.session
    session.select(3)
    press(qtbot, blind, Key.Key_M)
    assert not session.blind.hides(opened, 3)
    session.blind.set_reviewer("Somebody else")
    assert session.blind.hides(opened, 3)
    assert np.isnan(session.blind.seen(opened)).all()
    assert (session.blind.reviews(opened) == NO_REVIEW).all()
    assert "hidden until decided" in said(blind.patch_panel)
    assert "0 of 12 decided" in said(blind)
    press(qtbot, blind, Key.Key_B)
    assert np.flatnonzero(~np.isnan(session.blind.seen(opened))).tolist() == [3]


def test_who_has_decided_goes_on_seeing_it_whoever_decides_later(
    qtbot: QtBot, blind: MainWindow, opened: OpenSource
) -> None:
    session = blind.session
    session.blind.set_reviewer("Ann")
    session.select(3)
    press(qtbot, blind, Key.Key_M)
    session.blind.set_reviewer("Bob")
    session.select(None)
    session.select(3)
    press(qtbot, blind, Key.Key_B)
    assert opened.store.decisions[3].reviewer == "Bob", "his decision counts"
    session.blind.set_reviewer("Ann")
    assert not session.blind.hides(opened, 3)
    assert np.flatnonzero(~np.isnan(session.blind.seen(opened))).tolist() == [3]
    qtbot.waitUntil(lambda: "Ann" in said(blind.patch_panel))
    assert "Bob" not in said(blind.patch_panel)


def test_names_tell_nothing_when_they_are_searched_or_copied(
    qtbot: QtBot, blind: MainWindow, opened: OpenSource
) -> None:
    blind.show_patches_tab()
    page = blind.gallery_page
    page._ask_for(GalleryOrder(text="class1"))
    assert not len(page.gallery.rows)
    page._ask_for(GalleryOrder())
    blind.session.select(0)
    press(qtbot, blind, Key.Key_M)
    page.gallery.select_all()
    files = [opened.source.columns.file(row) for row in range(12)]
    names = page.gallery.file_names()
    assert names[0] == files[0], "decided"
    assert not set(names[1:]) & set(files)
    assert not any("class" in name for name in names[1:])
    blind.session.blind.set_on(False)
    page._ask_for(GalleryOrder(text="class1"))
    assert page.gallery.rows.tolist() == [row for row, file in enumerate(files) if "class1" in file]


def test_once_all_is_decided_nothing_is_said_to_be_hidden(qtbot: QtBot, blind: MainWindow) -> None:
    def said() -> str:
        return "\n".join(label.text() for label in blind.findChildren(QLabel) if label.isVisible())

    assert "answers are hidden" in said()
    session = blind.session
    assert session.current is not None
    session.reviewing.decide(session.current, np.arange(12), MALIGNANT)
    qtbot.waitUntil(lambda: "answers are hidden" not in said())
    assert "12 of 12 decided" in said()
    assert f"malignant: {percent_text(1.0)}" in said()
