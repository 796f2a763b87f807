"""Turning the slide: what the menu offers for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.actions import window_action
from histoviewer.gui.pages import Pages
from histoviewer.gui.panels.rotation_box import RotationBox
from histoviewer.gui.theme import GRID


class RotationMenu(QObject):
    """Adds a menu to a menu: a quarter turn either way, any angle, upright again."""

    def __init__(self, menu: QMenu, window: QWidget, pages: Pages) -> None:
        super().__init__(window)
        self._window = window
        self._pages, self._views = pages, pages.views
        rotate = menu.addMenu(self.tr("Rot&ate"))
        any_angle = window_action(window, self.tr("By any &angle…"), self.ask_angle, "Ctrl+Shift+R")
        any_angle.setToolTip(self.tr("Or hold Alt and drag the slide around its middle"))
        rotate.setToolTipsVisible(True)
        self._actions = (
            window_action(window, self.tr("90° to the &left"), self._left, "Ctrl+Shift+Left"),
            window_action(window, self.tr("90° to the &right"), self._right, "Ctrl+Shift+Right"),
            any_angle,
            window_action(window, self.tr("&Upright"), self._upright, "Ctrl+Shift+Up"),
        )
        rotate.addActions(self._actions)
        pages.currentChanged.connect(self._show)
        self._show()

    def ask_angle(self) -> None:
        """A small box over the slide in which the angle is typed or dialled; the slide follows at once."""
        view = self._views.active.view
        for earlier in self._window.findChildren(RotationBox):
            earlier.close()
        box = RotationBox(view, self._window)
        box.move(view.mapToGlobal(QPoint(2 * GRID, 2 * GRID)))
        box.show()

    def _show(self) -> None:
        """Of no use over the patches, where some of the keys do something else."""
        for action in self._actions:
            action.setEnabled(self._pages.currentWidget() is self._views)

    def _left(self) -> None:
        self._views.active.view.turn_by(-90)

    def _right(self) -> None:
        self._views.active.view.turn_by(90)

    def _upright(self) -> None:
        self._views.active.view.turn_to(0)
