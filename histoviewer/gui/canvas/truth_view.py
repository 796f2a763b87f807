"""The truth over a canvas' slide, and the switch that shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.shown_slide import ShownSlide
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.truth_layer import TruthLayer
from histoviewer.gui.canvas.truth_map import TruthMap
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.patches.patch import UNKNOWN
from histoviewer.slides.base import Slide


class TruthView(QObject):
    """Shows on a view what the data set says of the patches on its slide, while the session's overlay has it
    on. A setting of the view: no result follows from it. GUI thread.

    Attributes:
        layer: what is seen of it.
    """

    def __init__(self, session: Session, shown: ShownSlide, view: SlideView) -> None:
        """``shown``: what the view shows."""
        super().__init__(view)
        self._session = session
        self._what = shown
        self.layer = TruthLayer(view)
        self._shown: Slide | None = None
        for signal in (
            *(shown.changed, shown.leaving, shown.heatmap_changed),
            *(session.overlay_changed, session.blind.switched),
        ):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        overlay, what = self._session.overlay, self._what
        is_shown = overlay.is_truth_visible and not (overlay.is_peeking or self._session.blind.is_on)
        if not (is_shown and what.slide and has_truth(what.opened, what.name)):
            self.layer.hide()
            self._shown = None
            return
        if what.slide is not self._shown:
            self._show_slide()
        heatmap = what.heatmap
        has_heatmap = heatmap is not None and heatmap.has_answers
        # A tint would change the colours of the heat map, which stand for probabilities.
        self.layer.set_tinted(not (has_heatmap and overlay.is_visible and overlay.opacity > 0))
        self.layer.show()

    def _show_slide(self) -> None:
        opened, slide, heatmap = self._what.opened, self._what.slide, self._what.heatmap
        if opened is None or slide is None or heatmap is None:
            return
        rows = opened.source.rows(self._what.name or "")
        self.layer.set_truth(TruthMap.of(opened.source.columns, rows, heatmap), slide.bounds)
        self._shown = slide


class TruthSwitch(QObject):
    """The action that shows the truth and hides it; it rests where none is known. GUI thread.

    Attributes:
        action: for a menu.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        """``window``: where its key works."""
        super().__init__(window)
        self._session = session
        self.action = QAction(self.tr("&Truth"), window, checkable=True)
        self.action.setShortcut(QKeySequence("T"))
        self.action.setToolTip(self.tr("What the data set says of the patches (T)"))
        window.addAction(self.action)
        self.action.toggled.connect(self._on_toggled)
        session.slide_changed.connect(self._show)
        session.overlay_changed.connect(self._show)
        session.blind.switched.connect(self._show)
        self._show()

    def _on_toggled(self, is_on: bool) -> None:
        if is_on != self._session.overlay.is_truth_visible:
            self._session.set_overlay(is_truth_visible=is_on)

    def _show(self) -> None:
        session = self._session
        has_slide = session.slide is not None and has_truth(session.current, session.slide_name)
        self.action.setEnabled(has_slide and not session.blind.is_on)
        self.action.setChecked(self._session.overlay.is_truth_visible)


def has_truth(opened: OpenSource | None, slide: str | None) -> bool:
    """Whether the data set says of any patch on a slide of a source what it is."""
    if opened is None or slide is None:
        return False
    return bool((opened.source.columns.truth[opened.source.rows(slide)] != UNKNOWN).any())
