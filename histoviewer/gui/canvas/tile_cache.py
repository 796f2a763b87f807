"""Display tiles of one slide: read in the background, kept while memory allows."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QImage

from histoviewer.errors import SourceError
from histoviewer.gui.canvas.tile_grid import TileGrid, TileKey
from histoviewer.gui.canvas.tile_image import image_of, pixels_of
from histoviewer.gui.look.rendering import Rendering
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box, Size

CAPACITY = 256 * 2**20
"""Bytes of tiles that are kept: about four full screens of 1920 x 1080 at the least favourable zoom."""

_IN_HAND = 8
"""Tiles handed out for each thread: enough to read on while the window paints a frame."""

PIXELS_AT_ONCE = 16 * 2**20
"""File pixels read in one piece. A slide without coarse levels is read in quarters, so memory stays flat."""


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A slide while it is shown. ``closed`` tells the readers to stop."""

    slide: Slide
    grid: TileGrid
    closed: threading.Event

    def file_pixels(self, box: Box, size: Size) -> float:
        """How many pixels have to be decoded for a box at that size."""
        downsample = max(box.width / size.width, box.height / size.height)
        factor = self.slide.level_downsamples[self.slide.best_level_for_downsample(downsample)]
        return box.width * box.height / factor**2

    @property
    def coarsest(self) -> list[TileKey]:
        """The few tiles that hold the whole slide."""
        return self.grid.keys(self.grid.bounds, self.grid.coarsest)

    @property
    def is_coarse_cheap(self) -> bool:
        """The file has a level coarse enough for them."""
        boxes = ((self.grid.box(key), self.grid.size(key)) for key in self.coarsest)
        return all(self.file_pixels(box, size) <= PIXELS_AT_ONCE for box, size in boxes)


