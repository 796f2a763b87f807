from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_picture import SlidePicture, sheet_view
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_painter import device_rect, wanted_tiles
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.colours import DARK, LIGHT, Neutrals
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.qt import image_pixels

RNG = np.random.default_rng(7)


@pytest.fixture
def tiles(qtbot: QtBot) -> Iterator[TileCache]:
    del qtbot
    cache = TileCache(threads=2)
    cache.set_slide(
        NumpySlide(np.kron(RNG.integers(0, 255, (60, 90, 3)), np.ones((20, 20, 1))).astype(np.uint8))
    )
    yield cache
    cache.close()


@pytest.fixture
def layer(tiles: TileCache) -> HeatmapLayer:
    layer = HeatmapLayer(tiles)
    layer.set_raster(RNG.integers(0, 255, (40, 60, 4), np.uint8), x=7.0, y=3.0, cell=30.0)
    return layer


def load(qtbot: QtBot, tiles: TileCache, view: ViewTransform) -> None:
    assert tiles.grid is not None
    keys = wanted_tiles(tiles.grid, view)
    tiles.want(keys)
    qtbot.waitUntil(lambda: tiles.is_settled(keys))


def show(
    picture: SlidePicture, view: ViewTransform, colours: Neutrals = LIGHT, *, is_hasty: bool = False
) -> NDArray[np.uint8]:
    image = QImage(round(view.width), round(view.height), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    picture.paint(painter, view, colours, is_hasty=is_hasty)
    painter.end()
    return image_pixels(image)


def fresh(tiles: TileCache, layer: HeatmapLayer | None, view: ViewTransform) -> NDArray[np.uint8]:
    picture = SlidePicture(tiles)
    picture.overlay = layer
    return show(picture, view)


@pytest.mark.parametrize("scale", [0.4, 1.0, 3.3])
@pytest.mark.parametrize("steps", [[(13, -7)], [(0, 9)], [(-11, 0), (-40, 25), (3, 3)], [(500, 0)]])
def test_a_panned_picture_is_the_picture_painted_anew(
    qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer, scale: float, steps: list[tuple[int, int]]
) -> None:
    view = ViewTransform(900.0, 600.0, scale, 300, 200)
    picture = SlidePicture(tiles)
    picture.overlay = layer
    load(qtbot, tiles, view)
    show(picture, view.on_device(1.0))
    for step in steps:
        view = view.panned(*step)
        load(qtbot, tiles, view)
        picture.invalidate_box(tiles.grid.box(tiles.grid.keys(view.visible, 0)[0])) if tiles.grid else None
        moved = show(picture, view.on_device(1.0))
    difference = np.abs(moved.astype(int) - fresh(tiles, layer, view.on_device(1.0)))
    assert difference.max() <= (0 if scale <= 1 else 2)  # a strip is enlarged with rounding of its own


@pytest.mark.parametrize("rotation", [0.0, 90.0, 180.0, 33.0])
def test_a_view_of_broken_pixels_is_painted_to_its_edges(
    qtbot: QtBot, tiles: TileCache, rotation: float
) -> None:
    """303 x 203 of a screen scaled by 1.5 are 454.5 x 304.5 of its own pixels."""
    view = ViewTransform(900.0, 600.0, 1.0, 303, 203, rotation).on_device(1.5)
    load(qtbot, tiles, view)
    image = QImage(455, 305, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 255, 0))
    painter = QPainter(image)
    SlidePicture(tiles).paint(painter, view, LIGHT)
    painter.end()
    assert not (image_pixels(image) == (0, 255, 0)).all(axis=2).any()


def test_a_zoomed_picture_is_painted_anew(qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer) -> None:
    picture = SlidePicture(tiles)
    picture.overlay = layer
    view = ViewTransform(900.0, 600.0, 0.4, 300, 200)
    for factor in (1.0, 1.3):
        view = view.zoomed_at(10.0, 10.0, factor)
        load(qtbot, tiles, view)
        shown = show(picture, view.on_device(1.0))
    assert np.array_equal(shown, fresh(tiles, layer, view.on_device(1.0)))


def test_a_tile_that_comes_is_painted_at_its_place(qtbot: QtBot, tiles: TileCache) -> None:
    view = ViewTransform(900.0, 600.0, 1.0, 300, 200).on_device(1.0)
    picture = SlidePicture(tiles)
    before = show(picture, view)
    assert (before == LIGHT.surround.getRgb()[:3]).all()
    load(qtbot, tiles, view)
    assert np.array_equal(show(picture, view), before)
    assert tiles.grid is not None
    for key in tiles.grid.keys(view.visible, 0):
        picture.invalidate_box(tiles.grid.box(key))
    assert np.array_equal(show(picture, view), fresh(tiles, None, view))


def test_a_tile_that_comes_while_the_view_is_panned_is_painted_where_it_lies_now(
    qtbot: QtBot, tiles: TileCache
) -> None:
    view = ViewTransform(900.0, 600.0, 1.0, 300, 200).on_device(1.0)
    picture = SlidePicture(tiles)
    show(picture, view)
    load(qtbot, tiles, view)
    assert tiles.grid is not None
    key = tiles.grid.keys(view.visible, 0)[0]
    picture.invalidate_box(tiles.grid.box(key))
    moved = view.panned(40.0, 30.0)
    shown, place = show(picture, moved), device_rect(moved, tiles.grid.box(key))
    part = np.s_[max(0, place.top()) : place.bottom() + 1, max(0, place.left()) : place.right() + 1]
    assert np.array_equal(shown[part], fresh(tiles, None, moved)[part])


