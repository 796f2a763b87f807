"""Writes down what is open, so that it can be restored after a crash."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTabBar

from histoviewer.gui.canvas.navigator import FIT
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.keeping.open_state import KeptSource, KeptView, OpenState
from histoviewer.gui.keeping.state_files import StateFile
from histoviewer.gui.session import Session

KEEP_MS = 1000
"""What changes within so long is written together."""


class StateKeeper(QObject):
    """Follows a window and writes its state in a thread of its own, soon after each change. GUI thread."""

    def __init__(
        self, session: Session, view: SlideView, tabs: QTabBar, folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._view, self._tabs = session, view, tabs
        self._file = StateFile(folder)
        self._written: OpenState | None = None
        self._is_finished = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="what is open")
        self._soon = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._soon.timeout.connect(self._keep)
        for signal in (
            session.sources_changed,
            session.current_changed,
            session.slide_changed,
            session.threshold_changed,
            view.visible_changed,
            tabs.currentChanged,
        ):
            signal.connect(self._on_changed)

    @property
    def path(self) -> Path:
        """The file, there while something is open."""
        return self._file.path

    def finish(self) -> None:
        """The window closes as it should: nothing is to be restored."""
        self._is_finished = True
        self._soon.stop()
        self._thread.shutdown()
        self._file.remove()

    def _on_changed(self) -> None:
        # Not put off by each further change: a person who pans for minutes is not lost.
        if not self._soon.isActive() and not self._is_finished:
            self._soon.start()

    def _keep(self) -> None:
        state = self._state()
        if state == self._written:
            return
        self._written = state
        if state is None:
            self._thread.submit(self._file.remove)
        else:
            self._thread.submit(self._file.write, state.to_json())

    def _state(self) -> OpenState | None:
        session = self._session
        if session.current is None:
            return None
        return OpenState(
            sources=tuple(
                KeptSource(opened.source.path.absolute(), opened.given_mpp) for opened in session.sources
            ),
            current=session.sources.index(session.current),
            slide=session.slide_name,
            view=self._kept_view(),
            threshold=session.threshold,
            tab=self._tabs.currentIndex(),
        )

    def _kept_view(self) -> KeptView | None:
        slide, view = self._session.slide, self._view.transform
        if slide is None or self._view.slide is not slide:
            return None  # another view shows it: this one's place is of another slide
        if view.rotation == 0 and _is_close(view, view.fitted(slide.bounds, FIT)):
            return None
        return KeptView(view.x, view.y, view.scale, view.rotation)


def _is_close(view: ViewTransform, other: ViewTransform) -> bool:
    """Within a pixel."""
    is_as_large = math.isclose(view.scale, other.scale, rel_tol=1e-3)
    return is_as_large and math.hypot(view.x - other.x, view.y - other.y) * view.scale < 1
