"""The entries of the View menu that say how the slide is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from histoviewer.gui.look.look import CHANNELS
from histoviewer.gui.look.look_panel import LookPanel
from histoviewer.gui.session import Session


class LookMenu(QObject):
    """One stain or all colours, the colour profile, and the window with brightness and contrast."""

    def __init__(self, session: Session, window: QMainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._eye = session.eye
        self.panel = LookPanel(session.eye, window)
        self._channels = QActionGroup(self)
        self._make_channels()
        self._tones = QAction(self.tr("&Brightness and contrast…"), self, shortcut=QKeySequence("Shift+C"))
        self._tones.setToolTip(self.tr("Brightness, contrast and gamma of what is shown (Shift+C)"))
        self._profile = QAction(self.tr("Colour &profile of the file"), self, checkable=True)
        # On the window too: the keys go on while the menu bar is hidden.
        window.addActions([*self._channels.actions(), self._tones, self._profile])
        self._channels.triggered.connect(self._on_channel)
        self._tones.triggered.connect(self.panel.toggle)
        self._profile.toggled.connect(self._on_profile)
        self._eye.changed.connect(self._show_look)
        session.slide_changed.connect(self._show_slide)
        self._show_look()
        self._show_slide()

    def add_to(self, menu: QMenu) -> None:
        """A submenu of its own."""
        colours = menu.addMenu(self.tr("&Colours"))
        colours.setToolTipsVisible(True)
        colours.addActions(self._channels.actions())
        colours.addSeparator()
        colours.addActions([self._tones, self._profile])

    def _make_channels(self) -> None:
        texts = {
            "original": (self.tr("&Original"), self.tr("All colours; again: brightness as it was, too (1)")),
            "haematoxylin": (
                self.tr("&Haematoxylin"),
                self.tr("What haematoxylin takes out of the light (2)"),
            ),
            "eosin": (self.tr("&Eosin"), self.tr("What eosin takes out of the light (3)")),
            "residual": (
                self.tr("&Residual"),
                self.tr("What neither of the two stains explains, four times as strong (4)"),
            ),
        }
        for number, channel in enumerate(CHANNELS, start=1):
            text, tip = texts[channel]
            action = QAction(text, self._channels, checkable=True, shortcut=QKeySequence(str(number)))
            action.setToolTip(tip)
            action.setData(channel)

    def _on_channel(self, action: QAction) -> None:
        if action.data() == "original":
            self._eye.step_back()
        else:
            self._eye.set_look(channel=action.data())

    def _on_profile(self, is_on: bool) -> None:
        if self._eye.profile is not None:
            self._eye.set_look(uses_profile=is_on)

    def _show_slide(self) -> None:
        self._channels.setEnabled(self._session.slide is not None)

    def _show_look(self) -> None:
        for action in self._channels.actions():
            action.setChecked(action.data() == self._eye.look.channel)
        has_profile = self._eye.profile is not None
        self._profile.setEnabled(has_profile)
        self._profile.setChecked(has_profile and self._eye.look.uses_profile)
        self._profile.setToolTip(self._profile_text())

    def _profile_text(self) -> str:
        if self._eye.profile_problem:
            return self.tr("The colour profile in this file cannot be used: {0}").format(
                self._eye.profile_problem
            )
        if self._eye.profile is None:
            return self.tr("This file carries no colour profile")
        if self._eye.profile.is_srgb:
            return self.tr("The profile in this file is the screen's own, sRGB: it changes nothing")
        return self.tr(
            "Show the colours that the profile in the file means; the model is given them as stored"
        )
