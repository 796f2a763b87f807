"""The window over the whole screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.canvas.hint import Hint

_FULL = Qt.WindowState.WindowFullScreen


class FullScreen(QObject):
    """Adds to a menu what fills the screen with the window, and brings it back as it was."""

    def __init__(self, menu: QMenu, window: QWidget, hint: Hint) -> None:
        """``hint``: where the way back is said."""
        super().__init__(window)
        self._window = window
        self._hint = hint
        self._action = QAction(self.tr("Full scr&een"), window, checkable=True)
        self._action.setShortcut(QKeySequence("F11"))
        self._action.toggled.connect(self._fill)
        window.addAction(self._action)
        menu.addAction(self._action)
        window.installEventFilter(self)

    @property
    def is_full(self) -> bool:
        return self._action.isChecked()

    def leave(self) -> bool:
        """Back to a window; False where it is one."""
        was_full = self._action.isChecked()
        self._action.setChecked(False)
        return was_full

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The system's own button does the same as ours."""
        if event.type() == QEvent.Type.WindowStateChange and watched is self._window:
            self._action.setChecked(bool(self._window.windowState() & _FULL))
        return False

    def _fill(self, is_full: bool) -> None:
        state = self._window.windowState()
        self._window.setWindowState(state | _FULL if is_full else state & ~_FULL)
        if is_full:
            self._hint.show_text(self.tr("F11 or Esc leaves full screen"))
        else:
            self._hint.dismiss()
