"""The middle of the window: an invitation, the slide, or the gallery."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
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

    Signals:
        chosen_changed(): ``chosen_rows`` may be others.
    """

    chosen_changed = Signal()

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
        self.gallery_page.gallery.selection.changed.connect(self.chosen_changed)
        self.currentChanged.connect(self.chosen_changed)
        session.area.changed.connect(self.chosen_changed)

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

    def chosen_rows(self) -> NDArray[np.intp]:
        """The patches that what a person does next is about, intp: all that are selected in the gallery while
        that is in front, else those of the marked area, or the one selected."""
        if self.currentWidget() is self.gallery_page:
            return self.gallery_page.gallery.selection.rows
        if len(self._session.area.rows):
            return self._session.area.rows
        selected = self._session.selected
        return np.array([] if selected is None else [selected], np.intp)

    def show_row(self, row: int) -> None:
        """Select a patch, and bring it into view where one is."""
        self._session.select(row)
        if self.currentWidget() is self.views:
            self.views.fly_to(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.place()

    def zoom(self, steps: int) -> None:
        """Enlarge the slide or the thumbnails, whichever is in front; steps below 0 make them smaller."""
        if self.currentWidget() is self.gallery_page:
            self.gallery_page.gallery.enlarge(steps)
        else:
            self.views.active.view.zoom_by(KEY_ZOOM**steps)
