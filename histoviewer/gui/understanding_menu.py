"""What helps to understand the model's answer for a patch: why, and what it is like."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from histoviewer.gui.canvas.why_layer import WhySwitch
from histoviewer.gui.session import Session


def add_understanding(menu: QMenu, session: Session, window: QWidget) -> None:
    """Add the actions to a menu; ``window``: where their keys work."""
    WhySwitch(session, window).add_to(menu)
    menu.addAction(SimilarSwitch(session, window).action)


class SimilarSwitch(QObject):
    """The action that shows which patches of the training the selected one is most like. GUI thread.

    Attributes:
        action: for a menu; disabled where the model does not know its patches.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        """``window``: where its key works."""
        super().__init__(window)
        self._session = session
        self.action = QAction(self.tr("Show most ali&ke"), window, checkable=True)
        self.action.setShortcut(QKeySequence("A"))
        self.action.setToolTip(self.tr("The patches of the training that the selected one is most like (A)"))
        self.action.setEnabled(session.similarity.is_possible)
        window.addAction(self.action)
        self.action.toggled.connect(self._on_toggled)
        session.overlay_changed.connect(self._show)
        self._show()

    def _on_toggled(self, is_on: bool) -> None:
        self._session.set_overlay(has_similar=is_on)

    def _show(self) -> None:
        self.action.setChecked(self._session.overlay.has_similar)
