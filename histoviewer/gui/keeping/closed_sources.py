"""What has been closed, and how to have it back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from histoviewer.gui.keeping.open_state import KeptSource
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session


class ClosedSources(QObject):
    """Remembers, while the program runs, what was closed and at which scale. GUI thread.

    Signals: changed(): there is something to reopen, or nothing any more.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: list[OpenSource] = []
        self._closed: list[list[KeptSource]] = []
        """The latest last; what was closed together comes back together."""
        self._together: list[KeptSource] | None = None
        session.sources_changed.connect(self._follow)

    @property
    def can_reopen(self) -> bool:
        return bool(self._closed)

    def reopen(self) -> None:
        """Open again what was closed last."""
        if self._closed:
            sources = self._closed.pop()
            self._session.open_again((source.path, source.mpp) for source in sources)
            self.changed.emit()

    def close_all(self) -> None:
        """Close everything; the one in front last, so that no other comes to the front meanwhile."""
        session = self._session
        self._together = []
        # Backwards: the pictures of the last ones still wait to be made, and are not waited for.
        others = [opened for opened in reversed(session.sources) if opened is not session.current]
        for opened in others:
            session.close_source(opened)
        if session.current is not None:
            session.close_source(session.current)
        closed, self._together = self._together, None
        self._add(closed[::-1])

    def _follow(self) -> None:
        sources = self._session.sources
        # At another scale it is another source, and the same thing.
        still_open = {opened.source.path for opened in sources}
        gone = [opened for opened in self._known if opened not in sources]
        self._known = list(sources)
        closed = [
            KeptSource(opened.source.path, opened.given_mpp)
            for opened in gone
            if opened.source.path not in still_open
        ]
        if self._together is not None:
            self._together += closed
        else:
            self._add(closed)

    def _add(self, closed: list[KeptSource]) -> None:
        if closed:
            self._closed.append(closed)
            self.changed.emit()
