"""What Esc leaves in the window, the nearest thing first; only then does it cancel a run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent

from histoviewer.gui.full_screen import FullScreen
from histoviewer.gui.pages import Pages
from histoviewer.gui.session import Session


class WayOut:
    """A marked area, then the brush, then the slide without panels, then the full screen."""

    def __init__(self, session: Session, pages: Pages, only_slide: QAction, full_screen: FullScreen) -> None:
        """``only_slide``: checked while the panels are hidden."""
        self._session, self._pages = session, pages
        self._only_slide, self._full_screen = only_slide, full_screen

    def is_there(self) -> bool:
        """There is something to leave."""
        return self._nearest() is not None

    def leave(self, event: QKeyEvent) -> bool:
        """Leave the nearest thing; False where it is another key, or there is nothing."""
        nearest = self._nearest() if event.key() == Qt.Key.Key_Escape else None
        if nearest is None:
            return False
        nearest()
        return True

    def _nearest(self) -> Callable[[], object] | None:
        is_slide_in_front = self._pages.currentWidget() is self._pages.views
        if is_slide_in_front and len(self._session.area.rows):
            return self._session.area.clear
        if is_slide_in_front and self._session.brush.is_on:
            return lambda: self._session.brush.set_on(False)
        if self._only_slide.isChecked():
            return lambda: self._only_slide.setChecked(False)
        return self._full_screen.leave if self._full_screen.is_full else None
