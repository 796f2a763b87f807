"""Opens again what was open when the program died."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTabBar

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.keeping.open_state import OpenState, merged
from histoviewer.gui.keeping.state_files import LeftBehind
from histoviewer.gui.open_source import true_path
from histoviewer.gui.session import Session


class Restorer(QObject):
    """Brings a window to what another one showed. GUI thread.

    What was judged comes back with its result file. What was left behind is removed once all of it has been
    opened: should that end the program too, it is still there.
    """

    def __init__(
        self, session: Session, view: SlideView, tabs: QTabBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._view, self._tabs = session, view, tabs
        self._left: Sequence[LeftBehind] = ()
        self._awaited: OpenState | None = None
        session.opener.opened.connect(self._on_opened)
        session.opener.known.connect(self._on_known)
        session.opener.finished.connect(self._on_finished)

    def restore(self, left: Sequence[LeftBehind]) -> None:
        """Begin; the source that was in front is opened first."""
        self._left = left
        self._awaited = state = merged(one.state for one in left)
        front = state.sources[state.current]
        others = [source for source in state.sources if source is not front]
        self._session.set_threshold(state.threshold)
        self._session.open_again((source.path, source.mpp) for source in (front, *others))

    def _on_opened(self, opened: object) -> None:
        del opened
        self._place()

    def _on_known(self, path: Path) -> None:
        del path
        self._place()

    def _place(self) -> None:
        """The source in front has come: show the part of it that was looked at."""
        state, current = self._awaited, self._session.current
        if state is None or current is None:
            return
        if current.true_path != true_path(state.sources[state.current].path):
            return
        self._awaited = None
        if state.slide is not None and state.slide in current.source.slides():
            self._session.show_slide(state.slide)
        self._tabs.setCurrentIndex(state.tab)
        if state.view is not None:
            self._view.turn_to(state.view.rotation)
            self._view.zoom_to_downsample(1 / state.view.scale)
            self._view.centre_on(state.view.x, state.view.y)

    def _on_finished(self) -> None:
        self._awaited = None
        for one in self._left:
            one.remove()
        self._left = ()
