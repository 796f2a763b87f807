"""Keys of a person who reviews."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def press(qtbot: QtBot, window: MainWindow, *keys: Key, modifier: Modifier = Modifier.NoModifier) -> None:
    target = window.canvas.view if window.canvas.view.isVisible() else window.gallery_page.gallery
    for key in keys:
        qtbot.keyClick(target, key, modifier)
