"""Reading another person's result file away from the GUI thread."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError
from histoviewer.gui.open_source import OpenSource
from histoviewer.results.merging import Others, read_others

log = logging.getLogger("histoviewer.reviews")


class ReviewReader(QObject):
    """Reads one file at a time. GUI thread.

    Attributes:
        is_busy: a file is being read.

    Signals:
        began(str): the name of the file that is read now; ended(): it is no more.
        found(object, object, object): the ``OpenSource`` it was read for, its path, and ``Others``.
        failed(str): one line on a file that cannot be used.
    """

    began = Signal(str)
    ended = Signal()
    found = Signal(object, object, object)
    failed = Signal(str)
    _done = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading: _Reading | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done)

    @property
    def is_busy(self) -> bool:
        return self._reading is not None

    def read(self, path: Path, opened: OpenSource) -> None:
        """Read it for this source; what is being read already is given up."""
        self.cancel()
        self._reading = _Reading(path, opened, self)
        self.began.emit(path.name)
        self._pool.start(self._reading)

    def cancel(self) -> None:
        """Stop reading, and wait for that. Nothing was changed."""
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.is_cancelled.set()
            self._pool.waitForDone()
            self.ended.emit()

    def defect_text(self, path: Path) -> str:
        """What to say where reading this file ends in a way that nobody has foreseen."""
        return self.tr("Reading {path} failed unexpectedly; the log says why.").format(path=path)

    def _on_done(self, reading: _Reading, outcome: Others | str) -> None:
        if reading is not self._reading:
            return
        self._reading = None
        self.ended.emit()
        if isinstance(outcome, str):
            self.failed.emit(outcome)
        else:
            self.found.emit(reading.opened, reading.path, outcome)


class _CancelledError(Exception):
    """Nobody wants to know any more."""


class _Reading(QRunnable):
    """In the pool's thread; a signal of the reader, which lives in the GUI thread, carries the outcome."""

    def __init__(self, path: Path, opened: OpenSource, reader: ReviewReader) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.path, self.opened = path, opened
        self.is_cancelled = Event()
        self._reader = reader
        self._columns, self._own_path = opened.store.columns, opened.store.path
        self._defect = reader.defect_text(path)

    def run(self) -> None:
        outcome: Others | str = self._defect
        try:
            outcome = read_others(self.path, self._columns, own_path=self._own_path, check=self._check)
        except HistoViewerError as error:
            outcome = str(error)
        except _CancelledError:
            return
        finally:
            # Also on the way out of a defect: the pool would lose it without a word in the window.
            if not self.is_cancelled.is_set():
                log.info("%s: %s", self.path, outcome if isinstance(outcome, str) else "read")
                self._reader._done.emit(self, outcome)

    def _check(self) -> None:
        if self.is_cancelled.is_set():
            raise _CancelledError
