"""Opening sources without making the window wait: a folder of 277,524 files takes seconds."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError, ScaleError, ScaleUnknownError
from histoviewer.gui.canvas.tile_image import image_of
from histoviewer.gui.open_source import OpenSource, open_to_look, open_with_results, true_path
from histoviewer.inference.model_card import ModelCard
from histoviewer.inference.opening import JudgingOptions
from histoviewer.patches.opening import expand_paths
from histoviewer.patches.patch_file import read_true_size
from histoviewer.patches.scan import first_images
from histoviewer.slides.base import readable
from histoviewer.translation import _, plural

log = logging.getLogger("histoviewer.sources")

TELL_SECONDS = 0.1
"""How often the window hears what is being opened and how many files have been found."""

GLIMPSED = 8
"""Patches of a folder that are seen while the others are still being found."""

_LARGEST_GLIMPSED = 1000
"""Pixels along a side: larger pictures would take too long."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenRequest:
    """What is to be opened, and what becomes of it.

    Attributes:
        path: a file or folder; a folder of slides is each of them.
        mpp: µm/px that overrules what the source says of itself.
        classify: judge it once it is open.
        batch: the same number for what was asked for together; the first of them is shown.
        replaces: the same source at another scale, whose place this one takes.
        is_again: it was open before, by itself: a folder is its patches then, not the slides in it.
    """

    path: Path
    mpp: float | None = None
    classify: bool = False
    batch: int = 0
    replaces: OpenSource | None = None
    is_again: bool = False


