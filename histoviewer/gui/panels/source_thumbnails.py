"""Small pictures of the open sources, made in a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from histoviewer.errors import HistoViewerError
from histoviewer.gui.open_source import OpenSource
from histoviewer.patches.patch import Block, PatchSource
from histoviewer.slides.thumbnail import read_thumbnail

LONGEST = 96
"""Pixels of the longer side: enough for a line's picture on a screen of double density."""

_SIDE = 2
"""So many by so many of its patches stand for a folder of loose ones."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A picture that is waited for."""

    future: Future[None]
    is_unwanted: threading.Event


class SourceThumbnails(QObject):
    """Makes one picture of each open source and keeps it while the source is open. GUI thread.

    Signals:
        made(object): an ``OpenSource`` that ``pixmap`` now has a picture of.
    """

    made = Signal(object)
    _read = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixmaps: dict[OpenSource, QPixmap] = {}
        self._jobs: dict[OpenSource, _Job] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="source thumbnails")
        # Emitted by the reading thread: a bound method of this QObject runs in the GUI thread.
        self._read.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def pixmap(self, opened: OpenSource) -> QPixmap | None:
        """None while it has not been made; of no size where it cannot be."""
        return self._pixmaps.get(opened)

    def set_sources(self, sources: Sequence[OpenSource]) -> None:
        """Make what is missing of these, in this order, and forget all others.

        On return none of the others is being read any more: they may be closed.
        """
        self._forget([opened for opened in self._jobs if opened not in sources])
        self._pixmaps = {opened: self._pixmaps[opened] for opened in sources if opened in self._pixmaps}
        for opened in sources:
            if opened not in self._pixmaps and opened not in self._jobs:
                self._begin(opened)

    def let_go(self) -> None:
        """On return nothing is being read; what is missing is made after the next ``set_sources``."""
        self._forget(list(self._jobs))

    def _begin(self, opened: OpenSource) -> None:
        is_unwanted = threading.Event()
        future = self._threads.submit(self._make, opened, is_unwanted)
        self._jobs[opened] = _Job(future, is_unwanted)

    def _forget(self, sources: Iterable[OpenSource]) -> None:
        jobs = [self._jobs.pop(opened) for opened in sources]
        for job in jobs:
            job.is_unwanted.set()
        wait([job.future for job in jobs if not job.future.cancel()])

    def _make(self, opened: OpenSource, is_unwanted: threading.Event) -> None:
        """In the reading thread."""
        pixels = None
        with suppress(HistoViewerError, OSError):  # whoever shows the slide says why it cannot be read
            pixels = _pixels(opened.source, is_unwanted.is_set)
        self._read.emit(opened, QImage() if pixels is None else _image(pixels))

    def _keep(self, opened: OpenSource, image: QImage) -> None:
        job = self._jobs.get(opened)
        if job is not None and not job.is_unwanted.is_set():
            del self._jobs[opened]
            self._pixmaps[opened] = QPixmap.fromImage(image)
            self.made.emit(opened)


def _pixels(source: PatchSource, is_unwanted: Callable[[], bool]) -> NDArray[np.uint8] | None:
    """The first slide of a source, or its first patches; None where it has neither."""
    name = next(source.slides(), None)
    if name is not None:
        return read_thumbnail(source.slide(name), LONGEST, is_unwanted)
    if not len(source.columns):
        return None
    first = np.arange(min(_SIDE**2, len(source.columns)), dtype=np.intp)
    patches = list(source.read(Block(number=-1, patches=first)).pixels)
    if len(patches) < _SIDE**2:
        return patches[0] if patches else None
    return np.concatenate([np.concatenate(patches[i::_SIDE]) for i in range(_SIDE)], axis=1)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    whole = np.ascontiguousarray(pixels)
    height, width, _ = whole.shape
    borrowed = QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    # The conversion copies, so the picture outlives the array.
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)
