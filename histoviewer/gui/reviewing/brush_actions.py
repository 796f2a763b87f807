"""The entries of the Review menu that are about the brush."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from histoviewer.gui.actions import window_action
from histoviewer.gui.session import Session


class BrushActions(QObject):
    """Takes the brush and lays it down, and changes its size.

    Attributes:
        actions: for a menu.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        """``window``: where the keys work."""
        super().__init__(window)
        self._session = session
        self._take = window_action(window, self.tr("Brus&h"), self._switch, "D")
        self._take.setCheckable(True)
        self._take.setToolTip(
            self.tr("Paint over patches to decide them together; Ctrl or Alt and drag takes away (D)")
        )
        self._smaller = window_action(window, self.tr("&Smaller brush"), lambda: self._grow(-1), "[")
        self._larger = window_action(window, self.tr("&Larger brush"), lambda: self._grow(1), "]")
        self.actions: tuple[QAction, ...] = (self._take, self._smaller, self._larger)
        session.brush.changed.connect(self._show)
        session.slide_changed.connect(self._show)
        self._show()

    def _switch(self) -> None:
        self._session.brush.set_on(not self._session.brush.is_on)

    def _grow(self, steps: int) -> None:
        self._session.brush.grow(steps)

    def _show(self) -> None:
        has_slide, is_on = self._session.slide is not None, self._session.brush.is_on
        self._take.setEnabled(has_slide)
        self._take.setChecked(is_on)
        for action in (self._smaller, self._larger):
            action.setEnabled(has_slide and is_on)
