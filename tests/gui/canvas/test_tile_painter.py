from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey
from histoviewer.gui.canvas.tile_painter import TilePainter, device_rect, paint_outline, wanted_tiles
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.colours import LIGHT
from histoviewer.slides.geometry import Box
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.qt import box_of_colour, image_pixels

RED, BLUE, BARE = (220, 30, 40), (20, 60, 210), (0, 255, 0)


@pytest.fixture
def tiles(qtbot: QtBot) -> Iterator[TileCache]:
    del qtbot
    cache = TileCache(threads=2)
    yield cache
    cache.close()


def painted(tiles: TileCache, view: ViewTransform) -> NDArray[np.uint8]:
    """What the tiles that are there show in a view; ``BARE`` where nothing was painted."""
    image = QImage(round(view.width), round(view.height), QImage.Format.Format_RGB32)
    image.fill(QColor(*BARE))
    painter = QPainter(image)
    assert tiles.grid is not None
    TilePainter(tiles, tiles.grid, LIGHT).paint(painter, view, view.visible, is_smooth=True)
    painter.end()
    return image_pixels(image)


def load(qtbot: QtBot, tiles: TileCache, keys: list[TileKey]) -> None:
    tiles.want(keys)
    qtbot.waitUntil(lambda: tiles.is_settled(keys))


