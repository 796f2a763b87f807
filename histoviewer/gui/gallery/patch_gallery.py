"""The gallery: every patch of a source as a thumbnail, in a grid that exists only where it is looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QPushButton, QWidget

from histoviewer.gui.formatting import probability_text
from histoviewer.gui.gallery.gallery_cell import Caption, CellPainter
from histoviewer.gui.gallery.gallery_contents import GalleryContents
from histoviewer.gui.gallery.gallery_empty import EmptyGallery
from histoviewer.gui.gallery.gallery_grid import GAP, GalleryGrid
from histoviewer.gui.gallery.gallery_order import GalleryOrder
from histoviewer.gui.gallery.gallery_texts import empty_text, facts, tooltip
from histoviewer.gui.gallery.grid_area import GridArea
from histoviewer.gui.gallery.thumbnail_cache import ThumbnailCache
from histoviewer.patches.patch import PatchSource

SMALLEST, USUAL, LARGEST = 32, 64, 256
"""Pixels of a thumbnail."""

_STEP = 16
"""Pixels that a notch of the wheel or a press of + adds."""

_RESTYLING = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A row that shall stay where it is, and the y of its top in the viewport."""

    row: int
    y: int


class PatchGallery(GridArea):
    """Thumbnails of a source's patches, sorted and filtered, framed in the colour of their class.

    It belongs to the GUI thread and knows no session: setters in, signals out. Setters emit nothing but
    ``shown_changed`` and ``settled``. ``close`` (or ``stop``) must be called before it is destroyed.

    Signals:
        selected(int): the row the user chose by click or key.
        activated(int): the row the user double-clicked or pressed Enter on.
        shown_changed(int, int): patches shown, and patches of the source.
        thumbnail_size_changed(int): by Ctrl and the wheel, or by a key.
        show_all_requested(): the user wants the filters gone.
        open_requested(): the user wants to open something.
        settled(): ``is_settled`` has become true, or is so for other cells.
    """

    selected = Signal(int)
    activated = Signal(int)
    shown_changed = Signal(int, int)
    thumbnail_size_changed = Signal(int)
    show_all_requested = Signal()
    open_requested = Signal()
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, GalleryGrid(count=0, width=0, side=USUAL, caption=0))
        self._contents = GalleryContents()
        self._selected: int | None = None
        self._side = USUAL
        self._cells = self._cell_painter()
        self._thumbnails = ThumbnailCache(self)
        self._thumbnails.loaded.connect(self._on_loaded)
        self._empty = EmptyGallery(self.viewport())
        self._empty.pressed.connect(self._take_next_step)
        self._sort_again = QPushButton(self.tr("Order out of date – sort again"), self)
        self._sort_again.setToolTip(
            self.tr("New results came in. Every patch keeps its place until you sort.")
        )
        self._sort_again.clicked.connect(self.sort_again)
        self.setAccessibleName(self.tr("Patch gallery"))
        self._derive(None)

    # What to show

    def set_source(self, source: PatchSource | None) -> None:
        """Show another source's patches, none of them judged. The one before may be closed on return."""
        self.verticalScrollBar().setValue(0)
        self._thumbnails.set_source(source)
        order, threshold = self._contents.order, self._contents.threshold
        self._contents = GalleryContents(None if source is None else source.columns)
        self._contents.order, self._contents.threshold = order, threshold
        self._selected = None
        self._derive(None)

    def set_probabilities(self, probabilities: NDArray[np.float32]) -> None:
        """Show other results, float32 (n,) of malignancy, NaN where not judged, in their order.

        Not copied: a run may go on writing into it; see ``rows_judged``.
        """
        self._contents.probabilities = probabilities
        self._derive(self._anchor())

    def set_failures(self, failures: Mapping[int, str]) -> None:
        """Row -> why it could not be judged, of all patches; see ``rows_judged``."""
        self._contents.failures = dict(failures)
        self._derive(self._anchor())

    def set_threshold(self, threshold: float) -> None:
        """Probabilities at or above it are malignant."""
        self._contents.threshold = threshold
        if self._contents.order.follows_threshold:
            self._derive(self._anchor())
        self.viewport().update()

    def set_order(self, order: GalleryOrder) -> None:
        """Sort and filter. Another sort starts at the top; a filter leaves what is looked at in its place."""
        is_resorted = order.sort is not self._contents.order.sort
        self._contents.order = order
        self._derive(None if is_resorted else self._anchor())
        if is_resorted:
            self.verticalScrollBar().setValue(0)

    def set_thumbnail_size(self, side: int) -> None:
        """Pixels of a thumbnail, ``SMALLEST`` to ``LARGEST``."""
        self._side = min(max(side, SMALLEST), LARGEST)
        self._restyle()

    def enlarge(self, steps: float) -> None:
        """The user wants larger thumbnails, or smaller ones for steps below 0."""
        before = self._side
        self.set_thumbnail_size(before + round(_STEP * steps))
        if self._side != before:
            self.thumbnail_size_changed.emit(self._side)

    def select(self, row: int | None) -> None:
        """Mark a patch and scroll it into view, if the filters show it."""
        before, self._selected = self._selected, row
        self._repaint_rows(np.array([shown for shown in (before, row) if shown is not None], np.intp))
        position = self.current()
        if position is not None:
            self.scroll_to(position)
        known = [] if row is None else self._facts(row)
        self.setAccessibleDescription(", ".join(f"{name} {value}" for name, value in known))

    # A run that goes on

    def rows_judged(self, rows: NDArray[np.intp], failures: Mapping[int, str]) -> None:
        """These rows were judged since: repaint them, each in its place.

        ``failures``: why, for those of them that could not be judged.
        """
        self._contents.take(rows, failures)
        self._repaint_rows(rows)
        self._place_button()

    def run_ended(self) -> None:
        """Sort again, unless patches would jump under the pointer: then the button stays to be pressed."""
        if self.pointer is None:
            self.sort_again()

    def sort_again(self) -> None:
        """Bring order and filters up to date with the results."""
        if self._contents.is_outdated:
            self._derive(None)

    def stop(self) -> None:
        """End the reading of thumbnails and wait for it; a later ``set_source`` or scrolling goes on."""
        self._thumbnails.close()

    @property
    def rows(self) -> NDArray[np.intp]:
        """Rows shown, first one first."""
        return self._contents.rows

    def is_settled(self) -> bool:
        """Whether every cell in sight has its thumbnail, or is known to get none. True while hidden."""
        seen = self.seen()
        return self._thumbnails.is_settled(self._contents.rows[seen.start : seen.stop].tolist())

    # Layout

    def _derive(self, anchor: _Anchor | None) -> None:
        self._contents.derive()
        self._lay_out(anchor)
        is_empty = not len(self._contents.rows)
        if is_empty:
            self._empty.set_text(empty_text(self._contents))
        self._empty.setVisible(is_empty)
        self.shown_changed.emit(len(self._contents.rows), self._contents.total)

    def _lay_out(self, anchor: _Anchor | None) -> None:
        count, width = len(self._contents.rows), self.viewport().width()
        caption = self._cells.caption_height
        self.set_grid(GalleryGrid(count=count, width=width, side=self._side, caption=caption))
        self._hold(anchor)
        self._empty.setGeometry(self.viewport().rect())
        self._place_button()
        self.view_moved()

    def _anchor(self) -> _Anchor | None:
        seen, position = self.seen(), self.current()
        if position is None or position not in seen:
            position = seen.start
            if not self.offset or not len(seen):
                return None
        return _Anchor(int(self._contents.rows[position]), self.grid.top(position) - self.offset)

    def _hold(self, anchor: _Anchor | None) -> None:
        position = None if anchor is None else self._contents.position_of(anchor.row)
        if anchor is None or position is None:
            return
        self.verticalScrollBar().setValue(self.grid.top(position) - anchor.y)
        if anchor.row == self._selected:
            self.scroll_to(position)

    def _place_button(self) -> None:
        self._sort_again.setVisible(self._contents.is_outdated)
        self._sort_again.adjustSize()
        self._sort_again.move((self.viewport().width() - self._sort_again.width()) // 2, GAP)

    def _cell_painter(self) -> CellPainter:
        ratio = self.devicePixelRatioF()
        return CellPainter(side=self._side, palette=self.palette(), font=self.font(), ratio=ratio)

    def _restyle(self) -> None:
        anchor = self._anchor()
        self._cells = self._cell_painter()
        self._lay_out(anchor)

    # Painting

    def paint_cells(self, painter: QPainter, positions: range) -> None:
        rows = self._contents.rows[positions.start : positions.stop]
        if len(rows):
            for position, row, caption in zip(positions, rows.tolist(), self._captions(rows), strict=True):
                self._paint_cell(painter, position, row, caption)

    def _paint_cell(self, painter: QPainter, position: int, row: int, caption: Caption) -> None:
        cell = self.grid.cell(position)
        if row == self._selected or position == self.hovered:
            self._cells.paint_ring(painter, cell, is_selected=row == self._selected)
        thumbnail = self._thumbnails.pixmap(row, self._side, self._cells.ratio)
        if thumbnail is None and self._thumbnails.failure(row) is not None:
            thumbnail = self._cells.hatched
        self._cells.paint(painter, cell, thumbnail, caption)

    def _captions(self, rows: NDArray[np.intp]) -> list[Caption]:
        contents = self._contents
        texts = map(self._caption_text, rows.tolist(), contents.probabilities[rows].tolist())
        verdicts, disputed = contents.verdicts(rows).tolist(), contents.disputed(rows).tolist()
        return list(map(Caption, verdicts, texts, disputed))

    def _caption_text(self, row: int, probability: float) -> str:
        if not self._cells.has_caption:
            return ""
        if not math.isnan(probability):
            return probability_text(probability, self._contents.threshold)
        return self.tr("failed") if row in self._contents.failures else ""

    def _on_loaded(self, rows: NDArray[np.intp]) -> None:
        self._repaint_rows(rows)
        self._tell_settled()

    def _tell_settled(self) -> None:
        if self.is_settled():
            self.settled.emit()

    def _repaint_rows(self, rows: NDArray[np.intp]) -> None:
        seen = self.seen()
        is_touched = np.isin(self._contents.rows[seen.start : seen.stop], rows)
        for place in np.flatnonzero(is_touched).tolist():
            self.repaint_cell(seen.start + place)

    # Hooks of the grid

    def fit(self) -> None:
        self._lay_out(self._anchor())

    def view_moved(self) -> None:
        """Ask for the thumbnails in sight, then for a page below and a page above."""
        if not self.isVisible():
            return
        seen, rows = self.seen(), self._contents.rows
        below = rows[seen.start : seen.stop + len(seen)]
        above = rows[max(0, seen.start - len(seen)) : seen.start]
        self._thumbnails.request([*below.tolist(), *above[::-1].tolist()])
        self._tell_settled()

    def current(self) -> int | None:
        return self._contents.position_of(self._selected)

    def choose(self, position: int) -> None:
        row = int(self._contents.rows[position])
        self.select(row)
        self.selected.emit(row)

    def activate(self, position: int) -> None:
        self.activated.emit(int(self._contents.rows[position]))

    def explanation(self, position: int) -> str:
        return tooltip(self._facts(int(self._contents.rows[position])))

    def _facts(self, row: int) -> list[tuple[str, str]]:
        reason = self._contents.failures.get(row) or self._thumbnails.failure(row)
        return facts(self._contents, row, reason)

    # Events

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _RESTYLING:
            self._restyle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self.enlarge(event.angleDelta().y() / 120)

    def _take_next_step(self) -> None:
        signal = self.open_requested if self._contents.columns is None else self.show_all_requested
        signal.emit()
