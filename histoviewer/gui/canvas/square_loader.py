"""Reading the square under the cursor without making the window wait: the latest request wins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError
from histoviewer.patches.square import Square, SquareReader
from histoviewer.translation import _


class SquareLoader(QObject):
    """Reads one square after the other in a thread of its own. All methods belong to the GUI thread.

    Signals: loaded(object, object, str): the ``Square`` wanted last; its uint8 RGB pixels (s, s, 3), or
        None and why.
    """

    loaded = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._reader = SquareReader()
        self._wanted: Square | None = None
        self._reading: Square | None = None
        self._answers = _Answers(self)
        self._answers.read.connect(self._on_read)

    def want(self, square: Square) -> None:
        """Read this one next, and none of those that were wanted before it and have not been begun."""
        self._wanted = square
        if self._reading is None:
            self._start(square)

    def finish(self) -> None:
        """Want nothing, and wait until no source is being read."""
        self._wanted = None
        self._pool.waitForDone()
        self._reader.forget()

    def _start(self, square: Square) -> None:
        self._reading = square
        self._pool.start(_Reading(square, self._reader, self._answers))

    def _on_read(self, square: Square, pixels: NDArray[np.uint8] | None, problem: str) -> None:
        self._reading = None
        if square is self._wanted:
            self.loaded.emit(square, pixels, problem)
        elif self._wanted is not None:
            self._start(self._wanted)


class _Answers(QObject):
    """Carries answers from the pool's thread to the GUI thread."""

    read = Signal(object, object, str)


class _Reading(QRunnable):
    def __init__(self, square: Square, reader: SquareReader, answers: _Answers) -> None:
        super().__init__()
        self._square = square
        self._reader = reader
        self._answers = answers

    def run(self) -> None:
        """In the pool's thread."""
        pixels, problem = None, _("Reading failed unexpectedly; the log says why.")
        try:
            pixels, problem = self._reader.read(self._square), ""
        except HistoViewerError as error:
            problem = str(error)
        finally:
            self._answers.read.emit(self._square, pixels, problem)
