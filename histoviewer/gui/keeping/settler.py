"""Result files that are whole soon after each decision, for whoever copies them."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from histoviewer.errors import ResultError
from histoviewer.gui.background import Background
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.results.copies import settle

log = logging.getLogger("histoviewer.results")

SETTLE_MS = 1000
"""What is decided within so long is settled together."""


class Settler(QObject):
    """Settles the result files of what was decided, or judged, in a thread of its own. GUI thread."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._paths: set[Path] = set()
        self._work = Background(self)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._settle)
        session.reviewing.changed.connect(self._on_decided)
        session.run_changed.connect(self._on_run_changed)

    def shut_down(self) -> None:
        """Files are whole once they are closed."""
        self._soon.stop()
        self._work.shut_down()

    def _on_decided(self, opened: OpenSource) -> None:
        self._want([opened])

    def _on_run_changed(self) -> None:
        if not self._session.is_running:
            self._want(self._session.sources)

    def _want(self, sources: list[OpenSource]) -> None:
        self._paths |= {opened.store.path for opened in sources if not opened.not_kept}
        if self._paths and not self._soon.isActive():
            self._soon.start()

    def _settle(self) -> None:
        paths, self._paths = self._paths, set()

        self._work.start(lambda _check: _settle_all(paths), defect="result files cannot be settled")


def _settle_all(paths: set[Path]) -> None:
    """One that cannot be is whole when it is closed: that is for the log."""
    for path in sorted(paths):
        try:
            if path.exists():
                settle(path)
        except ResultError as error:
            log.warning("%s", error)
