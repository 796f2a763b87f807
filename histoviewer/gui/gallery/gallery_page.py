"""Wires the gallery and its controls to the session."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from histoviewer.gui.gallery.gallery_actions import GalleryActions
from histoviewer.gui.gallery.gallery_bar import GalleryBar
from histoviewer.gui.gallery.gallery_order import GalleryOrder
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.scroll_row import ScrollRow
from histoviewer.gui.session import Session
from histoviewer.patches.patch import FAILED


class GalleryPage(QWidget):
    """All patches of the session's current source.

    While it is hidden it holds none: to sort and group a million patches takes time, and a slide that is
    opened does not wait for it.

    Signals:
        activated(int): the user wants to see this row on its slide.
        open_requested(): the user wants to open something.
    """

    activated = Signal(int)
    open_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: OpenSource | None = None
        self.bar = GalleryBar(self)
        self.gallery = PatchGallery(self)
        GalleryActions(self.gallery)
        self.setFocusProxy(self.gallery)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ScrollRow(self.bar, self))
        column.addWidget(self.gallery, 1)

        self.bar.order_changed.connect(self.gallery.set_order)
        self.bar.thumbnail_size_changed.connect(self.gallery.set_thumbnail_size)
        self.gallery.thumbnail_size_changed.connect(self.bar.set_thumbnail_size)
        self.gallery.shown_changed.connect(self.bar.set_counts)
        self.gallery.selection.changed.connect(self._show_selected)
        self.gallery.show_all_requested.connect(self._show_all)
        self.gallery.selected.connect(session.select)
        self.gallery.activated.connect(self.activated)
        self.gallery.open_requested.connect(self.open_requested)

        session.source_closing.connect(self.gallery.stop)
        session.current_changed.connect(self._follow_source)
        session.slide_changed.connect(self._show_patient)
        session.rows_judged.connect(self._on_rows_judged)
        session.run_changed.connect(self._on_run_changed)
        session.threshold_changed.connect(self._show_threshold)
        session.selection_changed.connect(self._show_selection)
        session.reviewing.changed.connect(self._on_reviewed)
        session.blind.switched.connect(self._on_blind)
        self._show_source(None)
        self._on_blind()
        self._show_threshold()

    def show_thumbnail_size(self, side: int) -> None:
        """Pixels; as if chosen by a person."""
        self.gallery.set_thumbnail_size(side)
        self.bar.set_thumbnail_size(side)

    def showEvent(self, event: QShowEvent) -> None:
        if self._shown is not self._session.current:
            self._show_source(self._session.current)
            self._show_selection()
        super().showEvent(event)

    def _follow_source(self) -> None:
        if self.isVisible():
            self._show_source(self._session.current)
        elif self._shown is not None:
            self._show_source(None)

    def _show_source(self, opened: OpenSource | None) -> None:
        columns = opened.source.columns if opened else None
        wanted = self.bar.order() if columns is None else self.bar.order().fitted_to(columns)
        self.bar.set_columns(columns)
        self.bar.set_order(wanted)
        self.gallery.set_source(opened.source if opened else None, wanted)
        self._shown = opened
        if opened is not None:
            self._show_answers(opened)
            self.gallery.set_failures(opened.store.failures)

    def _show_answers(self, opened: OpenSource) -> None:
        blind = self._session.blind
        self.gallery.set_reviews(blind.reviews(opened))
        self.gallery.set_probabilities(blind.seen(opened), is_blind=blind.is_on)

    def _on_blind(self) -> None:
        is_blind = self._session.blind.is_on
        self.bar.set_blind(is_blind)
        if is_blind:
            self._ask_for(self.bar.order().without_answers())
        if self._shown is not None:
            self._show_answers(self._shown)

    def _show_patient(self) -> None:
        """Who chooses a patient among the sources while the gallery is in front looks for their group."""
        name = self._session.slide_name
        opened = self._session.current
        if self.isVisible() and name is not None and opened is not None and opened is self._shown:
            self.gallery.show_patient(name)

    def _show_selected(self) -> None:
        self.bar.set_selected(len(self.gallery.selection))

    def _on_rows_judged(self, rows: NDArray[np.intp]) -> None:
        opened = self._shown
        if opened is None or opened is not self._session.current:
            return
        # Of these rows only: to look through the notes of 277,524 patches takes long, ten times a second.
        failed = rows[np.isnan(opened.store.probability[rows])].tolist()
        reasons = {row: opened.store.note(row).removeprefix(FAILED) for row in failed}
        self.gallery.rows_judged(rows, reasons)

    def _on_reviewed(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        if opened is self._shown:
            self.gallery.rows_reviewed(rows)

    def _on_run_changed(self) -> None:
        if not self._session.is_running:
            self.gallery.run_ended()

    def _show_threshold(self) -> None:
        self.gallery.set_threshold(self._session.threshold)

    def _show_selection(self) -> None:
        if self._shown is self._session.current:
            self.gallery.select(self._session.selected)

    def _show_all(self) -> None:
        order = self.bar.order()
        self._ask_for(GalleryOrder(sort=order.sort, group=order.group))

    def _ask_for(self, order: GalleryOrder) -> None:
        self.bar.set_order(order)
        self.gallery.set_order(order)
