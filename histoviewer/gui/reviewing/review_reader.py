"""Reading another person's result file away from the GUI thread."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from histoviewer.gui.background import Background, Check
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

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wanted: tuple[OpenSource, Path] | None = None
        self._background = Background(self)
        self._background.done.connect(self._on_done)
        self._background.failed.connect(self._on_failed)

    @property
    def is_busy(self) -> bool:
        return self._background.is_busy

    def read(self, path: Path, opened: OpenSource) -> None:
        """Read it for this source; what is being read already is given up."""
        self.cancel()
        self._wanted = opened, path
        self.began.emit(path.name)
        columns, own_path = opened.store.columns, opened.store.path

        def work(check: Check) -> Others:
            return read_others(path, columns, own_path=own_path, check=check)

        defect = self.tr("Reading {path} failed unexpectedly; the log says why.").format(path=path)
        self._background.start(work, defect=defect)

    def cancel(self) -> None:
        """Give it up. Nothing was changed."""
        if self.is_busy:
            self._background.cancel()
            self._wanted = None
            self.ended.emit()

    def shut_down(self) -> None:
        """Give it up, waiting until no thread is at work."""
        self.cancel()
        self._background.shut_down()

    def _on_done(self, others: Others) -> None:
        wanted, self._wanted = self._wanted, None
        self.ended.emit()
        if wanted is not None:
            log.info("%s: read", wanted[1])
            self.found.emit(*wanted, others)

    def _on_failed(self, problem: str) -> None:
        self._wanted = None
        self.ended.emit()
        log.info("%s", problem)
        self.failed.emit(problem)
