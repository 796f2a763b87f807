"""Work that would hold up the window, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from histoviewer.errors import HistoViewerError

log = logging.getLogger("histoviewer.background")

Check = Callable[[], None]
"""Work calls it now and then; it raises where nobody wants the outcome any more."""

Work = Callable[[Check], object]


class Background(QObject):
    """Does one piece of work at a time: the latest that was asked for. All methods belong to the GUI thread.

    Attributes:
        is_busy: something is being done whose outcome is wanted.

    Signals:
        done(object): what the work has returned.
        failed(str): why there is nothing, in one line: a HistoViewerError, or the defect.
    """

    done = Signal(object)
    failed = Signal(str)
    _ended = Signal(object, object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: _Task | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ended.connect(self._on_ended)

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def start(self, work: Work, *, defect: str) -> None:
        """Give up what is being done, and do this. ``defect``: what to say where it ends in a way that nobody
        has foreseen; the log then has more."""
        self.cancel()
        self._task = _Task(work, defect, self)
        self._pool.start(self._task)

    def cancel(self) -> None:
        """Nothing is wanted any more. What is being done may go on for a while; nobody hears of it."""
        if self._task is not None:
            self._task.is_cancelled.set()
            self._task = None

    def shut_down(self) -> None:
        """Cancel, and wait until no thread is at work."""
        self.cancel()
        self._pool.waitForDone()

    def _on_ended(self, task: _Task, outcome: object, problem: str) -> None:
        if task is not self._task:
            return
        self._task = None
        if problem:
            self.failed.emit(problem)
        else:
            self.done.emit(outcome)


class _CancelledError(Exception):
    """Nobody wants to know any more."""


class _Task(QRunnable):
    """In the pool's thread; a signal carries the outcome into the GUI thread."""

    def __init__(self, work: Work, defect: str, owner: Background) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.is_cancelled = Event()
        self._work, self._defect, self._owner = work, defect, owner

    def run(self) -> None:
        outcome: object = None
        problem = self._defect
        try:
            outcome, problem = self._work(self._check), ""
        except HistoViewerError as error:
            problem = str(error)
        except _CancelledError:
            return
        except Exception:
            log.exception(self._defect)
        if not self.is_cancelled.is_set():
            with suppress(RuntimeError):  # the window has gone meanwhile
                self._owner._ended.emit(self, outcome, problem)

    def _check(self) -> None:
        if self.is_cancelled.is_set():
            raise _CancelledError
