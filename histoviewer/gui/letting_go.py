"""Closing result files: what is in memory only is not lost without a word."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from histoviewer.errors import ResultError
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.reviewing import Reviewing


class LettingGo(QObject):
    """Saves and closes the results of sources, and remembers what was lost. What was decided of them is then
    no longer undone. GUI thread.

    Signals: failed(str): one line.
    """

    failed = Signal(str)

    def __init__(self, reviewing: Reviewing, parent: QObject) -> None:
        super().__init__(parent)
        self._reviewing = reviewing
        self._lost: list[str] = []

    def is_saved(self, opened: OpenSource) -> bool:
        """Write what is not in the file yet; False, and told, where it does not get there."""
        try:
            opened.store.save()
        except ResultError as error:
            stays = self.tr("{name} stays open. Then close it again.").format(name=opened.source.name)
            self.failed.emit(f"{error} {stays}")
            return False
        return True

    def close(self, opened: OpenSource) -> None:
        """Close its results, whether or not all of them could be kept."""
        self._reviewing.forget(opened)
        try:
            opened.store.close()
        except ResultError as error:
            self._lost.append(f"{opened.source.name}: {error}")
            self.failed.emit(self._lost[-1])

    def take_lost(self) -> list[str]:
        """A line for each source of which something was lost; then they are forgotten."""
        lost, self._lost = self._lost, []
        return lost
