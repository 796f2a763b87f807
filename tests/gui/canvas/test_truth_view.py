"""The truth over a mosaic, in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.canvas import Canvas
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.truth_view import TruthSwitch
from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import judge, opened_in
from tests.gui.turning import turn
from tests.helpers.patch_folders import idc_name, write_patch
from tests.helpers.qt import widget_pixels

MALIGNANT_AT = [(0, 0), (50, 0), (50, 50)]
BENIGN_AT = [(100, 0), (0, 100), (150, 100)]
GAP_AT = (100, 100)
"""No patch lies there."""

GREY = np.full((50, 50, 3), 200, np.uint8)
SHORT = np.full((20, 50, 3), 200, np.uint8)
"""A patch that is truncated below."""


def names() -> dict[tuple[int, int], str]:
    places = [(place, 1) for place in MALIGNANT_AT] + [(place, 0) for place in BENIGN_AT]
    return {(x, y): idc_name(x=x, y=y, truth=truth) for (x, y), truth in places}


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A grey mosaic of 200 x 120 pixels, its last row truncated."""
    for (_x, y), name in names().items():
        write_patch(tmp_path / "patches", name, SHORT if y == 100 else GREY)
    opened_in(window.session, tmp_path / "patches", qtbot)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    return window


def switch(window: MainWindow) -> TruthSwitch:
    found = window.findChild(TruthSwitch)
    assert found is not None
    return found


def press_t(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window.canvas.view, Qt.Key.Key_T)


def patch_pixels(window: MainWindow, place: tuple[int, int], *, height: int = 20) -> NDArray[np.uint8]:
    """The middle of what is seen of a patch, without its edges."""
    view = window.canvas.view.transform
    x, y = view.to_view(place[0] + 25.0, place[1] + height / 2 if place[1] == 100 else place[1] + 25.0)
    reach = int(5 * view.scale)
    pixels = widget_pixels(window.canvas.view)
    return pixels[round(y) - reach : round(y) + reach, round(x) - reach : round(x) + reach]


def redness(pixels: NDArray[np.uint8]) -> float:
    return float(pixels[..., 0].mean() - pixels[..., 2].mean())


@pytest.mark.parametrize("rotation", [0.0, 30.0, 90.0])
def test_t_tints_each_patch_by_its_truth_however_the_slide_is_turned(
    qtbot: QtBot, opened: MainWindow, rotation: float
) -> None:
    turn(opened.canvas.view, rotation)
    opened.canvas.view.fit()
    qtbot.waitUntil(opened.canvas.view.is_sharp)
    gap = patch_pixels(opened, GAP_AT)
    press_t(qtbot, opened)
    assert all(redness(patch_pixels(opened, place)) > 20 for place in MALIGNANT_AT)
    assert all(redness(patch_pixels(opened, place)) < -10 for place in BENIGN_AT)
    assert np.array_equal(patch_pixels(opened, GAP_AT), gap)
    press_t(qtbot, opened)
    assert all(redness(patch_pixels(opened, place)) == 0 for place in (*MALIGNANT_AT, *BENIGN_AT))


def test_malignant_is_told_without_colour_by_lines_across_it(qtbot: QtBot, opened: MainWindow) -> None:
    press_t(qtbot, opened)
    shades = [len(np.unique(patch_pixels(opened, p).mean(axis=2))) for p in (MALIGNANT_AT[2], BENIGN_AT[0])]
    assert shades[0] > 1
    assert shades[1] == 1


def test_over_a_heat_map_it_is_outlined_and_the_colours_of_probabilities_stay(
    qtbot: QtBot, opened: MainWindow
) -> None:
    current = opened.session.current
    assert current is not None
    judge(opened.session, current, dict.fromkeys(names().values(), 0.9))
    opened.session.show_source(None)
    opened.session.show_source(current)
    qtbot.waitUntil(opened.canvas.view.is_sharp)
    before = widget_pixels(opened.canvas.view)
    inside = patch_pixels(opened, BENIGN_AT[0])
    press_t(qtbot, opened)
    assert np.array_equal(patch_pixels(opened, BENIGN_AT[0]), inside)
    after = widget_pixels(opened.canvas.view)
    vermilion = np.abs(after.astype(int) - (0xD5, 0x5E, 0x00)).max(axis=2) == 0
    assert vermilion.sum() > 500
    assert not np.array_equal(before, after)
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_C)
    assert redness(patch_pixels(opened, BENIGN_AT[0])) < -10


def test_nothing_is_painted_beyond_the_slide_where_its_patches_are_truncated(
    qtbot: QtBot, opened: MainWindow
) -> None:
    view = opened.canvas.view
    before = widget_pixels(view)
    press_t(qtbot, opened)
    opened.canvas.truth.layer.key.hide()
    changed = np.flatnonzero((widget_pixels(view) != before).any(axis=(1, 2)))
    assert changed[-1] <= view.transform.to_view(0, 120)[1] + 1


def test_the_key_says_which_is_which_above_the_legend_of_the_heat_map(
    qtbot: QtBot, opened: MainWindow
) -> None:
    press_t(qtbot, opened)
    view, key = opened.canvas.view, opened.canvas.truth.layer.key
    view.grab()
    assert key.isVisible()
    assert view.height() - key.geometry().bottom() < 24
    current = opened.session.current
    assert current is not None
    judge(opened.session, current, dict.fromkeys(names().values(), 0.9))
    opened.session.show_source(None)
    opened.session.show_source(current)
    view.grab()
    assert view.legend.isVisible()
    assert key.geometry().bottom() < view.legend.y()


