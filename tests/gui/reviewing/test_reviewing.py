"""Deciding by keys in the real window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.gallery_order import GalleryOrder, Sort
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource, results_path
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import NO_REVIEW, UNSURE, Review, decided, read_reviews
from tests.gui.panels.panel_session import opened_in
from tests.gui.reviewing.pressing import press
from tests.helpers import reviewer_until_killed
from tests.helpers.idc_like import write_idc_like

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def test_each_key_decides_the_selected_patch_at_once(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.session.reviewing.reviewer = "Ann"
    for row, key in enumerate((Key.Key_M, Key.Key_B, Key.Key_U, Key.Key_M)):
        window.session.select(row)
        press(qtbot, window, key)
    press(qtbot, window, Key.Key_Backspace)
    found = read_reviews(opened.store.path)
    assert found.column[:4].tolist() == [MALIGNANT, BENIGN, UNSURE, NO_REVIEW]
    assert {one.reviewer for one in found.reviews.values()} == {"Ann"}
    assert not np.isnan(opened.store.probability).any(), "no answer is overwritten"


def test_undo_and_redo_take_decisions_back_and_forth(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.session.select(3)
    press(qtbot, window, Key.Key_M, Key.Key_B)
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert read_reviews(opened.store.path).column[3] == MALIGNANT
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert read_reviews(opened.store.path).column[3] == NO_REVIEW
    press(qtbot, window, Key.Key_Z, Key.Key_Z, modifier=Modifier.ControlModifier | Modifier.ShiftModifier)
    assert read_reviews(opened.store.path).column[3] == BENIGN


def test_undo_gives_a_decision_back_to_who_made_it_and_when(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    of_ann = Review(BENIGN, "Ann", "2024-05-06T07:08:09.000+00:00")
    opened.store.decide([3], [of_ann])
    window.session.reviewing.reviewer = "Bob"
    window.session.select(3)
    press(qtbot, window, Key.Key_M)
    of_bob = opened.store.decisions[3]
    assert of_bob.reviewer == "Bob"
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert read_reviews(opened.store.path).reviews == opened.store.decisions == {3: of_ann}
    window.session.reviewing.reviewer = "Cid"
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier | Modifier.ShiftModifier)
    assert read_reviews(opened.store.path).reviews == {3: of_bob}


def test_while_another_scale_comes_a_decision_is_refused_aloud(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.session.select(3)
    opened.is_leaving = True
    with qtbot.waitSignal(window.session.failed) as told:
        press(qtbot, window, Key.Key_M)
    assert "another scale" in told.args[0]
    assert opened.store.review[3] == NO_REVIEW
    opened.is_leaving = False


def test_next_leads_along_the_queue_and_deciding_goes_on(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    press(qtbot, window, Key.Key_N)
    assert window.session.selected == 0
    press(qtbot, window, Key.Key_M, Key.Key_B)
    assert window.session.selected == 2
    assert opened.store.review[:3].tolist() == [MALIGNANT, BENIGN, NO_REVIEW]
    press(qtbot, window, Key.Key_N)
    assert window.session.selected == 3, "one can be left undecided"
    window.session.select(7)
    press(qtbot, window, Key.Key_U)
    assert window.session.selected == 7, "who chose it stays with it"
    press(qtbot, window, Key.Key_N)
    assert window.session.selected == 2


def test_undo_leads_back_to_its_patch_and_the_next_key_decides_that_one(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    press(qtbot, window, Key.Key_N)
    first = window.session.selected
    press(qtbot, window, Key.Key_M)
    second = window.session.selected
    assert second != first
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert window.session.selected == first
    press(qtbot, window, Key.Key_B)
    assert {row: review.review for row, review in opened.store.decisions.items()} == {first: BENIGN}
    assert window.session.selected == second, "and it goes on as before"


def test_with_going_on_switched_off_one_stays(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    del opened
    window._review.goes_on.trigger()
    press(qtbot, window, Key.Key_N, Key.Key_M)
    assert window.session.selected == 0


def test_when_nothing_is_left_it_says_so(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    opened.store.decide(range(12), decided([BENIGN] * 12, reviewer="Ann"))
    with qtbot.waitSignal(window.session.noted) as noted:
        press(qtbot, window, Key.Key_N)
    assert "undecided" in noted.args[0]


def test_all_that_are_selected_in_the_gallery_are_decided_together(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.show_patches_tab()
    press(qtbot, window, Key.Key_A, modifier=Modifier.ControlModifier)
    press(qtbot, window, Key.Key_B)
    assert opened.store.review.tolist() == [BENIGN] * 12
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert opened.store.review.tolist() == [NO_REVIEW] * 12


def test_the_panel_says_who_decided_and_has_the_keys_as_buttons(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    del opened
    window.session.reviewing.reviewer = "Ann"
    buttons = [b for b in window.patch_panel.findChildren(QToolButton) if b.isVisibleTo(window.patch_panel)]
    assert [button.text() for button in buttons] == ["Malignant", "Benign", "Unsure", "Clear"]
    assert not buttons[0].isEnabled()
    window.session.select(1)
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    texts = [label.text() for label in window.patch_panel.findChildren(QLabel)]
    assert any(text.startswith("malignant · Ann · ") for text in texts)


def test_marks_on_the_slide_follow_decisions(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    layer = window.canvas.reviews
    assert not layer.isVisible()
    window.session.select(0)
    press(qtbot, window, Key.Key_M)
    assert layer.isVisible()
    assert opened.store.review[0] == MALIGNANT
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert not layer.isVisible()


@pytest.mark.parametrize("rotation", [0, 90, 200])
def test_a_mark_lies_on_its_own_patch_however_the_slide_is_turned(
    qtbot: QtBot, window: MainWindow, opened: OpenSource, rotation: int
) -> None:
    view = window.canvas.view
    view.turn_to(rotation)
    window.session.select(3)
    press(qtbot, window, Key.Key_M)
    window.session.select(None)
    qtbot.waitUntil(view.is_sharp)
    name = window.session.slide_name
    assert name is not None
    picture = window.canvas.reviews.grab().toImage()
    picture.fill(Qt.GlobalColor.black)
    only_what_it_paints = QWidget.RenderFlag.DrawChildren
    window.canvas.reviews.render(picture, QPoint(), QRegion(), only_what_it_paints)
    glass = [
        (x, y)
        for y in range(picture.height())
        for x in range(picture.width())
        if picture.pixelColor(x, y).lightness() > 200
    ]
    middle = np.mean(glass, axis=0)
    assert opened.row_at(name, *view.transform.to_level0(*middle)) == 3


def test_of_a_source_that_is_closed_nothing_is_undone(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.session.select(0)
    press(qtbot, window, Key.Key_M)
    window.session.close_source(opened)
    assert not window.session.reviewing.history.canUndo()
    assert read_reviews(opened.store.path).column[0] == MALIGNANT


def test_decisions_come_back_when_the_source_is_opened_again(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.session.select(5)
    press(qtbot, window, Key.Key_U)
    path = opened.source.path
    window.session.close_source(opened)
    again = opened_in(window.session, path, qtbot)
    assert again.store.review[5] == UNSURE


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_who_is_killed_in_the_middle_of_reviewing_loses_no_decision(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=2, patches=6)
    script = reviewer_until_killed.__file__
    command = [sys.executable, script, tmp_path / "data", tiny_bundle, tmp_path / "patches"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(script).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        decided = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    (file,) = (tmp_path / "data" / "results").glob("*.histo")
    assert file.name == results_path(tmp_path / "patches").name
    assert len(read_reviews(file).reviews) == decided == 7


def test_the_gallery_in_the_order_of_reviews_waits_until_it_is_sorted_again(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.show_patches_tab()
    gallery = window.gallery_page.gallery
    window.session.reviewing.decide(opened, np.array([4, 9]), BENIGN)
    gallery.set_order(GalleryOrder(Sort.AGAINST_REVIEW))
    assert gallery.rows[:2].tolist() == [9, 4], "the answers lie the further the later"
    window.session.reviewing.decide(opened, np.array([11]), BENIGN)
    assert gallery.rows[:2].tolist() == [9, 4], "nothing jumps"
    qtbot.mouseClick(gallery._sort_again, Qt.MouseButton.LeftButton)
    assert gallery.rows[:3].tolist() == [11, 9, 4]
