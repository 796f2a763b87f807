"""Opening sources without making the window wait: a folder of 277,524 files takes seconds."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError, ScaleError, ScaleUnknownError
from histoviewer.gui.open_source import open_to_look, open_with_results
from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.opening import expand_paths
from histoviewer.translation import _


class SourceOpener(QObject):
    """Opens one source after the other in a thread of its own. Lives in the GUI thread.

    Signals (delivered in the GUI thread):
        opened(object, bool): an ``OpenSource``, and whether it is to be classified.
        scale_needed(object, str): an ``OpenSource`` to look at only, and what is wrong with its scale.
        known(object, bool): the resolved path of something that is open already.
        failed(str): one line.
        finished(): nothing is being opened any more.
    """

    opened = Signal(object, bool)
    scale_needed = Signal(object, str)
    known = Signal(object, bool)
    failed = Signal(str)
    finished = Signal()

    def __init__(self, card: ModelCard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._card = card
        self._pool = QThreadPool(self)
        # One at a time, so that sources appear in the order they were dropped.
        self._pool.setMaxThreadCount(1)
        self._waiting = 0
        self._open_paths = OpenPaths()
        self._results = _Results(self)
        self._results.opened.connect(self.opened)
        self._results.scale_needed.connect(self.scale_needed)
        self._results.known.connect(self.known)
        self._results.failed.connect(self.failed)
        self._results.finished.connect(self._on_finished)

    @property
    def is_busy(self) -> bool:
        return self._waiting > 0

    def open(self, path: Path, *, mpp: float | None = None, classify: bool = False) -> None:
        """Begin to open; the answer comes as a signal. A folder of slides gives one for each of them."""
        self._waiting += 1
        self._pool.start(_Opening(path, self._card, mpp, classify, self._open_paths, self._results))

    def forget(self, path: Path) -> None:
        """What lies there has been closed, and may be opened again."""
        self._open_paths.remove(path)

    def stop(self) -> None:
        """Forget what waits and wait for the one in hand."""
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
            is_new = path.resolve() not in self._paths
            self._paths.add(path.resolve())
            return is_new

    def remove(self, path: Path) -> None:
        with self._lock:
            self._paths.discard(path.resolve())


class _Results(QObject):
    """Carries answers from the pool's thread to the GUI thread."""

    opened = Signal(object, bool)
    scale_needed = Signal(object, str)
    known = Signal(object, bool)
    failed = Signal(str)
    finished = Signal()


class _Opening(QRunnable):
    def __init__(
        self,
        path: Path,
        card: ModelCard,
        mpp: float | None,
        classify: bool,
        open_paths: OpenPaths,
        results: _Results,
    ) -> None:
        super().__init__()
        self._path = path
        self._card = card
        self._mpp = mpp
        self._classify = classify
        self._open_paths = open_paths
        self._results = results

    def run(self) -> None:
        """In the pool's thread."""
        is_done = False
        try:
            self._open_all()
            is_done = True
        finally:
            if not is_done:
                message = _("Opening {path} failed unexpectedly; the log says why.")
                self._results.failed.emit(message.format(path=self._path))
            self._results.finished.emit()

    def _open_all(self) -> None:
        try:
            paths = expand_paths(self._path)
        except HistoViewerError as error:
            self._results.failed.emit(str(error))
            return
        for path in paths:
            if self._open_paths.add(path):
                self._open(path)
            else:
                self._results.known.emit(path.resolve(), self._classify)

    def _open(self, path: Path) -> None:
        try:
            opened = open_with_results(path, self._card, mpp=self._mpp)
            self._results.opened.emit(opened, self._classify)
        except ScaleError as error:
            self._open_to_look(path, error)
        except HistoViewerError as error:
            self._fail(path, error)

    def _open_to_look(self, path: Path, scale_error: ScaleError) -> None:
        try:
            opened = open_to_look(path, self._card)
        except HistoViewerError as error:
            self._fail(path, error)
            return
        if isinstance(scale_error, ScaleUnknownError):
            opened.classify_when_scaled = self._classify
            self._results.scale_needed.emit(opened, str(scale_error))
        else:
            self._results.opened.emit(opened, False)
            self._results.failed.emit(str(scale_error))

    def _fail(self, path: Path, error: HistoViewerError) -> None:
        self._open_paths.remove(path)
        self._results.failed.emit(str(error))