def test_it_is_a_setting_of_the_view_that_stays_with_the_next_slide(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    for i in range(2):
        write_patch(tmp_path / "loose", f"{i}.png")
    session, action = opened.session, switch(opened).action
    first = session.current
    assert first is not None
    before = first.store.probability.copy()
    assert action.isEnabled()
    assert not action.isChecked()
    press_t(qtbot, opened)
    assert action.isChecked()
    assert not session.is_running
    assert np.array_equal(first.store.probability, before, equal_nan=True)
    opened_in(session, tmp_path / "loose", qtbot)
    assert not action.isEnabled(), "nobody knows the truth of these"
    assert not opened.canvas.truth.layer.isVisibleTo(opened.canvas)
    session.show_source(first)
    assert action.isEnabled()
    assert opened.canvas.truth.layer.isVisibleTo(opened.canvas)


def test_the_layer_follows_the_size_of_the_view(qtbot: QtBot, opened: MainWindow) -> None:
    press_t(qtbot, opened)
    opened.resize(QSize(1000, 640))
    qtbot.waitUntil(lambda: opened.canvas.truth.layer.size() == opened.canvas.view.size())


def test_a_second_view_has_the_truth_of_its_own_slide(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    press_t(qtbot, opened)
    write_patch(tmp_path / "other", idc_name(x=0, y=0, truth=1), GREY)
    opened_in(opened.session, tmp_path / "other", qtbot)
    first, other = opened.session.sources
    opened._pages.views.set_double(True)
    (second,) = [canvas for canvas in opened.findChildren(Canvas) if canvas is not opened.canvas]
    second.shown.pin(first, next(first.source.slides()))
    assert opened.session.current is other
    qtbot.waitUntil(second.view.is_sharp)
    assert second.truth.layer.isVisible()
    assert pixels_differ(second.view, MALIGNANT_AT[0], BENIGN_AT[0])


def pixels_differ(view: SlideView, one: tuple[int, int], other: tuple[int, int]) -> bool:
    shown = widget_pixels(view)
    places = [view.transform.to_view(x + 25.0, y + 25.0) for x, y in (one, other)]
    a, b = (shown[round(y), round(x)] for x, y in places)
    return bool(np.abs(a.astype(int) - b).max() > 10)


def overview_pixels(window: MainWindow, place: tuple[int, int]) -> NDArray[np.uint8]:
    """The middle of a patch on the overview, which is 200 pixels wide as the slide is."""
    x, y = place[0] + 25, place[1] + (10 if place[1] == 100 else 25)
    return widget_pixels(window.canvas.view.overview)[y - 5 : y + 5, x - 5 : x + 5]


def zoom_into_the_gap(qtbot: QtBot, window: MainWindow) -> None:
    """So that the overview is there, and its mark on no patch."""
    view = window.canvas.view
    view.zoom_to_downsample(1 / 40)
    view.centre_on(125.0, 110.0)
    qtbot.waitUntil(view.is_sharp)
    assert view.overview.isVisible()
    assert view.overview.width() == 200


def test_the_overview_is_tinted_with_the_slide(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    zoom_into_the_gap(qtbot, opened)
    press_t(qtbot, opened)
    assert all(redness(overview_pixels(opened, place)) > 20 for place in MALIGNANT_AT)
    assert all(redness(overview_pixels(opened, place)) < -10 for place in BENIGN_AT)
    press_t(qtbot, opened)
    assert all(redness(overview_pixels(opened, place)) == 0 for place in (*MALIGNANT_AT, *BENIGN_AT))
    press_t(qtbot, opened)
    write_patch(tmp_path / "unknown", "8863_idx5_x1_y1.png", GREY)
    write_patch(tmp_path / "unknown", "8863_idx5_x151_y101.png", GREY)
    opened_in(opened.session, tmp_path / "unknown", qtbot)
    opened.canvas.view.zoom_by(8.0)
    qtbot.waitUntil(opened.canvas.view.is_sharp)
    assert redness(widget_pixels(opened.canvas.view.overview)) == 0, "nobody knows the truth of these"


def test_the_overview_outlines_what_is_malignant_where_its_heat_map_has_the_colours(
    qtbot: QtBot, opened: MainWindow
) -> None:
    current = opened.session.current
    assert current is not None
    judge(opened.session, current, dict.fromkeys(names().values(), 0.9))
    opened.session.show_source(None)
    opened.session.show_source(current)
    zoom_into_the_gap(qtbot, opened)
    overview = opened.canvas.view.overview
    before, inside = widget_pixels(overview), overview_pixels(opened, BENIGN_AT[0])
    press_t(qtbot, opened)
    assert np.array_equal(overview_pixels(opened, BENIGN_AT[0]), inside)
    changed = (widget_pixels(overview) != before).any(axis=2)
    assert changed[95:105, 10:40].sum() == 0, "the lower edge of a benign patch"
    assert changed[48:53, 10:40].any(axis=0).all(), "the lower edge of a malignant one"
