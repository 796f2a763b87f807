"""Esc leaves the nearest thing first, and cancels a run last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def takes_escape(event: QEvent, has_use: Callable[[], bool] = lambda: True) -> bool:
    """Whether this asks who has a use for Esc of their own, and then takes it from the window's shortcut.

    For a widget's ``event``, which ``has_use`` for it while Esc leaves something there; it comes to
    ``keyPressEvent`` then.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Escape or not has_use():
        return False
    event.accept()
    return True