@dataclass(frozen=True, slots=True, eq=False)
class _Tile:
    """A tile as it is stored, and as it is shown in the look that ``rendering`` stands for.

    ``shown`` is the very same image where nothing is changed, and None where it is not to be shown.
    """

    stored: QImage
    shown: QImage | None
    rendering: Rendering | None

    @property
    def byte_count(self) -> int:
        images = {id(image): image.sizeInBytes() for image in (self.stored, self.shown) if image is not None}
        return sum(images.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """A tile to come: of the file, or, in another look, of what was ``stored`` before."""

    opened: _Opened
    key: TileKey
    stored: QImage | None
    rendering: Rendering | None


class TileCache(QObject):
    """Loads the tiles that are wanted, shows them in a look, and keeps the lately used ones.

    In another look they are made anew of what was stored of them, in the readers' threads too; until then
    those in view stay as they were.

    All methods belong to the GUI thread, and none of them waits except ``finish_reads`` and ``close``.
    Readers run in a few threads of their own; what they read comes back through a queued signal.

    Attributes:
        grid: the tiles of the slide that is shown; None without a slide.
        byte_count: memory the tiles take.

    Signals:
        tile_changed(TileKey): a tile came, looks different, or turned out to be unreadable; paint it again.
        tile_failed(str): the first unreadable tile of a slide, as one line for the user.
    """

    tile_changed = Signal(TileKey)
    tile_failed = Signal(str)
    _read = Signal(object)
    _begin = Signal()

    def __init__(
        self, parent: QObject | None = None, *, capacity: int = CAPACITY, threads: int | None = None
    ) -> None:
        super().__init__(parent)
        self._capacity = capacity
        self._threads = threads or min(4, max(2, os.cpu_count() or 2))
        self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="tiles")
        self._start_threads()
        self._opened: _Opened | None = None
        self._rendering: Rendering | None = None
        self._tiles: OrderedDict[TileKey, _Tile] = OrderedDict()
        self._failed: set[TileKey] = set()
        self._wanted: dict[TileKey, None] = {}
        self._waiting: deque[TileKey] = deque()
        self._readings: dict[Future[_Tile | None], _Reading] = {}
        self.byte_count = 0
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        # Queued: what the window is about, such as showing a source, would take twice as long beside them.
        self._begin.connect(self._start_reading, Qt.ConnectionType.QueuedConnection)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def _start_threads(self) -> None:
        """Now: beside threads that read already, each start would hold up the window for milliseconds."""
        all_run = threading.Barrier(self._threads)
        for _ in range(self._threads):
            self._executor.submit(all_run.wait)

    @property
    def grid(self) -> TileGrid | None:
        return self._opened.grid if self._opened else None

    def set_slide(self, slide: Slide | None) -> None:
        """Show another slide, or none: forgets all tiles and drops what is being read.

        A reader may still be inside the old slide for a moment: call ``finish_reads`` before closing it.
        """
        if self._opened:
            self._opened.closed.set()
        self._opened = _Opened(slide, TileGrid(slide.bounds), threading.Event()) if slide else None
        self._tiles.clear()
        self._failed.clear()
        self.byte_count = 0
        self.want([])

    def set_rendering(self, rendering: Rendering | None) -> None:
        """Show all tiles in another look; None shows them as they are stored, at once."""
        if rendering is self._rendering:
            return
        self._rendering = rendering
        for key, tile in list(self._tiles.items()):
            if rendering is None:
                self._put(key, _Tile(tile.stored, tile.stored, None))
            elif key not in self._wanted:
                # It would come into view in the look of before, beside those in the new one.
                self._put(key, replace(tile, shown=None))
        self.want(self._wanted)

    def set_capacity(self, capacity: int) -> None:
        """Keep so many bytes of tiles from here on."""
        self._capacity = capacity
        self._evict()

    def tile(self, key: TileKey) -> QImage | None:
        """The tile (RGB32) if it is here; it then counts as used just now."""
        tile = self._tiles.get(key)
        if tile is None:
            return None
        self._tiles.move_to_end(key)
        return tile.shown

    def has_failed(self, key: TileKey) -> bool:
        return key in self._failed

    def is_settled(self, keys: Iterable[TileKey]) -> bool:
        """Every one of these is here as it is to look, or known to be unreadable."""
        return all(key in self._failed or self._is_ready(key) for key in keys)

    def _is_ready(self, key: TileKey) -> bool:
        tile = self._tiles.get(key)
        return tile is not None and tile.rendering is self._rendering

    def want(self, keys: Iterable[TileKey]) -> None:
        """Load these, the first soonest, and none of those that were wanted before and no longer are.

        The tiles of the coarsest level are always wanted: they stand in for all others.
        """
        self._wanted = dict.fromkeys(self._with_coarsest(keys))
        for future, reading in list(self._readings.items()):
            if (reading.opened is not self._opened or reading.key not in self._wanted) and future.cancel():
                del self._readings[future]
        being_read = {reading.key for reading in self._readings.values() if reading.opened is self._opened}
        self._waiting = deque(
            key for key in self._wanted if key not in being_read and not self.is_settled([key])
        )
        self._begin.emit()

    def _with_coarsest(self, keys: Iterable[TileKey]) -> Iterator[TileKey]:
        if self._opened is None:
            return
        if self._opened.is_coarse_cheap:
            yield from self._opened.coarsest
        yield from keys
        yield from self._opened.coarsest

    def finish_reads(self) -> None:
        """Wait until no thread is inside a slide that ``set_slide`` has replaced."""
        wait([future for future, reading in self._readings.items() if reading.opened is not self._opened])

    def close(self) -> None:
        """Stop, and wait for the threads. Nothing is read afterwards."""
        self.set_slide(None)
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start_reading(self) -> None:
        """Keep every thread busy; what is not handed out may still change its order."""
        most = _IN_HAND * self._threads
        while self._opened is not None and self._waiting and len(self._readings) < most:
            key = self._waiting.popleft()
            tile = self._tiles.get(key)
            stored = tile.stored if tile is not None else None
            self._submit(_Reading(self._opened, key, stored, self._rendering))

    def _submit(self, reading: _Reading) -> None:
        future = self._executor.submit(_make_tile, reading)
        self._readings[future] = reading
        # Runs in the reader's thread: hence a signal, queued, and no method of ours.
        future.add_done_callback(self._read.emit)

    def _on_read(self, future: Future[_Tile | None]) -> None:
        reading = self._readings.pop(future, None)
        if reading is None:
            return
        try:
            if reading.opened is self._opened:
                self._keep(reading.key, future)
        finally:
            self._start_reading()

    def _keep(self, key: TileKey, future: Future[_Tile | None]) -> None:
        error = future.exception()
        tile = None if error else future.result()
        if error is not None:
            self._remember_failure(key, error)
        elif tile is not None:
            # In the look of a moment ago it stands in, but for the one that costs nothing.
            self._put(key, _Tile(tile.stored, tile.stored, None) if self._rendering is None else tile)
            self._evict()
        if key in self._wanted and not self.is_settled([key]):
            self._waiting.appendleft(key)  # the look has changed while it was read
        self.tile_changed.emit(key)

    def _put(self, key: TileKey, tile: _Tile) -> None:
        before = self._tiles.get(key)
        self.byte_count += tile.byte_count - (before.byte_count if before is not None else 0)
        self._tiles[key] = tile

    def _remember_failure(self, key: TileKey, error: BaseException) -> None:
        is_first = not self._failed
        self._failed.add(key)
        if not isinstance(error, SourceError):
            raise error  # a defect: it shall be seen, once
        if is_first:
            self.tile_failed.emit(str(error))

    def _evict(self) -> None:
        """Drop the longest unused, but never one that is wanted: a large screen must not starve."""
        if self.byte_count <= self._capacity:
            return
        for key in [key for key in self._tiles if key not in self._wanted]:
            self.byte_count -= self._tiles.pop(key).byte_count
            if self.byte_count <= self._capacity:
                return


def _make_tile(reading: _Reading) -> _Tile | None:
    """Runs in a reader's thread. None when the slide is no longer shown."""
    stored, rendering = reading.stored, reading.rendering
    if stored is None:
        stored = _read_tile(reading.opened, reading.key)
    if stored is None or rendering is None:
        return None if stored is None else _Tile(stored, stored, None)
    return _Tile(stored, image_of(rendering(pixels_of(stored))), rendering)


def _read_tile(opened: _Opened, key: TileKey) -> QImage | None:
    pixels = _read_box(opened, opened.grid.box(key), opened.grid.size(key))
    return None if pixels is None else image_of(pixels)


def _read_box(opened: _Opened, box: Box, size: Size) -> NDArray[np.uint8] | None:
    if opened.closed.is_set():
        return None
    is_small = opened.file_pixels(box, size) <= PIXELS_AT_ONCE
    if is_small or min(size.width, size.height) < 2:
        return opened.slide.read_box(box, size)
    return _read_quarters(opened, box, size)


def _read_quarters(opened: _Opened, box: Box, size: Size) -> NDArray[np.uint8] | None:
    pixels = np.empty((size.height, size.width, 3), np.uint8)
    across, down = box.width / size.width, box.height / size.height
    for top, bottom in ((0, size.height // 2), (size.height // 2, size.height)):
        for left, right in ((0, size.width // 2), (size.width // 2, size.width)):
            part = Box(
                box.x + left * across, box.y + top * down, (right - left) * across, (bottom - top) * down
            )
            quarter = _read_box(opened, part, Size(right - left, bottom - top))
            if quarter is None:
                return None
            pixels[top:bottom, left:right] = quarter
    return pixels
