from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.arriving_tiles import ArrivingTiles
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey
from tests.helpers.numpy_slide import NumpySlide

KEYS = [TileKey(0, column, 0) for column in range(4)]
PLACES = [QRect(100 * column, 0, 100, 50) for column in range(4)]


@pytest.fixture
def tiles(qtbot: QtBot) -> Iterator[TileCache]:
    del qtbot
    cache = TileCache(threads=2)
    cache.set_slide(NumpySlide(np.zeros((200, 1000, 3), np.uint8)))
    yield cache
    cache.close()


def test_tiles_that_come_one_after_the_other_are_handed_on_together(qtbot: QtBot, tiles: TileCache) -> None:
    arriving = ArrivingTiles(tiles, tiles)
    with qtbot.waitSignal(arriving.ready) as ready:
        arriving.add(KEYS[0], PLACES[0])
        arriving.add(KEYS[2], PLACES[2])
    assert ready.args == [QRegion(PLACES[0]) + QRegion(PLACES[2])]


def test_the_last_one_that_is_expected_does_not_wait(qtbot: QtBot, tiles: TileCache) -> None:
    arriving = ArrivingTiles(tiles, tiles)
    handed_on: list[QRegion] = []
    arriving.ready.connect(handed_on.append)
    arriving.expect(KEYS[:2])
    tiles.want(KEYS[:2])
    qtbot.waitUntil(lambda: tiles.is_settled(KEYS[:2]))
    arriving.add(KEYS[0], PLACES[0])
    assert handed_on == []
    arriving.add(KEYS[1], PLACES[1])
    assert handed_on == [QRegion(PLACES[0]) + QRegion(PLACES[1])]
    arriving.add(KEYS[3], PLACES[3])
    assert len(handed_on) == 1  # nothing is expected: it waits for its neighbours
