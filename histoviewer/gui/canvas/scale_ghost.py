"""The scale ghost: which square the model judges under the cursor, and with which pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.ghost_layer import GhostLayer
from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.square_loader import SquareLoader
from histoviewer.gui.formatting import significant
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.patches.patch import TRUNCATED
from histoviewer.patches.square import Square, square_around, square_of_patch


class ScaleGhost(QObject):
    """Follows the cursor over a view while the session's overlay has it on. GUI thread.

    On a patch it is that patch, with the pixels that its source gives the model; elsewhere the square
    around the cursor, read the same way. Nothing is drawn of a slide whose scale is unknown.

    Attributes:
        layer: what is seen of it.
        loader: reads the pixels.
    """

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session, self._shown = session, shown
        self._at: tuple[float, float] | None = None
        self._square: Square | None = None
        self.layer = GhostLayer(view)
        self.loader = SquareLoader(self)
        self.loader.loaded.connect(self._on_loaded)
        view.hovered.connect(self._on_hovered)
        view.hover_left.connect(self._on_hover_left)
        shown.leaving.connect(self.let_go)
        shown.changed.connect(self._on_hover_left)
        session.overlay_changed.connect(self._show)

    def _on_hovered(self, x: float, y: float) -> None:
        self._at = (x, y)
        self._show()

    def _on_hover_left(self) -> None:
        self._at = None
        self._show()

    def let_go(self) -> None:
        """The source is about to be closed: nothing may read it any more."""
        self._on_hover_left()
        self.loader.finish()

    def _show(self) -> None:
        opened, at = self._shown.opened, self._at
        if opened is None or at is None or not self._session.overlay.has_ghost:
            self._square = None
            self.layer.clear()
            return
        problem = self._problem(opened)
        if problem:
            self._square = None
            self.layer.tell(problem, at)
            return
        square = self._square_at(opened, *at)
        self.layer.show_square(square.box, (self._caption(), self._note(opened, square)), at)
        if square != self._square:
            self._square = square
            self.loader.want(square)

    def _problem(self, opened: OpenSource) -> str:
        """Why no square can be shown."""
        slide = self._shown.slide
        if opened.scale_problem or slide is None or slide.mpp is None:
            return self.tr("Scale unknown: how large the model's square is here cannot be said")
        if opened.only_to_look:
            return self.tr("Too coarse for the model, which judges at {mpp} µm/px").format(mpp=self._mpp())
        return ""

    def _square_at(self, opened: OpenSource, x: float, y: float) -> Square:
        name, mpp = self._shown.name or "", self._session.card.mpp
        row = opened.row_at(name, x, y)
        if row is None:
            return square_around(opened.source, name, x, y, model_mpp=mpp)
        return square_of_patch(opened.source, name, row, block=int(opened.block_of[row]), model_mpp=mpp)

    def _caption(self) -> str:
        card = self._session.card
        side, length = card.input_size, significant(card.input_size * card.mpp)
        return self.tr("{side} × {side} px at {mpp} µm/px = {length} µm").format(
            side=side, mpp=self._mpp(), length=length
        )

    def _mpp(self) -> str:
        text = significant(self._session.card.mpp)
        return text if "." in text else f"{text}.0"

    def _note(self, opened: OpenSource, square: Square) -> str:
        if square.row is None:
            return self.tr("no patch here: not judged")
        if opened.store.note(square.row) == TRUNCATED:
            return self.tr("this patch, filled up with white")
        return self.tr("this patch, as the model gets it")

    def _on_loaded(self, square: Square, pixels: NDArray[np.uint8] | None, problem: str) -> None:
        if square is not self._square or self._at is None:
            return
        self.layer.set_pixels(pixels)
        if problem:
            self.layer.show_square(square.box, (self.tr("cannot be read"), problem), self._at)


class GhostSwitch(QObject):
    """The action that shows the scale ghost and hides it. GUI thread.

    Attributes:
        action: for a menu.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        """``window``: where its key works."""
        super().__init__(window)
        self._session = session
        self.action = QAction(self.tr("Scale &ghost"), window, checkable=True)
        self.action.setShortcut(QKeySequence("G"))
        self.action.setToolTip(self.tr("The square that the model judges, and its pixels (G)"))
        window.addAction(self.action)
        self.action.toggled.connect(self._on_toggled)

    def _on_toggled(self, is_on: bool) -> None:
        self._session.set_overlay(has_ghost=is_on)
