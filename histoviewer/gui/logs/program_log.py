"""The log of this start: kept in memory for the log window, and in a file of the user's log folder. No Qt."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

from histoviewer.errors import reason_of

log = logging.getLogger("histoviewer.log")

FILE_NAME = "histoviewer.log"
MOST_KEPT = 5000
"""Lines in memory: a long day, and a few MB."""

FILE_BYTES = 2**20
"""After so many bytes the file becomes ``histoviewer.log.1``, and a new one begins."""

OLDER_FILES = 3

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_folder() -> Path:
    """Where log files lie: in the user's own log folder."""
    return platformdirs.user_log_path("histoviewer", appauthor=False)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record.

    Attributes:
        at: local time.
        level: as in ``logging``.
        subject: the logger's name without the program's.
        text: the message, and below it the traceback, if any.
    """

    at: datetime
    level: int
    subject: str
    text: str


class ProgramLog(logging.Handler):
    """Keeps the last records, whichever thread they come from.

    Attributes:
        count: records so far, of which the last ``MOST_KEPT`` are kept.
        path: the log file; None where none is written.
    """

    def __init__(self, *, most: int = MOST_KEPT) -> None:
        super().__init__()
        self.count = 0
        self.path: Path | None = None
        self._lines: deque[LogLine] = deque(maxlen=most)
        self._file: logging.Handler | None = None
        self._level_before = logging.NOTSET

    def emit(self, record: logging.LogRecord) -> None:
        """Called with the handler's lock held."""
        subject = record.name.removeprefix("histoviewer.")
        at = datetime.fromtimestamp(record.created)
        self._lines.append(LogLine(at, record.levelno, subject, logging.Formatter().format(record)))
        self.count += 1

    def lines(self, least: int = logging.NOTSET) -> list[LogLine]:
        """Those of this level and above, oldest first."""
        self.acquire()
        try:
            return [line for line in self._lines if line.level >= least]
        finally:
            self.release()

    def start(self, folder: Path | None = None) -> None:
        """Take what all loggers say from now on, and write it into a file in ``folder``; None: into none.

        A folder that cannot be written to is no reason not to start: then there is no file.
        """
        root, ours = logging.getLogger(), logging.getLogger("histoviewer")
        self._level_before = ours.level
        if not root.isEnabledFor(logging.DEBUG):
            ours.setLevel(logging.INFO)  # more than the terminal shows
        root.addHandler(self)
        if folder is not None:
            self._open_file(folder)

    def stop(self) -> None:
        """As it was before."""
        root = logging.getLogger()
        logging.getLogger("histoviewer").setLevel(self._level_before)
        root.removeHandler(self)
        if self._file is not None:
            root.removeHandler(self._file)
            self._file.close()
            self._file = None

    def _open_file(self, folder: Path) -> None:
        path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = _LogFile(path)
        except OSError as error:
            log.info("no log file in %s: %s", folder, reason_of(error))
            return
        logging.getLogger().addHandler(self._file)
        self.path = path


class _LogFile(RotatingFileHandler):
    """A disk that is full, or another window that holds the file, costs lines of the log and nothing else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8", errors="backslashreplace"
        )
        self.setFormatter(logging.Formatter(_FORMAT))

    def handleError(self, record: logging.LogRecord) -> None:
        del record
