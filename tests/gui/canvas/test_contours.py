"""Contours and peeking in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.slides.geometry import Box
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.qt import widget_pixels

Key = Qt.Key


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> OpenSource:
    """One patient of twelve patches; the first alone is malignant."""
    write_idc_like(tmp_path / "patches", patients=1, patches=12)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    answers = np.full(12, 0.1, np.float32)
    answers[0] = 0.9
    opened.store.record(np.arange(12), answers, np.full((12, 2), 50, np.int32), {})
    window.session.select(None)
    window.session._show(window.session.slide_name)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    return opened


def edge_pixels(window: MainWindow, box: Box) -> list[int]:
    """How dark the left and the lower edge of a level-0 box are in the middle, 0-255."""
    view, pixels = window.canvas.view.transform, widget_pixels(window.canvas.view)
    places = ((box.x, box.y + box.height / 2), (box.x + box.width / 2, box.y + box.height))
    darkest = []
    for place in places:
        x, y = (round(value) for value in view.to_view(*place))
        darkest.append(int(pixels[y - 2 : y + 3, x - 2 : x + 3].max(axis=2).min()))
    return darkest


def first_patch(opened: OpenSource) -> Box:
    columns = opened.source.columns
    return Box(float(columns.x[0]), float(columns.y[0]), 50, 50)


def test_contours_run_around_what_reaches_the_threshold(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    view, box = window.canvas.view, first_patch(opened)
    assert not window.canvas.contours.isVisible()
    qtbot.keyClick(view, Key.Key_O)
    assert window.canvas.contours.isVisible()
    assert max(edge_pixels(window, box)) < 60
    window.session.set_threshold(0.95)
    qtbot.waitUntil(view.is_sharp)
    assert min(edge_pixels(window, box)) > 60
    qtbot.keyClick(view, Key.Key_O)
    assert not window.canvas.contours.isVisible()


def test_contours_turn_and_zoom_with_the_slide(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    view, box = window.canvas.view, first_patch(opened)
    qtbot.keyClick(view, Key.Key_O)
    view.turn_to(30)
    view.fly_to(box)
    qtbot.waitUntil(view.is_sharp)
    assert max(edge_pixels(window, box)) < 60


def test_cells_too_small_to_be_outlined_one_by_one_are_taken_together(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    qtbot.keyClick(window.canvas.view, Key.Key_O)
    layer, heatmap = window.canvas.contours, window.canvas.shown.heatmap
    assert heatmap is not None
    view = window.canvas.view.transform
    layer._outline(heatmap, view, view.visible)
    assert len(layer._lines) == 4
    far = view.zoomed_at(0, 0, 1 / (50 * view.scale))
    layer._outline(heatmap, far, far.visible)
    assert len(layer._lines) == 0, "one of nine is no majority"
    assert opened.store.probability[0] == np.float32(0.9)


def test_while_p_is_held_there_is_tissue_alone(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> None:
    del opened
    view = window.canvas.view
    qtbot.keyClick(view, Key.Key_O)
    covered = widget_pixels(view)
    qtbot.keyPress(view, Key.Key_P)
    qtbot.waitUntil(view.is_sharp)
    assert not window.canvas.contours.isVisible()
    assert not view.legend.isVisible()
    assert (widget_pixels(view) != covered).any()
    qtbot.keyRelease(view, Key.Key_P)
    assert window.canvas.contours.isVisible()
    assert (widget_pixels(view) == covered).all()
    assert window.session.overlay.is_visible, "the switch is where it was"


def test_peeking_ends_with_a_window_that_is_left(
    qtbot: QtBot, window: MainWindow, opened: OpenSource
) -> None:
    del opened
    qtbot.keyPress(window.canvas.view, Key.Key_P)
    assert window.session.overlay.is_peeking
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    assert not window.session.overlay.is_peeking
