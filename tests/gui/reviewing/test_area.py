"""Deciding an area of the slide at once, in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.area_mark import AreaMark
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import NO_REVIEW, read_reviews
from tests.gui.reviewing.pressing import press

Key, Modifier = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton


def middle(window: MainWindow, opened: OpenSource, row: int) -> QPointF:
    """Of a patch, view pixels."""
    columns = opened.source.columns
    x = float(columns.x[row]) + float(columns.width[row]) / 2
    y = float(columns.y[row]) + float(columns.height[row]) / 2
    return QPointF(*window.canvas.view.transform.to_view(x, y))


def draw(
    qtbot: QtBot,
    window: MainWindow,
    opened: OpenSource,
    *rows: int,
    modifier: Modifier = Modifier.ShiftModifier,
) -> None:
    """A rectangle just around the middles of these patches."""
    view = window.canvas.view
    qtbot.waitUntil(view.is_sharp)
    points = [middle(window, opened, row).toPoint() for row in rows]
    across, down = [point.x() for point in points], [point.y() for point in points]
    start, end = QPoint(min(across) - 4, min(down) - 4), QPoint(max(across) + 4, max(down) + 4)
    far = end if (end - start).manhattanLength() > QApplication.startDragDistance() else end + QPoint(8, 8)
    qtbot.mousePress(view, LEFT, modifier, start)
    qtbot.mouseMove(view, start + (far - start) / 2)
    qtbot.mouseMove(view, far)
    qtbot.mouseRelease(view, LEFT, modifier, far)


def first_slide(opened: OpenSource) -> list[int]:
    return opened.source.rows(next(iter(opened.source.slides()))).tolist()


def test_all_whose_middle_lies_in_it_are_decided_as_one(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    rows = first_slide(opened)
    draw(qtbot, window, opened, *rows)
    assert window.session.area.rows.tolist() == rows
    assert window.session.selected is None
    assert window.canvas.area.isVisible()
    assert all(action.isEnabled() for action in window._review.decisions)
    press(qtbot, window, Key.Key_M)
    assert opened.store.review[rows].tolist() == [MALIGNANT] * len(rows)
    assert (np.delete(opened.store.review, rows) == NO_REVIEW).all()
    assert len(read_reviews(opened.store.path).reviews) == len(rows)
    press(qtbot, window, Key.Key_B)
    assert opened.store.review[rows].tolist() == [BENIGN] * len(rows), "the area stays"
    press(qtbot, window, Key.Key_Z, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert (opened.store.review == NO_REVIEW).all()
    press(qtbot, window, Key.Key_U, Key.Key_Backspace)
    assert (opened.store.review == NO_REVIEW).all()


@pytest.mark.parametrize("rotation", [0, 90, 200])
def test_it_means_what_it_covers_however_the_slide_is_turned(
    qtbot: QtBot, window: MainWindow, opened: OpenSource, rotation: int
) -> None:
    window.canvas.view.turn_to(rotation)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    one, other = first_slide(opened)[:2]
    draw(qtbot, window, opened, one)
    assert window.session.area.rows.tolist() == [one]
    draw(qtbot, window, opened, other)
    assert window.session.area.rows.tolist() == [other]
    layer, at = window.canvas.area, middle(window, opened, other).toPoint()
    assert layer.isVisible()
    window.canvas.view.legend.hide()
    before = window.canvas.view.grab().toImage().pixelColor(at)
    window.session.area.clear()
    assert window.canvas.view.grab().toImage().pixelColor(at) != before, "it is tinted"


def test_what_is_not_judged_is_left_out(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    rows = first_slide(opened)
    opened.store.probability[rows[1]] = np.nan
    draw(qtbot, window, opened, *rows)
    assert window.session.area.rows.tolist() == [rows[0], *rows[2:]]


def test_esc_leaves_it_and_cancels_nothing(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    draw(qtbot, window, opened, *first_slide(opened))
    mark = window.canvas.findChild(AreaMark)
    assert mark is not None
    assert mark.isVisible()
    assert "6 patches" in mark.accessibleName()
    window._cancel.setEnabled(True)
    with qtbot.assertNotEmitted(window._cancel.triggered):
        press(qtbot, window, Key.Key_Escape)
    assert not len(window.session.area.rows)
    assert not mark.isVisible()
    assert not window.canvas.area.isVisible()
    assert not window._review.decisions[0].isEnabled()


def test_a_click_another_patch_or_slide_leaves_it(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    rows, names = first_slide(opened), list(opened.source.slides())
    draw(qtbot, window, opened, *rows)
    qtbot.mouseClick(window.canvas.view, LEFT, pos=middle(window, opened, rows[0]).toPoint())
    assert not len(window.session.area.rows)
    assert window.session.selected == rows[0]
    draw(qtbot, window, opened, *rows)
    window.session.show_slide(names[1])
    assert not len(window.session.area.rows)
    window.session.show_slide(names[0])
    draw(qtbot, window, opened, *rows)
    press(qtbot, window, Key.Key_N)
    assert not len(window.session.area.rows)
    draw(qtbot, window, opened, *rows)
    window.session.close_source(opened)
    assert not len(window.session.area.rows)


def test_without_shift_a_drag_moves_the_slide_and_a_shift_click_selects(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    rows = first_slide(opened)
    draw(qtbot, window, opened, *rows, modifier=Modifier.NoModifier)
    assert not len(window.session.area.rows)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    window.canvas.view.fit()
    qtbot.waitUntil(window.canvas.view.is_sharp)
    at = middle(window, opened, rows[2]).toPoint()
    qtbot.mouseClick(window.canvas.view, LEFT, Modifier.ShiftModifier, at)
    assert window.session.selected == rows[2]


def test_in_the_gallery_its_own_selection_counts(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    draw(qtbot, window, opened, *first_slide(opened))
    window.show_patches_tab()
    assert not len(window._pages.chosen_rows())
    window.show_slide_tab()
    assert len(window._pages.chosen_rows()) == 6


def test_while_blind_an_area_can_be_decided_as_well(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    window.session.blind.set_on(True)
    rows = first_slide(opened)
    draw(qtbot, window, opened, *rows)
    press(qtbot, window, Key.Key_B)
    assert not np.isnan(window.session.blind.seen(opened)[rows]).any()
