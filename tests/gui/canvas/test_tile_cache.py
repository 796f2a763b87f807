from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas import tile_cache
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey
from histoviewer.slides.geometry import Box, Region
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.qt import image_pixels


@pytest.fixture
def tiles(qtbot: QtBot) -> Iterator[TileCache]:
    del qtbot  # the application it starts is needed
    cache = TileCache(threads=1)
    yield cache
    cache.close()


def a_picture(width: int = 1500, height: int = 1000) -> NDArray[np.uint8]:
    """Red grows to the right, green downward, so each place has its own colour."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 40)], axis=-1).astype(np.uint8)


def settle(qtbot: QtBot, cache: TileCache, keys: list[TileKey]) -> None:
    cache.want(keys)
    qtbot.waitUntil(lambda: cache.is_settled(keys))


def test_a_tile_holds_the_pixels_of_its_box(qtbot: QtBot, tiles: TileCache) -> None:
    picture = a_picture()
    tiles.set_slide(NumpySlide(picture))
    corner = TileKey(0, 5, 3)
    settle(qtbot, tiles, [corner])
    image = tiles.tile(corner)
    assert image is not None
    assert np.array_equal(image_pixels(image), picture[768:1000, 1280:1500])


def test_a_coarse_tile_is_the_reduced_box(qtbot: QtBot, tiles: TileCache) -> None:
    tiles.set_slide(NumpySlide(a_picture()))
    key = TileKey(2, 1, 0)
    settle(qtbot, tiles, [key])
    image = tiles.tile(key)
    assert image is not None
    assert (image.width(), image.height()) == ((1500 - 1024) // 4, 1000 // 4)
    red, green, _ = image_pixels(image)[100, 50].tolist()
    assert red == pytest.approx((1024 + 50 * 4) * 255 / 1500, abs=2)
    assert green == pytest.approx(100 * 4 * 255 / 1000, abs=2)


def test_without_coarse_levels_a_slide_is_read_in_pieces(
    qtbot: QtBot, tiles: TileCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_cache, "PIXELS_AT_ONCE", 100_000)
    slide = NumpySlide(a_picture())
    tiles.set_slide(slide)
    key = TileKey(2, 0, 0)
    settle(qtbot, tiles, [key])
    image = tiles.tile(key)
    assert image is not None
    assert max(region.size.width * region.size.height for region in slide.reads) <= 110_000
    whole = slide.read_box(tiles.grid.box(key), tiles.grid.size(key)) if tiles.grid else None
    assert whole is not None
    assert np.abs(image_pixels(image).astype(int) - whole).max() <= 3


def test_the_last_wish_is_read_first_and_what_went_off_screen_never(qtbot: QtBot, tiles: TileCache) -> None:
    slide = NumpySlide(a_picture(4000, 3000))
    tiles.set_slide(slide)
    assert tiles.grid is not None
    settle(qtbot, tiles, tiles.grid.keys(tiles.grid.bounds, tiles.grid.coarsest))
    slide.reads.clear()
    slide.gate.clear()
    early = [TileKey(0, column, 0) for column in range(10)]
    tiles.want(early)
    qtbot.waitUntil(lambda: bool(slide.reads))
    late = [TileKey(0, column, 9) for column in range(3)]
    tiles.want(late)
    slide.gate.set()
    qtbot.waitUntil(lambda: tiles.is_settled(late))
    being_read, *then = [(region.x, region.y) for region in slide.reads]
    assert being_read == (0, 0)
    assert then == [(0, 2304), (256, 2304), (512, 2304)]


def test_the_coarsest_tiles_come_along_unasked(qtbot: QtBot, tiles: TileCache) -> None:
    tiles.set_slide(NumpySlide(a_picture()))
    tiles.want([TileKey(0, 0, 0)])
    assert tiles.grid is not None
    whole = tiles.grid.keys(tiles.grid.bounds, tiles.grid.coarsest)
    qtbot.waitUntil(lambda: tiles.is_settled(whole))
    assert all(tiles.tile(key) is not None for key in whole)


def test_an_unreadable_tile_is_remembered_and_told_once_a_slide(qtbot: QtBot, tiles: TileCache) -> None:
    told: list[str] = []
    tiles.tile_failed.connect(told.append)
    slide = NumpySlide(a_picture(600, 600), broken=[Box(0, 0, 512, 256)])
    tiles.set_slide(slide)
    keys = [TileKey(0, 0, 0), TileKey(0, 1, 0), TileKey(0, 1, 1)]
    settle(qtbot, tiles, keys)
    assert [tiles.has_failed(key) for key in keys] == [True, True, False]
    reads = len(slide.reads)
    settle(qtbot, tiles, [*keys, TileKey(0, 2, 2)])
    assert len(slide.reads) == reads + 1
    assert len(told) == 1
    assert told[0].startswith("broken at")

    tiles.set_slide(slide)
    settle(qtbot, tiles, keys)
    assert len(told) == 2


def test_a_defect_of_a_reader_is_raised_once_and_stops_nothing(qtbot: QtBot, tiles: TileCache) -> None:
    class Defect(NumpySlide):
        def read_region(self, region: Region) -> NDArray[np.uint8]:
            if (region.x, region.y) == (256, 0):
                raise ZeroDivisionError("a defect")
            return super().read_region(region)

    tiles.set_slide(Defect(a_picture()))
    keys = [TileKey(0, 1, 0), TileKey(0, 2, 2)]
    with qtbot.captureExceptions() as raised:
        settle(qtbot, tiles, keys)
        settle(qtbot, tiles, [*keys, TileKey(0, 3, 3)])
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert tiles.has_failed(keys[0])


def test_another_slide_forgets_the_first_and_drops_what_it_was_reading(
    qtbot: QtBot, tiles: TileCache
) -> None:
    first = NumpySlide(np.full((300, 300, 3), 10, np.uint8))
    first.gate.clear()
    tiles.set_slide(first)
    key = TileKey(0, 0, 0)
    tiles.want([key])
    qtbot.waitUntil(lambda: bool(first.reads))
    tiles.set_slide(NumpySlide(np.full((300, 300, 3), 200, np.uint8)))
    tiles.want([key])
    first.gate.set()
    qtbot.waitUntil(lambda: tiles.is_settled([key]))
    image = tiles.tile(key)
    assert image is not None
    assert (image_pixels(image) == 200).all()
    assert len(first.reads) == 1


def test_memory_stays_within_the_capacity_but_what_is_wanted_stays(qtbot: QtBot) -> None:
    cache = TileCache(capacity=6 * 256 * 256 * 4, threads=1)
    cache.set_slide(NumpySlide(a_picture(4096, 1024)))
    first = [TileKey(0, column, 0) for column in range(3)]
    settle(qtbot, cache, first)
    wanted = [TileKey(0, column, 1) for column in range(5)]
    settle(qtbot, cache, wanted)
    assert all(cache.tile(key) is not None for key in wanted)
    assert cache.byte_count <= 6 * 256 * 256 * 4
    assert not any(cache.tile(key) for key in first)
    screen = [TileKey(0, column, 2) for column in range(12)]
    settle(qtbot, cache, screen)
    assert all(cache.tile(key) is not None for key in screen)
    cache.close()


def test_results_reach_the_gui_thread(qtbot: QtBot, tiles: TileCache) -> None:
    threads: list[threading.Thread] = []
    tiles.tile_changed.connect(lambda _: threads.append(threading.current_thread()))
    tiles.set_slide(NumpySlide(a_picture()))
    settle(qtbot, tiles, [TileKey(0, 0, 0)])
    assert set(threads) == {threading.main_thread()}


def test_finish_reads_waits_for_the_slide_that_was_replaced(qtbot: QtBot, tiles: TileCache) -> None:
    slide = NumpySlide(a_picture())
    slide.gate.clear()
    tiles.set_slide(slide)
    tiles.want([])
    qtbot.waitUntil(lambda: bool(slide.reads))
    tiles.set_slide(None)
    opener = threading.Timer(0.05, slide.gate.set)
    opener.start()
    tiles.finish_reads()
    assert slide.gate.is_set()
    reads = len(slide.reads)
    opener.join()
    assert len(slide.reads) == reads == 1


def test_after_close_nothing_is_read(qtbot: QtBot) -> None:
    cache = TileCache(threads=2)
    slide = NumpySlide(a_picture())
    cache.set_slide(slide)
    settle(qtbot, cache, [TileKey(0, 0, 0)])
    cache.close()
    reads = len(slide.reads)
    cache.want([TileKey(0, 1, 1)])
    assert len(slide.reads) == reads
    assert not any(thread.name.startswith("tiles") for thread in threading.enumerate())
