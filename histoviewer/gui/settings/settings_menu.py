"""The settings of a window: its menu entry, and what they do."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from histoviewer.gui.actions import window_action
from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.reviewing.reviewing import user_name
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import KeptPreferences
from histoviewer.gui.settings.settings_window import SettingsWindow
from histoviewer.gui.theme import set_appearance


class SettingsMenu(QObject):
    """Adds the settings to a menu, and sees that what is chosen is so.

    Attributes:
        preferences: what is chosen.
    """

    def __init__(
        self, window: QMainWindow, settings: QSettings | None, views: TwoViews, session: Session
    ) -> None:
        """``settings``: where they are kept; None keeps nothing."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._views = views
        self.preferences = KeptPreferences(settings, self)
        self._at_start = self.preferences.chosen
        self._appearance = "system"
        self.preferences.changed.connect(self._apply)
        self._apply()
        session.blind.switched.connect(self._keep_blind)

    def add_to(self, menu: QMenu) -> None:
        menu.addAction(window_action(self._window, self.tr("&Settings…"), self._show, "Ctrl+,"))

    def _apply(self) -> None:
        chosen = self.preferences.chosen
        self._views.set_tile_memory(chosen.tile_mib * 2**20)
        self._session.blind.set_reviewer(chosen.reviewer or user_name())
        self._session.blind.set_on(chosen.is_blind)
        app = QApplication.instance()
        if chosen.appearance != self._appearance and isinstance(app, QApplication):
            self._appearance = chosen.appearance
            set_appearance(app, chosen.appearance)

    def _keep_blind(self) -> None:
        self.preferences.choose(is_blind=self._session.blind.is_on)

    def _show(self) -> None:
        shown = self._window.findChild(SettingsWindow)
        shown = shown or SettingsWindow(self.preferences, self._at_start, self._window)
        shown.show()
        shown.raise_()
        shown.activateWindow()