class SourceOpener(QObject):
    """Opens one source after the other in a thread of its own. Lives in the GUI thread.

    Signals (delivered in the GUI thread):
        opened(object, object): an ``OpenSource`` and its ``OpenRequest``.
        known(object, object): the resolved path of something that is open already, and the ``OpenRequest``.
        failed(str, object): one line, and the ``OpenRequest``.
        cancelled(object): an ``OpenRequest``.
        noted(str): one line that is good to know.
        progressed(str, int): name of what is being opened, and the files found in it so far; 0 where none
            are counted, as in a slide.
        glimpsed(object): some patches of a folder that is being opened, a list of QImage; none for a file.
        finished(): nothing is being opened any more.
    """

    opened = Signal(object, object)
    known = Signal(object, object)
    failed = Signal(str, object)
    cancelled = Signal(object)
    noted = Signal(str)
    progressed = Signal(str, int)
    glimpsed = Signal(object)
    finished = Signal()

    def __init__(self, card: ModelCard, options: JudgingOptions, parent: QObject | None = None) -> None:
        """``options``: of the runs that the results are of."""
        super().__init__(parent)
        self._card, self._options = card, options
        self._pool = QThreadPool(self)
        # One at a time, so that sources appear in the order they were dropped.
        self._pool.setMaxThreadCount(1)
        self._waiting = 0
        self._open_paths = OpenPaths()
        self._is_cancelled = threading.Event()
        self._results = _Results(self)
        self._results.opened.connect(self.opened)
        self._results.known.connect(self.known)
        self._results.failed.connect(self.failed)
        self._results.cancelled.connect(self.cancelled)
        self._results.noted.connect(self.noted)
        self._results.progressed.connect(self.progressed)
        self._results.glimpsed.connect(self.glimpsed)
        self._results.finished.connect(self._on_finished)

    @property
    def is_busy(self) -> bool:
        return self._waiting > 0

    def open(self, request: OpenRequest) -> None:
        """Begin to open; the answer comes as a signal. A folder of slides gives one for each of them."""
        self._waiting += 1
        self._pool.start(
            _Opening(request, self._card, self._options, self._open_paths, self._is_cancelled, self._results)
        )

    def forget(self, path: Path) -> None:
        """What lies there has been closed, and may be opened again."""
        self._open_paths.remove(path)

    def cancel(self) -> None:
        """Open nothing of what has been asked for; ``finished`` follows."""
        self._is_cancelled.set()
        self._is_cancelled = threading.Event()

    def stop(self) -> None:
        """Forget what waits and wait for the one in hand, which ends soon."""
        self.cancel()
        self._pool.clear()
        self._pool.waitForDone()

    def _on_finished(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.finished.emit()


class OpenPaths:
    """Resolved paths that are open or being opened; safe to use from any thread."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._lock = threading.Lock()

    def add(self, path: Path) -> bool:
        """False where it is there already."""
        with self._lock:
            is_new = true_path(path) not in self._paths
            self._paths.add(true_path(path))
            return is_new

    def remove(self, path: Path) -> None:
        with self._lock:
            self._paths.discard(true_path(path))


class _Results(QObject):
    """Carries answers from the pool's thread to the GUI thread."""

    opened = Signal(object, object)
    known = Signal(object, object)
    failed = Signal(str, object)
    cancelled = Signal(object)
    noted = Signal(str)
    progressed = Signal(str, int)
    glimpsed = Signal(object)
    finished = Signal()


class _CancelledError(Exception):
    """Raised through whoever lists a folder or looks for a slide's tissue."""


class _Opening(QRunnable):
    def __init__(
        self,
        request: OpenRequest,
        card: ModelCard,
        options: JudgingOptions,
        open_paths: OpenPaths,
        is_cancelled: threading.Event,
        results: _Results,
    ) -> None:
        super().__init__()
        self._request = request
        self._card, self._options = card, options
        self._open_paths = open_paths
        self._is_cancelled = is_cancelled
        self._results = results
        self._name = request.path.name or str(request.path)
        self._told_at = 0.0

    def run(self) -> None:
        """In the pool's thread."""
        is_done = False
        try:
            self._open_all()
            is_done = True
        except _CancelledError:
            self._results.cancelled.emit(self._request)
            is_done = True
        finally:
            if not is_done:
                message = _("Opening {path} failed unexpectedly; the log says why.")
                self._results.failed.emit(message.format(path=self._request.path), self._request)
            self._results.finished.emit()

    def _on_progress(self, files: int) -> None:
        if self._is_cancelled.is_set():
            raise _CancelledError
        now = time.monotonic()
        if now - self._told_at >= TELL_SECONDS:
            self._told_at = now
            self._results.progressed.emit(self._name, files)

    def _open_all(self) -> None:
        self._on_progress(0)
        self._glimpse(self._request.path)
        try:
            paths = self._paths()
        except HistoViewerError as error:
            self._tell(error)
            return
        for path in paths:
            self._name, self._told_at = path.name or str(path), 0.0
            self._on_progress(0)
            if self._request.replaces is not None or self._open_paths.add(path):
                self._open(path)
            else:
                self._results.known.emit(true_path(path), self._request)

    def _glimpse(self, path: Path) -> None:
        """What is in a folder is seen at once, how much it is only later."""
        images = []
        for file in first_images(path, GLIMPSED) if path.is_dir() else ():
            with suppress(HistoViewerError):
                images.append(image_of(read_true_size(file, largest=_LARGEST_GLIMPSED)))
        self._results.glimpsed.emit(images)

    def _tell(self, error: HistoViewerError) -> None:
        if error.__cause__ is not None:  # what a library said of it, for whoever looks into the log
            reason = error.__cause__
            log.info("%s cannot be opened: %s: %s", self._name, type(reason).__name__, reason)
        self._results.failed.emit(str(error), self._request)

    def _paths(self) -> list[Path]:
        asked = self._request.path
        if self._request.is_again:
            return [asked]
        paths = expand_paths(asked, progress=self._on_progress)
        if asked in paths and len(paths) > 1:
            message = plural(
                "{name} holds patches beside {count} slide: the slide is opened by itself, and the patches "
                "together.",
                "{name} holds patches beside {count} slides: each slide is opened by itself, and the patches "
                "together.",
                len(paths) - 1,
            )
            self._results.noted.emit(message.format(name=readable(self._name), count=len(paths) - 1))
        return paths

    def _open(self, path: Path) -> None:
        is_open = False
        try:
            opened = self._opened(path)
            log.info("opened %s: %s, %d patches", path, opened.source.kind, len(opened.source.columns))
            self._results.opened.emit(opened, self._request)
            is_open = True
        except HistoViewerError as error:
            self._tell(error)
        finally:
            if not is_open and self._request.replaces is None:
                self._open_paths.remove(path)

    def _opened(self, path: Path) -> OpenSource:
        request = self._request
        try:
            return open_with_results(
                path, self._card, self._options, mpp=request.mpp, progress=self._on_progress
            )
        except ScaleError as error:
            if path.is_dir():
                raise  # it has its scale from the call: there is no slide to look at instead
            opened = open_to_look(path, self._card, self._options)
            if isinstance(error, ScaleUnknownError) or request.mpp is not None:
                opened.scale_problem = str(error)
                opened.refused_mpp = request.mpp
                opened.classify_when_scaled = request.classify
            else:
                opened.only_to_look = str(error)
            return opened
