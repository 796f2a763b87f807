from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, QThread
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.thumbnail_cache import BoundedCache, ThumbnailCache
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.patch import Block, BlockPixels
from tests.helpers.array_source import ArraySource

BYTES = 4 * 50 * 50
"""Of one patch of 50 pixels as it is kept."""


class Listener(QObject):
    """Collects what was loaded, and in which thread it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: set[int] = set()
        self.threads: set[QThread] = set()

    def take(self, rows: np.ndarray) -> None:
        self.rows.update(rows.tolist())
        self.threads.add(QThread.currentThread())


class GatedSource(ArraySource):
    """Waits inside each read until ``gate`` is open, and remembers what was read."""

    def __init__(self, count: int, *, block_size: int = 4) -> None:
        super().__init__(count, block_size=block_size)
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.groups: list[list[int]] = []

    def read(self, block: Block) -> BlockPixels:
        self.groups.append(block.patches.tolist())
        self.entered.set()
        assert self.gate.wait(10)
        return super().read(block)

    @property
    def rows_read(self) -> list[int]:
        return [row for group in self.groups for row in group]


@pytest.fixture
def cache(qtbot: QtBot) -> Iterator[ThumbnailCache]:
    with qtbot.captureExceptions():
        cache = ThumbnailCache()
    yield cache
    cache.close()


def listen(cache: ThumbnailCache) -> Listener:
    listener = Listener()
    cache.loaded.connect(listener.take)
    return listener


def test_pictures_of_a_folder_arrive_upright_and_in_their_colours(
    cache: ThumbnailCache, qtbot: QtBot, tmp_path: Path
) -> None:
    pixels = np.full((50, 50, 3), 255, np.uint8)
    pixels[5:15, 20:45] = (200, 30, 10)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    listener = listen(cache)
    cache.set_source(FolderSource(tmp_path, input_size=50, model_mpp=4.0))
    cache.request([0])
    qtbot.waitUntil(lambda: 0 in listener.rows)
    pixmap = cache.pixmap(0, 50)
    assert pixmap is not None
    image = pixmap.toImage()
    assert image.pixelColor(40, 10) == QColor(200, 30, 10)
    assert image.pixelColor(10, 40) == QColor(255, 255, 255)


def test_a_picture_is_scaled_to_device_pixels(cache: ThumbnailCache, qtbot: QtBot) -> None:
    listener = listen(cache)
    cache.set_source(ArraySource(1))
    cache.request([0])
    qtbot.waitUntil(lambda: 0 in listener.rows)
    pixmap = cache.pixmap(0, 64, 1.5)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (96, 1.5)
    smaller = cache.pixmap(0, 32)
    assert smaller is not None
    assert smaller.width() == 32


def test_news_reaches_the_gui_thread(cache: ThumbnailCache, qtbot: QtBot) -> None:
    listener = listen(cache)
    cache.set_source(ArraySource(3))
    cache.request(range(3))
    qtbot.waitUntil(lambda: listener.rows == {0, 1, 2})
    assert listener.threads == {QThread.currentThread()}


def test_an_unreadable_file_is_a_reason_and_the_others_still_come(
    cache: ThumbnailCache, qtbot: QtBot, tmp_path: Path
) -> None:
    Image.new("RGB", (50, 50), "red").save(tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    source = FolderSource(tmp_path, input_size=50, model_mpp=4.0)
    bad, good = source.columns.files.index("bad.png"), source.columns.files.index("good.png")
    listener = listen(cache)
    cache.set_source(source)
    cache.request([bad, good])
    qtbot.waitUntil(lambda: listener.rows == {0, 1})
    assert cache.pixmap(bad, 50) is None
    assert "damaged" in (cache.failure(bad) or "")
    assert cache.pixmap(good, 50) is not None
    assert cache.failure(good) is None


def test_a_source_that_gives_up_is_a_reason_for_each_of_its_patches(
    cache: ThumbnailCache, qtbot: QtBot
) -> None:
    listener = listen(cache)
    # The cache's own blocks have no number of the source's.
    cache.set_source(ArraySource(2, undecodable=frozenset({-1})))
    cache.request([0, 1])
    qtbot.waitUntil(lambda: listener.rows == {0, 1})
    assert "cannot be decoded" in (cache.failure(0) or "")
    assert cache.failure(1) == cache.failure(0)


def test_the_newest_request_is_read_next_and_older_ones_never(cache: ThumbnailCache, qtbot: QtBot) -> None:
    source = GatedSource(1000)
    listener = listen(cache)
    cache.set_source(source)
    cache.request(range(100))
    assert source.entered.wait(10)
    cache.request(range(500, 520))
    source.gate.set()
    qtbot.waitUntil(lambda: 519 in listener.rows)
    first = source.groups[0]
    assert source.rows_read == [*first, *range(500, 520)]
    assert len(first) < 100


def test_what_is_being_read_is_not_read_again(cache: ThumbnailCache, qtbot: QtBot) -> None:
    source = GatedSource(10)
    listener = listen(cache)
    cache.set_source(source)
    cache.request(range(10))
    assert source.entered.wait(10)
    cache.request(range(10))
    source.gate.set()
    qtbot.waitUntil(lambda: listener.rows == set(range(10)))
    cache.request(range(10))
    cache.close()
    assert source.rows_read == list(range(10))


def test_on_a_slide_each_block_is_read_once_in_the_order_first_asked_for(
    cache: ThumbnailCache, qtbot: QtBot
) -> None:
    source = GatedSource(40, block_size=10)
    source.kind = "slide"
    source.gate.set()
    listener = listen(cache)
    cache.set_source(source)
    cache.request([3, 4, 15, 5, 16, 17, 39])
    qtbot.waitUntil(lambda: 39 in listener.rows)
    assert source.groups == [[3, 4, 5], [15, 16, 17], [39]]


def test_on_a_slide_a_block_comes_in_one_read_however_many_patches_of_it_are_wanted(
    cache: ThumbnailCache, qtbot: QtBot
) -> None:
    source = GatedSource(128, block_size=64)
    source.kind = "slide"
    source.gate.set()
    listener = listen(cache)
    cache.set_source(source)
    scattered = np.random.default_rng(3).permutation(128).tolist()
    cache.request(scattered)
    qtbot.waitUntil(lambda: len(listener.rows) == 128)
    assert [len(group) for group in source.groups] == [64, 64]


def test_rows_are_settled_once_there_is_a_picture_or_a_reason(cache: ThumbnailCache, qtbot: QtBot) -> None:
    source = GatedSource(100)
    listener = listen(cache)
    cache.set_source(source)
    assert cache.is_settled([0])
    cache.request(range(40))
    assert source.entered.wait(10)
    assert not cache.is_settled([0])
    assert not cache.is_settled([50, 39])
    assert cache.is_settled([50])
    source.gate.set()
    qtbot.waitUntil(lambda: listener.rows == set(range(40)))
    assert cache.is_settled(range(40))
    cache.request([*range(40), 41])
    assert not cache.is_settled([41])
    cache.set_source(None)
    assert cache.is_settled([41])


def test_memory_is_bounded_and_what_was_shown_last_stays(qtbot: QtBot) -> None:
    cache = ThumbnailCache(max_bytes=20 * BYTES)
    listener = listen(cache)
    cache.set_source(ArraySource(100))
    cache.request(range(20))
    qtbot.waitUntil(lambda: listener.rows == set(range(20)))
    assert cache.pixmap(0, 8) is not None
    cache.request(range(20, 24))
    qtbot.waitUntil(lambda: 23 in listener.rows)
    kept = {row for row in range(24) if cache.pixmap(row, 9) is not None}
    assert kept == {0, *range(5, 24)}
    cache.close()


def test_what_is_asked_for_again_is_not_forgotten_for_what_is_new(qtbot: QtBot) -> None:
    cache = ThumbnailCache(max_bytes=20 * BYTES)
    listener = listen(cache)
    cache.set_source(ArraySource(100))
    cache.request(range(20))
    qtbot.waitUntil(lambda: listener.rows == set(range(20)))
    cache.request(range(15))
    cache.request([*range(10), *range(50, 60)])
    qtbot.waitUntil(lambda: 59 in listener.rows)
    assert all(cache.pixmap(row, 8) is not None for row in [*range(10), *range(50, 60)])
    cache.close()


def test_after_another_source_is_set_the_old_one_may_be_closed(cache: ThumbnailCache, qtbot: QtBot) -> None:
    old, new = GatedSource(40), ArraySource(40)
    listener = listen(cache)
    cache.set_source(old)
    cache.request(range(40))
    assert old.entered.wait(10)
    threading.Timer(0.05, old.gate.set).start()
    cache.set_source(new)
    assert old.gate.is_set(), "set_source came back while the old source was still being read"
    cache.request([39])
    qtbot.waitUntil(lambda: 39 in listener.rows)
    assert listener.rows == {39}
    assert len(old.rows_read) < 40


def test_closing_waits_and_a_later_request_starts_again(cache: ThumbnailCache, qtbot: QtBot) -> None:
    source = GatedSource(40)
    listener = listen(cache)
    cache.set_source(source)
    cache.request(range(40))
    assert source.entered.wait(10)
    threading.Timer(0.05, source.gate.set).start()
    cache.close()
    assert source.gate.is_set(), "close came back while a patch was still being read"
    read = len(source.rows_read)
    assert read < 40
    cache.request([39])
    qtbot.waitUntil(lambda: 39 in listener.rows)


def test_a_bounded_cache_counts_a_value_once() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    cache.put(1, "a", 6)
    cache.put(1, "b", 4)
    cache.put(2, "c", 6)
    assert (cache.get(1), cache.bytes, len(cache)) == ("b", 10, 2)
    cache.put(3, "d", 1)
    assert 2 not in cache
    assert (1 in cache, 3 in cache, cache.bytes) == (True, True, 5)
