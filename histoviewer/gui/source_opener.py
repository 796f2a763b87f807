"""Opening sources without making the window wait: a folder of 277,524 files takes seconds."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError, ScaleUnknownError
from histoviewer.gui.open_source import open_to_look, open_with_results
from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.opening import expand_paths


class SourceOpener(QObject):
    """Opens one source after the other in a thread of its own. Lives in the GUI thread.

    Signals (delivered in the GUI thread):
        opened(object, bool): an ``OpenSource``, and whether it is to be classified.
        scale_needed(object, str): an ``OpenSource`` to look at only, and what is wrong with its scale.
        failed(str): one line.
        finished(): nothing is being opened any more.
    """

    opened = Signal(object, bool)
    scale_needed = Signal(object, str)
    failed = Signal(str)
    finished = Signal()

    def __init__(self, card: ModelCard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._card = card
        self._pool = QThreadPool(self)
        # One at a time, so that sources appear in the order they were dropped.
        self._pool.setMaxThreadCount(1)
        self._waiting = 0
        self._results = _Results(self)
        self._results.opened.connect(self.opened)
        self._results.scale_needed.connect(self.scale_needed)
        self._results.failed.connect(self.failed)
        self._results.finished.connect(self._on_finished)

    @property
    def is_busy(self) -> bool:
        return self._waiting > 0

    def open(self, path: Path, *, mpp: float | None = None, classify: bool = False) -> None:
        """Begin to open; the answer comes as a signal. A folder of slides gives one for each of them."""
        self._waiting += 1
        self._pool.start(_Opening(path, self._card, mpp, classify, self._results))

    def stop(self) -> None:
        """Forget what waits and wait for the one in hand."""
        self._pool.clear()
        self._pool.waitForDone()

    def _on_finished(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.finished.emit()


class _Results(QObject):
    """Carries answers from the pool's thread to the GUI thread."""

    opened = Signal(object, bool)
    scale_needed = Signal(object, str)
    failed = Signal(str)
    finished = Signal()


class _Opening(QRunnable):
    def __init__(
        self, path: Path, card: ModelCard, mpp: float | None, classify: bool, results: _Results
    ) -> None:
        super().__init__()
        self._path = path
        self._card = card
        self._mpp = mpp
        self._classify = classify
        self._results = results

    def run(self) -> None:
        """In the pool's thread."""
        try:
            for path in expand_paths(self._path):
                self._open(path)
        except HistoViewerError as error:
            self._results.failed.emit(str(error))
        finally:
            self._results.finished.emit()

    def _open(self, path: Path) -> None:
        try:
            opened = open_with_results(path, self._card, mpp=self._mpp)
            self._results.opened.emit(opened, self._classify)
        except ScaleUnknownError as error:
            self._results.scale_needed.emit(open_to_look(path, self._card), str(error))
        except HistoViewerError as error:
            self._results.failed.emit(str(error))
