"""Two views side by side: what the menu offers for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.actions import window_action
from histoviewer.gui.canvas.two_views import TwoViews


class TwoViewsMenu(QObject):
    """Adds to a menu: two views, whether they move together, and the way from one to the other."""

    def __init__(self, menu: QMenu, window: QWidget, views: TwoViews, show_slide: Callable[[], None]) -> None:
        """``show_slide``: brings the views to the front, where something else is."""
        super().__init__(window)
        self._views = views
        self._show_slide = show_slide
        self._double = self._toggle(window, self.tr("T&wo views"), "Ctrl+Alt+2")
        self._together = self._toggle(window, self.tr("Views mo&ve together"), "Ctrl+Alt+S")
        self._together.setChecked(True)
        self._other = window_action(window, self.tr("&Next view"), views.go_to_other, "F6")
        menu.addActions([self._double, self._together, self._other])
        self._double.toggled.connect(self._set_double)
        self._together.toggled.connect(views.set_synchronised)
        views.changed.connect(self._show_enabled)
        self._show_enabled()

    def _toggle(self, window: QWidget, text: str, key: str) -> QAction:
        action = QAction(text, window, checkable=True)
        action.setShortcut(QKeySequence(key))
        window.addAction(action)
        return action

    def _set_double(self, is_double: bool) -> None:
        self._views.set_double(is_double)
        if is_double:
            self._show_slide()

    def _show_enabled(self) -> None:
        is_double = self._views.is_double
        self._double.setEnabled(is_double or bool(self._views.shown_views()))
        for action in (self._together, self._other):
            action.setEnabled(is_double)
