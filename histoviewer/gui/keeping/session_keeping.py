"""What is open survives a crash: kept while the window lives, offered at the next start."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTabBar, QWidget

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.keeping.restore_offer import RestoreOffer
from histoviewer.gui.keeping.restorer import Restorer
from histoviewer.gui.keeping.settler import Settler
from histoviewer.gui.keeping.state_files import LeftBehind, left_behind, state_folder
from histoviewer.gui.keeping.state_keeper import StateKeeper
from histoviewer.gui.session import Session


class SessionKeeping(QObject):
    """Joins the keeper of this window, and the offer of what others have left behind.

    Attributes:
        offer: the line to be put above the canvas.
        settler: makes result files whole soon after each decision; to be shut down before they are closed.
        keeper: None where nothing is kept.
    """

    def __init__(
        self, session: Session, view: SlideView, tabs: QTabBar, parent: QWidget, *, is_kept: bool
    ) -> None:
        """Without ``is_kept`` nothing is written, and nothing is offered."""
        super().__init__(parent)
        self.offer = RestoreOffer(parent)
        self.settler = Settler(session, self)
        self.keeper: StateKeeper | None = None
        self._left: Sequence[LeftBehind] = ()
        self._restorer = Restorer(session, view, tabs, self)
        self.offer.accepted.connect(self._restore)
        self.offer.declined.connect(self._forget)
        if is_kept:
            self._left = left_behind(state_folder())
            self.offer.show_offer(self._left)
            self.keeper = StateKeeper(session, view, tabs, state_folder(), self)

    def finish(self) -> None:
        """The window closes. What is still on offer is offered by the next."""
        if self.keeper is not None:
            self.keeper.finish()
        for one in self._left:
            one.let_go()
        self._left = ()

    def _restore(self) -> None:
        left, self._left = self._left, ()
        self._restorer.restore(left)

    def _forget(self) -> None:
        for one in self._left:
            one.remove()
        self._left = ()
