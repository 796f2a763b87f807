"""Keys that are one letter, under a keyboard layout that has other letters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

_ON_THE_RUSSIAN_KEYS = dict(zip("ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЯЧСМИТЬ", "QWERTYUIOP[]ASDFGHJKLZXCVBNM", strict=True))
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


def latin_keys(event: QKeyEvent) -> QKeySequence | None:
    """What the same key gives on a Latin keyboard; None unless it is a Russian letter, with Shift at most.

    With Ctrl or Alt, Qt looks it up itself, on every system.
    """
    letter = _ON_THE_RUSSIAN_KEYS.get(event.text().upper())
    if letter is None or event.modifiers() not in _PLAIN:
        return None
    return QKeySequence(
        f"Shift+{letter}" if event.modifiers() == Qt.KeyboardModifier.ShiftModifier else letter
    )


def trigger_by_place(event: QKeyEvent, window: QWidget) -> bool:
    """Do what the key does on a Latin keyboard; False where the window has no such action.

    For keys that nobody has taken: where Qt finds the shortcut by itself, they never come here.
    """
    keys = latin_keys(event)
    if keys is None:
        return False
    found = next((a for a in window.actions() if a.isEnabled() and keys in a.shortcuts()), None)
    if found is not None:
        found.trigger()
    return found is not None
