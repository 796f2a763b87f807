from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.overview import LONGEST_SIDE, Overview
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.view_transform import ViewTransform
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.qt import box_of_colour, widget_pixels

RED, BLUE = (220, 30, 40), (20, 60, 210)
NEAR = ViewTransform(3000.0, 500.0, 1.0, 400.0, 200.0)
WHOLE = ViewTransform(2000.0, 1000.0, 0.05, 400.0, 200.0)


@pytest.fixture
def tiles(qtbot: QtBot) -> Iterator[TileCache]:
    del qtbot
    pixels = np.full((2000, 4000, 3), 255, np.uint8)
    pixels[1500:1800, 400:1200] = RED
    cache = TileCache(threads=2)
    cache.set_slide(NumpySlide(pixels))
    yield cache
    cache.close()


@pytest.fixture
def overview(qtbot: QtBot, tiles: TileCache) -> Overview:
    overview = Overview(tiles)
    qtbot.addWidget(overview)
    overview.set_view(NEAR)
    tiles.want([])
    assert tiles.grid is not None
    keys = tiles.grid.keys(tiles.grid.bounds, tiles.grid.coarsest)
    qtbot.waitUntil(lambda: tiles.is_settled(keys))
    return overview


def test_it_shows_the_whole_slide_in_its_own_shape(overview: Overview) -> None:
    assert (overview.width(), overview.height()) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    place = box_of_colour(widget_pixels(overview), RED, tolerance=50)
    assert place == pytest.approx((20, 75, 40, 15), abs=1)


def test_it_hides_while_the_view_shows_everything(overview: Overview) -> None:
    assert overview.isVisible()
    overview.set_view(WHOLE)
    assert not overview.isVisible()
    overview.set_view(NEAR)
    assert overview.isVisible()


def test_it_hides_without_a_slide(overview: Overview, tiles: TileCache) -> None:
    tiles.set_slide(None)
    overview.set_view(NEAR)
    assert not overview.isVisible()


def test_the_mark_frames_what_the_view_shows(overview: Overview) -> None:
    x, y, width, height = box_of_colour(widget_pixels(overview)[1:-1, 1:-1], (0, 0, 0), tolerance=60)
    assert (x + 1, y + 1) == pytest.approx((140, 20), abs=2)
    assert (width, height) == pytest.approx((20, 10), abs=3)


def test_the_mark_of_a_view_deep_in_the_slide_is_still_seen(overview: Overview) -> None:
    overview.set_view(ViewTransform(3000.0, 500.0, 16.0, 400.0, 200.0))
    _, _, width, height = box_of_colour(widget_pixels(overview)[1:-1, 1:-1], (0, 0, 0), tolerance=60)
    assert width >= 8
    assert height >= 8


def test_the_heat_map_lies_on_it(qtbot: QtBot, overview: Overview) -> None:
    layer = HeatmapLayer(overview)
    overview.set_overlay(layer)
    cells = np.zeros((20, 40, 4), np.uint8)
    cells[15:18, 4:12] = (*BLUE, 255)
    with qtbot.waitSignal(layer.changed):
        layer.set_raster(cells, x=0.0, y=0.0, cell=100.0)
    place = box_of_colour(widget_pixels(overview), BLUE, tolerance=5)
    assert place == pytest.approx((20, 75, 40, 15), abs=1)


def test_a_heat_map_that_keeps_changing_is_on_it_soon(qtbot: QtBot, overview: Overview) -> None:
    layer = HeatmapLayer(overview)
    overview.set_overlay(layer)
    for value in range(0, 250, 10):
        cells = np.full((10, 20, 4), value, np.uint8)
        cells[..., 3] = 255
        layer.set_raster(cells, x=0.0, y=0.0, cell=200.0)
        widget_pixels(overview)
    qtbot.waitUntil(lambda: tuple(widget_pixels(overview)[5, 5]) == (240, 240, 240))


def test_a_click_and_a_drag_navigate(qtbot: QtBot, overview: Overview) -> None:
    with qtbot.waitSignal(overview.navigated) as told:
        qtbot.mousePress(overview, Qt.MouseButton.LeftButton, pos=QPoint(150, 25))
    assert told.args == pytest.approx([3000.0, 500.0])
    with qtbot.waitSignal(overview.navigated) as told:
        qtbot.mouseMove(overview, QPoint(50, 75))
    assert told.args == pytest.approx([1000.0, 1500.0])
    qtbot.mouseRelease(overview, Qt.MouseButton.LeftButton, pos=QPoint(50, 75))
    with qtbot.assertNotEmitted(overview.navigated):
        qtbot.mouseMove(overview, QPoint(60, 75))


def test_the_mark_of_a_turned_view_is_turned_the_other_way(overview: Overview) -> None:
    overview.set_view(ViewTransform(2000.0, 1000.0, 0.4, 400.0, 100.0, rotation=90.0))
    x, y, width, height = box_of_colour(widget_pixels(overview)[1:-1, 1:-1], (0, 0, 0), tolerance=60)
    assert (width, height) == pytest.approx((12.5, 50), abs=3)
    assert (x + width / 2, y + height / 2) == pytest.approx((99, 49), abs=2)
    overview.set_view(ViewTransform(2000.0, 1000.0, 0.4, 400.0, 100.0, rotation=30.0))
    pixels = widget_pixels(overview)[1:-1, 1:-1]
    dark = np.abs(pixels.astype(int)).max(axis=2) < 90
    rows, columns = np.nonzero(dark)
    right = rows[columns > np.percentile(columns, 90)].mean()
    left = rows[columns < np.percentile(columns, 10)].mean()
    assert right < left - 10  # the slide was turned clockwise; what is seen of it rises to the right


def test_it_stays_while_a_turned_view_cuts_a_corner_of_the_slide(overview: Overview) -> None:
    overview.set_view(WHOLE.turned_to(45))
    assert overview.isVisible()
