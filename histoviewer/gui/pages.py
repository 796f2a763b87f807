"""The middle of the window: an invitation, the slide, or the gallery."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from histoviewer.gui.canvas.hand import KEY_ZOOM
from histoviewer.gui.canvas.hint import Hint
from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.gallery.gallery_page import GalleryPage
from histoviewer.gui.panels.empty_state import EmptyState
from histoviewer.gui.session import Session

SLIDE_TAB, PATCHES_TAB = 0, 1


class Pages(QStackedWidget):
    """One of three pages, as the session and the tabs say.

    Attributes:
        empty, views, gallery_page: the pages.
        canvas: the first of the views.
        hint: a line that shows itself over them for a moment.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.empty = EmptyState(self)
        self.views = TwoViews(session, self)
        self.canvas = self.views.first
        self.gallery_page = GalleryPage(session, self)
        for page in (self.empty, self.views, self.gallery_page):
            self.addWidget(page)
        self.hint = Hint(self)

    def show_tab(self, tab: int, *, takes_focus: bool) -> None:
        """The page of a tab, or the invitation while nothing is open; ``takes_focus``: ready for its keys."""
        if self._session.current is None:
            page: QWidget = self.empty
        else:
            page = self.gallery_page if tab == PATCHES_TAB else self.views
        if page is not self.currentWidget():
            self.setCurrentWidget(page)
            self.setFocusProxy(page)
            if takes_focus:
                page.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.place()

    def zoom(self, steps: int) -> None:
        """Enlarge the slide or the thumbnails, whichever is in front; steps below 0 make them smaller."""
        if self.currentWidget() is self.gallery_page:
            self.gallery_page.gallery.enlarge(steps)
        else:
            self.views.active.view.zoom_by(KEY_ZOOM**steps)
