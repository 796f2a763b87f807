"""Thumbnails of patches, read in the background while the gallery scrolls.

One thread reads. Each ``request`` replaces the one before: what has scrolled out of sight before its turn
came is never read.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from histoviewer.errors import HistoViewerError
from histoviewer.patches.patch import Block, PatchSource, block_numbers

MEGABYTE = 2**20
_GROUP = 16
"""Files read before the next look at what is wanted: the longest a new request waits."""

_TELL_MS = 20
"""Thumbnails that came within so long are painted together."""

_V = TypeVar("_V")


class BoundedCache(Generic[_V]):
    """Row -> value; forgets what was used longest ago when ``max_bytes`` is passed."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[int, tuple[_V, int]] = OrderedDict()
        self.bytes = 0

    def put(self, row: int, value: _V, size: int) -> None:
        self.bytes += size - self._kept.pop(row, (None, 0))[1]
        self._kept[row] = (value, size)
        while self.bytes > self._max_bytes:
            _, (_, freed) = self._kept.popitem(last=False)
            self.bytes -= freed

    def get(self, row: int) -> _V | None:
        if row not in self._kept:
            return None
        self._kept.move_to_end(row)
        return self._kept[row][0]

    def clear(self) -> None:
        self._kept.clear()
        self.bytes = 0

    def __contains__(self, row: int) -> bool:
        return row in self._kept

    def __len__(self) -> int:
        return len(self._kept)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Rows read in one go; once read, their pictures or why there are none."""

    generation: int
    source: PatchSource
    rows: tuple[int, ...]
    images: dict[int, QImage] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)

    def read(self) -> None:
        block = Block(number=-1, patches=np.array(self.rows, dtype=np.intp))
        try:
            found = self.source.read(block)
        except (HistoViewerError, OSError) as error:
            self.failures.update(dict.fromkeys(self.rows, str(error)))
            return
        self.failures.update(found.failures)
        self.images.update(zip(found.patches.tolist(), map(_image, found.pixels), strict=True))


def _image(pixels: NDArray[np.uint8]) -> QImage:
    whole = np.ascontiguousarray(pixels)
    height, width, _ = whole.shape
    borrowed = QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    # The conversion copies, so the picture outlives the array; RGB32 is what the painter blits fastest.
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


class _Reader(QThread):
    """The reading thread. All methods but ``run`` belong to the GUI thread."""

    group_read = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._waiting: deque[_Group] = deque()
        self._is_reading = False
        self._is_closed = False
        self.underway: set[int] = set()
        """Rows that were taken from what waits and have not come back yet."""

    def want(self, groups: Iterable[_Group]) -> None:
        """Read these next, in this order, and forget what else was waiting."""
        with self._changed:
            self._waiting = deque(groups)
            self._is_closed = False
            self._changed.notify_all()
        if not self.isRunning():
            self.start()

    def drop(self) -> None:
        """Forget what waits; return when nothing is being read any more."""
        with self._changed:
            self._waiting.clear()
            self._changed.wait_for(lambda: not self._is_reading)
            self.underway.clear()

    def close(self) -> None:
        """End the thread; return when it has ended."""
        with self._changed:
            self._waiting.clear()
            self._is_closed = True
            self._changed.notify_all()
        self.wait()

    def run(self) -> None:
        while (group := self._next()) is not None:
            try:
                group.read()
                self.group_read.emit(group)
            finally:
                self._finish()

    def _next(self) -> _Group | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return None
            self._is_reading = True
            group = self._waiting.popleft()
            self.underway.update(group.rows)
            return group

    def _finish(self) -> None:
        with self._changed:
            self._is_reading = False
            self._changed.notify_all()


class ThumbnailCache(QObject):
    """Pictures of patches by row, for the GUI thread.

    Signals:
        loaded(intp array): rows that ``pixmap`` or ``failure`` now answers for; some groups at once.
    """

    loaded = Signal(object)

    def __init__(self, parent: QObject | None = None, *, max_bytes: int = 128 * MEGABYTE) -> None:
        """``max_bytes`` bounds the pictures as read, and half of it those scaled for the screen."""
        super().__init__(parent)
        self._images: BoundedCache[QImage] = BoundedCache(max_bytes)
        self._scaled: BoundedCache[QPixmap] = BoundedCache(max_bytes // 2)
        self._scale = (0, 1.0)
        self._failures: dict[int, str] = {}
        self._source: PatchSource | None = None
        self._block_of: NDArray[np.int32] | None = None
        self._generation = itertools.count(1)
        self._current = 0
        self._fresh: list[int] = []
        self._awaited: set[int] = set()
        self._tell = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._tell.timeout.connect(self._tell_loaded)
        self._reader = _Reader(self)
        # A bound method of this QObject: a lambda would run in the reading thread.
        self._reader.group_read.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def set_source(self, source: PatchSource | None) -> None:
        """Forget all pictures and read from ``source`` from now on.

        On return the source before is no longer being read and may be closed.
        """
        self._reader.drop()
        self._current = next(self._generation)
        self._source = source
        self._block_of = block_numbers(source) if source is not None and source.kind == "slide" else None
        self._fresh.clear()
        self._awaited.clear()
        self._images.clear()
        self._scaled.clear()
        self._failures.clear()

    def request(self, rows: Sequence[int]) -> None:
        """Read these rows in this order, except those at hand. Rows asked for earlier are dropped."""
        if self._source is None:
            return
        # Looked up last to first: when memory is short, those asked for first are kept longest.
        missing = [row for row in reversed(rows) if not self._is_here(row)][::-1]
        self._awaited = set(missing)
        underway = self._reader.underway
        self._reader.want(self._groups([row for row in missing if row not in underway]))

    def is_settled(self, rows: Iterable[int]) -> bool:
        """Whether none of these rows is still to come of what was last asked for."""
        return self._awaited.isdisjoint(rows)

    def pixmap(self, row: int, side: int, ratio: float = 1.0) -> QPixmap | None:
        """The patch as a square of ``side`` pixels, ``ratio`` device pixels each; None while not at hand."""
        if (side, ratio) != self._scale:
            self._scaled.clear()
            self._scale = (side, ratio)
        pixmap = self._scaled.get(row)
        return pixmap if pixmap is not None else self._scale_one(row)

    def failure(self, row: int) -> str | None:
        """Why there is no picture of the patch, if one was tried for."""
        return self._failures.get(row)

    def close(self) -> None:
        """End the reading thread and wait for it. A later ``request`` starts it again."""
        self._reader.close()

    def _is_here(self, row: int) -> bool:
        return self._images.get(row) is not None or row in self._failures

    def _scale_one(self, row: int) -> QPixmap | None:
        image = self._images.get(row)
        if image is None:
            return None
        side, ratio = self._scale
        device = round(side * ratio)
        pixmap = QPixmap.fromImage(
            image.scaled(
                device,
                device,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        pixmap.setDevicePixelRatio(ratio)
        self._scaled.put(row, pixmap, 4 * device**2)
        return pixmap

    def _groups(self, rows: Sequence[int]) -> list[_Group]:
        assert self._source is not None
        return [_Group(self._current, self._source, group) for group in _split(rows, self._block_of)]

    def _keep(self, group: _Group) -> None:
        if group.generation != self._current:
            return
        self._reader.underway.difference_update(group.rows)
        self._awaited.difference_update(group.rows)
        for row, image in group.images.items():
            self._images.put(row, image, image.sizeInBytes())
        self._failures.update(group.failures)
        self._fresh.extend(group.rows)
        if not self._tell.isActive():
            self._tell.start()

    def _tell_loaded(self) -> None:
        rows = np.array(self._fresh, dtype=np.intp)
        self._fresh.clear()
        self.loaded.emit(rows)


def _split(rows: Sequence[int], block_of: NDArray[np.int32] | None) -> list[tuple[int, ...]]:
    """Some rows at a time; on a slide all those of a block, which is read whole for even one of them."""
    if block_of is None:
        return [tuple(rows[start : start + _GROUP]) for start in range(0, len(rows), _GROUP)]
    of_block: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        of_block[int(block_of[row])].append(row)
    return [tuple(group) for group in of_block.values()]
