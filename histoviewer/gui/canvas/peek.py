"""A key that takes everything off the slide for as long as it is held."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from histoviewer.gui.actions import window_action
from histoviewer.gui.keyboard_layout import latin_keys
from histoviewer.gui.session import Session

KEY = Qt.Key.Key_P


class Peek(QObject):
    """Hides heat map, contours, truth and reviews while ``P`` is down. GUI thread.

    Attributes:
        action: for a menu; it begins the look, and the key's release ends it.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self.action: QAction = window_action(
            window, self.tr("Tissue alone, while P is hel&d"), self._begin, "P"
        )
        self.action.setAutoRepeat(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if self._session.overlay.is_peeking and (_is_released(event) or _is_left(event)):
            self._set_peeking(False)
        return False

    def _begin(self) -> None:
        """Once more it ends: who chose it in the menu holds no key."""
        self._set_peeking(not self._session.overlay.is_peeking)

    def _set_peeking(self, is_peeking: bool) -> None:
        app = QApplication.instance()
        assert app is not None
        # Only meanwhile: every event of the program comes through a filter.
        (app.installEventFilter if is_peeking else app.removeEventFilter)(self)
        self._session.set_overlay(is_peeking=is_peeking)


def _is_released(event: QEvent) -> bool:
    if event.type() != QEvent.Type.KeyRelease or not isinstance(event, QKeyEvent) or event.isAutoRepeat():
        return False
    return event.key() == KEY or latin_keys(event) == QKeySequence(KEY)


def _is_left(event: QEvent) -> bool:
    """The key may be released where this window does not hear of it."""
    return event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate)
