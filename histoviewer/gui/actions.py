"""How an action of the window is made, wherever its menu is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def window_action(window: QWidget, text: str, slot: Callable[[], object], *keys: str) -> QAction:
    """An action that its keys reach also while menus are hidden; put it into a menu to be found."""
    action = QAction(text, window)
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.triggered.connect(slot)
    window.addAction(action)
    return action
