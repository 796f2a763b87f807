"""What the session does, for the log."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject

from histoviewer.gui.progress import Progress
from histoviewer.gui.session import Session
from histoviewer.gui.versions import versions_line

start_log = logging.getLogger("histoviewer.start")
run_log = logging.getLogger("histoviewer.runs")
message_log = logging.getLogger("histoviewer.messages")


class SessionLog(QObject):
    """Writes down what runs here, what is judged, and what is told. Lives in the GUI thread."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._was_running = False
        self._progress: Progress | None = None
        start_log.info("%s", versions_line())
        start_log.info("model %s, sha256 %s", session.card.title, session.card.sha256)
        session.progressed.connect(self._on_progressed)
        session.run_changed.connect(self._on_run_changed)
        session.failed.connect(self._on_failed)
        session.run_troubled.connect(self._on_failed)
        session.noted.connect(self._on_noted)

    def _on_progressed(self, progress: Progress) -> None:
        self._progress = progress

    def _on_run_changed(self) -> None:
        is_running, progress = self._session.is_running, self._session.progress()
        self._progress = progress or self._progress
        if is_running and not self._was_running and progress is not None:
            run_log.info("classifying %d patches", progress.total)
        elif self._was_running and not is_running:
            run_log.info("classifying ended")
        self._was_running = is_running

    def _on_failed(self, message: str) -> None:
        message_log.warning("%s", message)

    def _on_noted(self, message: str) -> None:
        message_log.info("%s", message)
