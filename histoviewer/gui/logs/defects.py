"""What is raised and caught by nobody goes into the log. No Qt."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

log = logging.getLogger("histoviewer.defects")


class DefectLog:
    """From its making until ``stop`` it logs uncaught exceptions of all threads, with their tracebacks; the
    terminal shows them as it shows all of the log's errors."""

    def __init__(self) -> None:
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_raised
        threading.excepthook = self._on_raised_in_thread

    def stop(self) -> None:
        """As it was before."""
        sys.excepthook, threading.excepthook = self._before

    def _on_raised(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, traceback)
        else:
            log.error("unexpected: %s", kind.__name__, exc_info=(kind, error, traceback))

    def _on_raised_in_thread(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None and raised.exc_type is not SystemExit:
            self._on_raised(raised.exc_type, raised.exc_value, raised.exc_traceback)
