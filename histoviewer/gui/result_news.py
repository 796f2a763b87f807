"""News of a run, gathered: the first reach the widgets at once, all others about ten times a second, however
fast they come."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.run_troubles import RunTroubles
from histoviewer.inference.engine import Classified

REFRESH_MS = 100


class ResultNews(QObject):
    """Rows that were judged and not told of yet. GUI thread.

    Signals:
        due(): it is time to tell.
        troubled(str): what was wrong with the patches of a source, once the run has ended.
    """

    due = Signal()
    troubled = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._troubles = RunTroubles()
        self._rows: list[NDArray[np.intp]] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_due)
        self._told = QElapsedTimer()
        """Since the last news."""

    def add(self, opened: OpenSource, event: Classified, *, is_in_front: bool) -> None:
        """A block of this source was judged, and recorded."""
        self._troubles.add(opened, event)
        if is_in_front:
            self._rows.append(opened.store.changed)
        if not self._timer.isActive():
            waited = self._told.elapsed() if self._told.isValid() else REFRESH_MS
            self._timer.start(max(0, REFRESH_MS - waited))

    def _on_due(self) -> None:
        self._told.start()
        self.due.emit()

    def forget(self) -> None:
        """Another source is in front."""
        self._rows.clear()

    def end(self, sources: Iterable[OpenSource]) -> None:
        """The run has ended: it is due now. ``sources``: those that are still open."""
        self._timer.stop()
        self.due.emit()
        for line in self._troubles.take(sources):
            self.troubled.emit(line)

    def take(self) -> NDArray[np.intp] | None:
        """All of them, each once, ascending; then none is left. None where there were none."""
        rows, self._rows = self._rows, []
        return np.unique(np.concatenate(rows)) if rows else None
