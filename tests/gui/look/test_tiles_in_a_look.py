"""Tiles of the canvas while the look changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey
from histoviewer.gui.look.look import Look
from histoviewer.gui.look.rendering import Rendering
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.pictures import textured
from tests.helpers.qt import image_pixels

PICTURE = textured(1500, 1000)
BRIGHT, STAIN = Rendering(Look(brightness=40), None), Rendering(Look("haematoxylin"), None)
SEEN = [TileKey(0, 0, 0), TileKey(0, 1, 0)]
BESIDE = TileKey(0, 5, 3)


@pytest.fixture
def slide() -> NumpySlide:
    return NumpySlide(PICTURE)


@pytest.fixture
def tiles(qtbot: QtBot, slide: NumpySlide) -> Iterator[TileCache]:
    """Two tiles in view, and one that was in view before."""
    cache = TileCache(threads=2)
    cache.set_slide(slide)
    for keys in ([BESIDE], SEEN):
        cache.want(keys)
        qtbot.waitUntil(lambda keys=keys: cache.is_settled(keys))
    qtbot.waitUntil(
        lambda: cache.grid is not None and cache.is_settled(cache.grid.keys(cache.grid.bounds, 2))
    )
    yield cache
    cache.close()


def pixels(image: QImage | None) -> NDArray[np.uint8]:
    assert image is not None
    return image_pixels(image)


def stored(key: TileKey) -> NDArray[np.uint8]:
    left, top = 256 * key.column, 256 * key.row
    return PICTURE[top : top + 256, left : left + 256]


def test_tiles_are_made_anew_of_what_was_read(qtbot: QtBot, tiles: TileCache, slide: NumpySlide) -> None:
    slide.reads.clear()
    for rendering in (BRIGHT, STAIN):
        tiles.set_rendering(rendering)
        assert not tiles.is_settled(SEEN)
        qtbot.waitUntil(lambda: tiles.is_settled(SEEN))
        for key in SEEN:
            assert np.array_equal(pixels(tiles.tile(key)), rendering(stored(key)))
    tiles.set_rendering(None)
    assert tiles.is_settled(SEEN)
    assert np.array_equal(pixels(tiles.tile(SEEN[0])), stored(SEEN[0]))
    assert not slide.reads


def test_until_then_what_is_in_view_stays_and_what_is_not_is_not_shown(
    qtbot: QtBot, tiles: TileCache, slide: NumpySlide
) -> None:
    tiles.set_rendering(BRIGHT)
    assert np.array_equal(pixels(tiles.tile(SEEN[0])), stored(SEEN[0]))
    assert tiles.tile(BESIDE) is None
    slide.reads.clear()
    tiles.want([BESIDE])
    qtbot.waitUntil(lambda: tiles.is_settled([BESIDE]))
    assert np.array_equal(pixels(tiles.tile(BESIDE)), BRIGHT(stored(BESIDE)))
    assert not slide.reads


def test_a_tile_that_is_read_comes_in_the_look_of_now(
    qtbot: QtBot, tiles: TileCache, slide: NumpySlide
) -> None:
    slide.gate.clear()
    slide.reads.clear()
    new = TileKey(0, 3, 2)
    tiles.set_rendering(BRIGHT)
    tiles.want([new])
    qtbot.waitUntil(lambda: bool(slide.reads))
    tiles.set_rendering(STAIN)
    slide.gate.set()
    qtbot.waitUntil(lambda: tiles.is_settled([new]))
    assert np.array_equal(pixels(tiles.tile(new)), STAIN(stored(new)))
    assert len(slide.reads) == 1


def test_going_back_at_once_leaves_nothing_of_the_look(qtbot: QtBot, tiles: TileCache) -> None:
    for _ in range(5):
        tiles.set_rendering(STAIN)
        tiles.set_rendering(None)
    with qtbot.waitSignal(tiles.tile_changed):
        tiles.want([*SEEN, TileKey(0, 4, 0)])
    qtbot.waitUntil(lambda: not tiles._readings)
    assert all(np.array_equal(pixels(tiles.tile(key)), stored(key)) for key in SEEN)


def test_memory_counts_both_and_only_once_what_is_the_same(qtbot: QtBot, tiles: TileCache) -> None:
    plain = tiles.byte_count
    tiles.set_rendering(STAIN)
    tiles.want([BESIDE, *SEEN])
    qtbot.waitUntil(lambda: tiles.is_settled([BESIDE, *SEEN]))
    assert tiles.byte_count == 2 * plain
    tiles.set_rendering(None)
    assert tiles.byte_count == plain


def test_both_stay_within_the_capacity(qtbot: QtBot, slide: NumpySlide) -> None:
    room = 12 * 256 * 256 * 4
    cache = TileCache(capacity=room, threads=1)
    cache.set_slide(slide)
    cache.set_rendering(STAIN)
    for column in range(5):
        keys = [TileKey(0, column, 0)]
        cache.want(keys)
        qtbot.waitUntil(lambda keys=keys: cache.is_settled(keys))
    assert cache.byte_count <= room
    assert cache.tile(TileKey(0, 0, 0)) is None
    cache.close()
