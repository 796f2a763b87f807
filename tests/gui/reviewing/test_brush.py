"""Marking patches with the brush, in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.area_mark import AreaMark
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.brush import LARGEST, SMALLEST, Stroke
from histoviewer.patches.patch import MALIGNANT
from histoviewer.results.reviews import NO_REVIEW
from tests.gui.reviewing.pressing import press
from tests.gui.reviewing.test_area import first_slide, middle

Key, Modifier = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def painting(qtbot: QtBot, window: MainWindow, opened: OpenSource) -> OpenSource:
    """The brush is in the hand, much smaller than a patch."""
    qtbot.waitUntil(window.canvas.view.is_sharp)
    press(qtbot, window, Key.Key_D)
    assert window.session.brush.is_on
    window.session.brush.radius = 5.0
    return opened


def set_down(
    qtbot: QtBot, window: MainWindow, opened: OpenSource, *rows: int, keys: Modifier = Modifier.NoModifier
) -> QPoint:
    """Press on the first of these patches, and draw through the middles of the others."""
    points = [middle(window, opened, row).toPoint() for row in rows]
    qtbot.mouseMove(window.canvas.view, points[0])
    qtbot.mousePress(window.canvas.view, LEFT, keys, points[0])
    for point in points[1:]:
        qtbot.mouseMove(window.canvas.view, point)
    return points[-1]


def paint(
    qtbot: QtBot, window: MainWindow, opened: OpenSource, *rows: int, keys: Modifier = Modifier.NoModifier
) -> None:
    end = set_down(qtbot, window, opened, *rows, keys=keys)
    qtbot.mouseRelease(window.canvas.view, LEFT, keys, end)


def marked(window: MainWindow) -> list[int]:
    rows: list[int] = window.session.area.rows.tolist()
    return rows


@pytest.mark.parametrize("rotation", [0, 200])
def test_strokes_add_up_live_and_are_decided_as_one(
    qtbot: QtBot, window: MainWindow, painting: OpenSource, rotation: int
) -> None:
    rows = first_slide(painting)
    window.canvas.view.turn_to(rotation)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    window.session.select(rows[5])
    end = set_down(qtbot, window, painting, rows[0], rows[1])
    assert marked(window) == rows[:2], "before the button is let go"
    qtbot.mouseRelease(window.canvas.view, LEFT, pos=end)
    paint(qtbot, window, painting, rows[4])
    assert marked(window) == [*rows[:2], rows[4]]
    assert window.session.selected is None
    paint(qtbot, window, painting, rows[0], keys=Modifier.ControlModifier)
    paint(qtbot, window, painting, rows[4], keys=Modifier.AltModifier)
    assert marked(window) == [rows[1]]
    assert window.canvas.view.rotation == rotation, "Alt takes away, it does not turn"
    paint(qtbot, window, painting, rows[2])
    press(qtbot, window, Key.Key_M)
    assert np.flatnonzero(painting.store.review == MALIGNANT).tolist() == rows[1:3]
    press(qtbot, window, Key.Key_Z, modifier=Modifier.ControlModifier)
    assert (painting.store.review == NO_REVIEW).all()


def test_esc_takes_back_the_stroke_then_the_mark_then_the_brush(
    qtbot: QtBot, window: MainWindow, painting: OpenSource
) -> None:
    rows, view = first_slide(painting), window.canvas.view
    window.session.select(rows[5])
    set_down(qtbot, window, painting, rows[0])
    press(qtbot, window, Key.Key_Escape)
    assert (marked(window), window.session.selected) == ([], rows[5])
    qtbot.mouseMove(view, middle(window, painting, rows[1]).toPoint())
    qtbot.mouseRelease(view, LEFT, pos=middle(window, painting, rows[1]).toPoint())
    assert marked(window) == [], "the button that is still held paints no more"
    paint(qtbot, window, painting, rows[0])
    set_down(qtbot, window, painting, rows[0], keys=Modifier.ControlModifier)
    assert marked(window) == []
    press(qtbot, window, Key.Key_Escape, modifier=Modifier.ControlModifier)  # the key of the drag is held
    assert marked(window) == [rows[0]]
    qtbot.mouseRelease(view, LEFT, Modifier.ControlModifier, QPoint(5, 5))
    press(qtbot, window, Key.Key_Escape)
    assert marked(window) == []
    assert window.session.brush.is_on
    press(qtbot, window, Key.Key_Escape)
    assert not window.session.brush.is_on


def test_its_circle_is_as_large_as_what_it_covers_and_says_so(
    qtbot: QtBot, window: MainWindow, painting: OpenSource
) -> None:
    view, layer, brush = window.canvas.view, window.canvas.brush, window.session.brush
    at = middle(window, painting, first_slide(painting)[0]).toPoint()
    qtbot.mouseMove(view, at - QPoint(9, 9))
    qtbot.mouseMove(view, at)
    qtbot.waitUntil(layer.isVisible)
    brush.radius = 20.0
    assert view.slide is not None
    assert view.slide.mpp is not None
    across = 40 / view.transform.scale * view.slide.mpp
    assert float(layer.diameter_text.split("\u00a0")[1]) == pytest.approx(across, rel=0.01)
    assert layer.diameter_text.endswith("µm")
    edge = view.grab().toImage().pixelColor(at + QPoint(20, 0))
    press(qtbot, window, Key.Key_BracketRight)
    assert brush.radius == pytest.approx(20 * 2**0.5)
    assert view.grab().toImage().pixelColor(at + QPoint(20, 0)) != edge
    for _ in range(20):
        press(qtbot, window, Key.Key_BracketLeft)
    assert brush.radius == SMALLEST
    brush.grow(100)
    assert brush.radius == LARGEST
    mark = window.canvas.findChild(AreaMark)
    assert mark is not None
    assert mark.isVisible()
    press(qtbot, window, Key.Key_D)
    assert not layer.isVisible()
    assert not mark.isVisible()


def test_space_still_pans_and_shift_still_draws_a_rectangle(
    qtbot: QtBot, window: MainWindow, painting: OpenSource
) -> None:
    rows, view = first_slide(painting), window.canvas.view
    view.zoom_by(2.0)
    qtbot.waitUntil(view.is_sharp)
    before = view.transform
    qtbot.keyPress(view, Key.Key_Space)
    paint(qtbot, window, painting, rows[0], rows[4])
    qtbot.keyRelease(view, Key.Key_Space)
    assert view.transform != before
    assert marked(window) == []
    view.fit()
    qtbot.waitUntil(view.is_sharp)
    start, end = (middle(window, painting, row).toPoint() for row in (rows[0], rows[1]))
    paint(qtbot, window, painting, rows[0], rows[1], keys=Modifier.ShiftModifier)
    assert len({start.x(), end.x()}) == 2 or len({start.y(), end.y()}) == 2
    assert window.session.brush.is_on


def test_a_stroke_covers_the_middles_within_its_radius_of_its_line(opened: OpenSource) -> None:
    rows, columns = first_slide(opened), opened.source.columns
    x = columns.x[rows] + columns.width[rows] / 2
    y = columns.y[rows] + columns.height[rows] / 2
    name = next(iter(opened.source.slides()))
    stroke = Stroke(opened, name, np.empty(0, np.intp), takes_away=False)
    start, end, radius = (x.min() - 30.0, y.min() - 10.0), (x.max() + 5.0, y.max() + 40.0), 33.0
    stroke.move_to(*start, radius)
    stroke.move_to(*end, radius)
    steps = np.linspace(0, 1, 10_001)[:, None]
    along_x = start[0] + steps * (end[0] - start[0])
    along_y = start[1] + steps * (end[1] - start[1])
    is_within = np.hypot(x - along_x, y - along_y).min(axis=0) <= radius
    assert 0 < is_within.sum() < len(rows)
    assert stroke.rows.tolist() == np.array(rows)[is_within].tolist()