def with_a_box(width: int, height: int, box: Box) -> NDArray[np.uint8]:
    """White with a red box."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    x, y = int(box.x), int(box.y)
    pixels[y : y + int(box.height), x : x + int(box.width)] = RED
    return pixels


@pytest.mark.parametrize("scale", [0.11, 0.25, 0.3, 0.5, 0.77, 1.0, 1.7, 4.0])
def test_what_is_painted_lies_where_the_transform_says(qtbot: QtBot, tiles: TileCache, scale: float) -> None:
    box = Box(700, 300, 400, 160)
    tiles.set_slide(NumpySlide(with_a_box(1700, 1100, box)))
    view = ViewTransform(880.0, 390.0, scale, 1000, 600).on_device(1.0)
    load(qtbot, tiles, wanted_tiles(tiles.grid, view) if tiles.grid else [])
    x, y, width, height = box_of_colour(painted(tiles, view), RED, tolerance=110)
    seen = device_rect(view, box).intersected(device_rect(view, view.visible))
    assert (x, y) == pytest.approx((seen.x(), seen.y()), abs=1)
    assert (x + width, y + height) == pytest.approx((seen.right() + 1, seen.bottom() + 1), abs=1)


@pytest.mark.parametrize("scale", [0.09, 0.13, 0.5, 0.61, 0.93, 1.0, 1.3, 7.7])
def test_no_seams_between_tiles(qtbot: QtBot, tiles: TileCache, scale: float) -> None:
    tiles.set_slide(NumpySlide(np.full((1500, 2100, 3), RED, np.uint8)))
    view = ViewTransform(1024.3, 770.1, scale, 300, 200).on_device(1.0)
    load(qtbot, tiles, wanted_tiles(tiles.grid, view) if tiles.grid else [])
    pixels = painted(tiles, view)
    slide = device_rect(view, Box(0, 0, 2100, 1500)).intersected(device_rect(view, view.visible))
    inside = pixels[slide.top() : slide.bottom() + 1, slide.left() : slide.right() + 1]
    assert (inside == RED).all()


def test_a_smooth_picture_stays_smooth_where_enlarged_tiles_meet(qtbot: QtBot, tiles: TileCache) -> None:
    grey = np.clip((np.arange(600) - 220) * 3, 0, 255)
    ramp = np.broadcast_to(grey[None, :, None], (300, 600, 3)).astype(np.uint8)
    tiles.set_slide(NumpySlide(ramp))
    view = ViewTransform(256.0, 128.0, 12.0, 120, 20).on_device(1.0)
    load(qtbot, tiles, wanted_tiles(tiles.grid, view) if tiles.grid else [])
    row = painted(tiles, view)[10, :, 0].astype(int)
    assert np.ptp(row) > 25
    assert np.diff(row).max() <= 1  # a tile blended by itself would end in a step of 3


def test_a_coarser_tile_stands_in(qtbot: QtBot, tiles: TileCache) -> None:
    box = Box(800, 200, 100, 50)
    tiles.set_slide(NumpySlide(with_a_box(2000, 1000, box)))
    load(qtbot, tiles, [])
    assert tiles.grid is not None
    load(qtbot, tiles, tiles.grid.keys(tiles.grid.bounds, tiles.grid.coarsest))
    view = ViewTransform(850.0, 225.0, 1.0, 300, 200).on_device(1.0)
    x, y, width, height = box_of_colour(painted(tiles, view), RED, tolerance=60)
    assert (x, y, width, height) == pytest.approx((100, 75, 100, 50), abs=6)


def test_finer_tiles_stand_in_over_coarser_ones(qtbot: QtBot, tiles: TileCache) -> None:
    pixels = np.full((2000, 2000, 3), BLUE, np.uint8)
    slide = NumpySlide(pixels)
    tiles.set_slide(slide)
    assert tiles.grid is not None
    load(qtbot, tiles, tiles.grid.keys(tiles.grid.bounds, tiles.grid.coarsest))
    pixels[:] = RED
    load(qtbot, tiles, [TileKey(0, 2, 1)])
    view = ViewTransform(512.0, 512.0, 0.5, 512, 512).on_device(1.0)
    place = box_of_colour(painted(tiles, view), RED, tolerance=3)
    assert place == (256, 128, 128, 128)


def test_an_unreadable_tile_is_hatched_grey(qtbot: QtBot, tiles: TileCache) -> None:
    slide = NumpySlide(np.full((256, 512, 3), RED, np.uint8), broken=[Box(0, 0, 256, 256)])
    tiles.set_slide(slide)
    view = ViewTransform(256.0, 128.0, 1.0, 512, 256).on_device(1.0)
    load(qtbot, tiles, [TileKey(0, 0, 0), TileKey(0, 1, 0)])
    pixels = painted(tiles, view)
    assert (pixels[:, 256:] == RED).all()
    colours = {tuple(colour) for colour in pixels[:, :256].reshape(-1, 3).tolist()}
    assert colours == {LIGHT.failed.getRgb()[:3], LIGHT.hatch.getRgb()[:3]}


def test_nothing_is_painted_where_nothing_is_known(qtbot: QtBot, tiles: TileCache) -> None:
    del qtbot
    slide = NumpySlide(np.full((256, 512, 3), RED, np.uint8))
    slide.gate.clear()
    tiles.set_slide(slide)
    view = ViewTransform(256.0, 128.0, 1.0, 512, 256).on_device(1.0)
    assert (painted(tiles, view) == BARE).all()
    slide.gate.set()


def test_neighbouring_boxes_share_an_edge() -> None:
    view = ViewTransform(317.0, 0.0, 0.5, 401, 100)
    rects = [device_rect(view, Box(25.0 * i, 0.0, 25.0, 25.0)) for i in range(20)]
    assert all(a.right() + 1 == b.left() for a, b in itertools.pairwise(rects))


@pytest.mark.parametrize(("edge", "expected"), [(40.0, 40), (0.5, 6)])
def test_an_outline_lies_around_its_box_and_never_vanishes(qtbot: QtBot, edge: float, expected: int) -> None:
    del qtbot
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(QColor(*RED))
    painter = QPainter(image)
    paint_outline(painter, ViewTransform(0, 0, 1.0, 100, 100), Box(-20, -20, edge, edge), width=1.0)
    painter.end()
    pixels = image_pixels(image)
    x, y, width, height = box_of_colour(pixels, (255, 255, 255))
    assert width == height >= expected
    inside = pixels[y + 2 : y + height - 2, x + 2 : x + width - 2]
    assert (inside == RED).all()


def test_wanted_tiles_begin_with_the_visible_ones(qtbot: QtBot, tiles: TileCache) -> None:
    del qtbot
    tiles.set_slide(NumpySlide(np.zeros((4000, 4000, 3), np.uint8)))
    assert tiles.grid is not None
    view = ViewTransform(2000.0, 2000.0, 1.0, 600, 500)
    wanted, seen = wanted_tiles(tiles.grid, view), tiles.grid.keys(view.visible, 0)
    coarser = tiles.grid.keys(view.visible, 1)
    assert wanted[: len(seen) + len(coarser)] == seen + coarser
    assert len(wanted) == len(set(wanted)) > len(seen)