def test_invalidate_takes_up_a_new_overlay_and_theme(
    qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer
) -> None:
    view = ViewTransform(0.0, 600.0, 1.0, 300, 200).on_device(1.0)
    load(qtbot, tiles, view)
    picture = SlidePicture(tiles)
    plain = show(picture, view)
    picture.overlay = layer
    picture.invalidate()
    assert not np.array_equal(show(picture, view)[:, 150:], plain[:, 150:])
    picture.invalidate()
    assert show(picture, view, DARK)[100, 5].tolist() == list(DARK.surround.getRgb()[:3])


@pytest.mark.parametrize("rotation", [0.0, 33.0])
def test_under_an_overlay_that_changes_the_picture_is_as_painted_anew(
    qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer, rotation: float
) -> None:
    view = ViewTransform(900.0, 600.0, 0.4, 300, 200, rotation)
    picture = SlidePicture(tiles)
    picture.overlay = layer
    load(qtbot, tiles, view)
    show(picture, view)
    for opacity, (dx, dy), is_tile_new in [
        (0.9, (0, 0), False),
        (0.2, (0, 0), False),
        (0.6, (13, -7), False),
        (0.5, (0, 0), True),
        (0.4, (0, 0), False),
    ]:
        layer.set_opacity(opacity)
        picture.invalidate_overlay()
        view = view.panned(dx, dy)
        load(qtbot, tiles, view)
        if is_tile_new and tiles.grid is not None:
            picture.invalidate_box(tiles.grid.box(tiles.grid.keys(view.visible, 0)[0]))
        assert np.array_equal(show(picture, view), fresh(tiles, layer, view))


def test_a_turned_view_shows_the_slide_turned_clockwise(qtbot: QtBot, tiles: TileCache) -> None:
    upright = ViewTransform(900.0, 600.0, 1.0, 200, 200).on_device(1.0)
    load(qtbot, tiles, upright)
    turned = ViewTransform(900.0, 600.0, 1.0, 200, 200, rotation=90.0).on_device(1.0)
    expected = np.rot90(fresh(tiles, None, upright), k=-1)
    shown = fresh(tiles, None, turned)
    same = (np.abs(shown.astype(int) - expected).max(axis=2) <= 2).mean()
    assert same > 0.85  # all but the blended edges of the 20 px squares


@pytest.mark.parametrize("size", [(200, 200), (300, 200), (201, 299)])
def test_a_quarter_turn_moves_each_pixel_to_its_place(
    qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer, size: tuple[int, int]
) -> None:
    width, height = size
    turned = ViewTransform(900.0, 600.0, 0.7, width, height, rotation=90.0).on_device(1.0)
    upright = sheet_view(turned)
    load(qtbot, tiles, upright)
    expected = np.rot90(fresh(tiles, layer, upright), k=-1)
    cut = [(slice((a - b) // 2, (a + b) // 2)) for a, b in zip(expected.shape, (height, width), strict=False)]
    assert np.array_equal(fresh(tiles, layer, turned), expected[tuple(cut)])


def test_a_turned_view_that_is_panned_or_turned_further_is_the_picture_painted_anew(
    qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer
) -> None:
    view = ViewTransform(900.0, 600.0, 0.6, 300, 200, rotation=30.0)
    load(qtbot, tiles, sheet_view(view))
    picture = SlidePicture(tiles)
    picture.overlay = layer
    show(picture, view.on_device(1.0))
    for later in (view.panned(13.0, -7.0), view.panned(-47.0, 13.0), view.turned_to(77.0)):
        load(qtbot, tiles, sheet_view(later))
        assert tiles.grid is not None
        picture.invalidate_box(tiles.grid.box(tiles.grid.keys(later.visible, 0)[0]))
        moved = later.on_device(1.0)
        assert np.array_equal(show(picture, moved), fresh(tiles, layer, moved))


@pytest.mark.parametrize("rotation", [0.0, 90.0])
def test_a_hasty_picture_of_a_large_view_lies_on_the_fine_one_which_comes_back(
    qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer, rotation: float
) -> None:
    view = ViewTransform(900.0, 600.0, 0.9, 1300, 1106, rotation).on_device(1.0)
    load(qtbot, tiles, view)
    picture = SlidePicture(tiles)
    picture.overlay = layer
    fine = show(picture, view)
    hasty = show(picture, view, is_hasty=True)
    assert max((hasty[:, i:-1:2] == hasty[:, i + 1 :: 2]).mean() for i in (0, 1)) > 0.999  # pairs of pixels
    shifts = {
        (dx, dy): np.abs(np.roll(hasty, (dy, dx), (0, 1)).astype(int) - fine).mean()
        for dx in (-2, 0, 2)
        for dy in (-2, 0, 2)
    }
    assert min(shifts, key=lambda shift: shifts[shift]) == (0, 0)
    np.testing.assert_array_equal(show(picture, view), fine)


def test_a_small_view_is_always_fine(qtbot: QtBot, tiles: TileCache, layer: HeatmapLayer) -> None:
    view = ViewTransform(900.0, 600.0, 0.9, 500, 400).on_device(1.0)
    load(qtbot, tiles, view)
    picture = SlidePicture(tiles)
    picture.overlay = layer
    np.testing.assert_array_equal(show(picture, view, is_hasty=True), fresh(tiles, layer, view))
