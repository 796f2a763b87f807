"""What the menus do with sources as a whole: open recent, reopen, close all, classify all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from histoviewer.gui.classify_all import ClassifyAll
from histoviewer.gui.keeping.closed_sources import ClosedSources
from histoviewer.gui.keeping.recent_menu import RecentMenu
from histoviewer.gui.keeping.recent_paths import RecentPaths
from histoviewer.gui.session import Session


class SourceActions(QObject):
    """The actions of a window; each knows by itself whether there is something to do."""

    def __init__(self, session: Session, settings: QSettings | None, window: QMainWindow) -> None:
        """``settings``: where recent paths are kept; None keeps nothing."""
        super().__init__(window)
        self._session = session
        self._closed = ClosedSources(session, self)
        self._all = ClassifyAll(session, self)
        self._recent = RecentMenu(session, RecentPaths(session, settings, self), window)
        self._reopen = self._action(self.tr("Reo&pen closed"), self._closed.reopen, "Ctrl+Shift+T")
        self._close_all = self._action(self.tr("Close &all"), self._closed.close_all, "Ctrl+Shift+W")
        self._classify_all = self._action(self.tr("Classify &all"), self._all.classify, "Shift+F5")
        self._closed.changed.connect(self._show)
        session.sources_changed.connect(self._show)
        session.run_changed.connect(self._show)
        self._show()

    def add_opening(self, menu: QMenu) -> None:
        menu.addMenu(self._recent)
        menu.addAction(self._reopen)

    def add_closing(self, menu: QMenu) -> None:
        menu.addAction(self._close_all)

    def add_classifying(self, menu: QMenu) -> None:
        menu.addAction(self._classify_all)

    def _action(self, text: str, slot: Callable[[], object], key: str) -> QAction:
        window = self.parent()
        assert isinstance(window, QMainWindow)
        action = QAction(text, window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(slot)
        window.addAction(action)  # its key works while the menu bar is hidden
        return action

    def _show(self) -> None:
        self._reopen.setEnabled(self._closed.can_reopen)
        self._close_all.setEnabled(bool(self._session.sources))
        self._classify_all.setEnabled(self._all.can_classify)
