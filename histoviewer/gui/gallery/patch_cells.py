"""Patches in the cells of a grid: their pictures, marks and words, and the headers of their groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QCloseEvent, QPainter
from PySide6.QtWidgets import QWidget

from histoviewer.gui.gallery.gallery_cell import Caption, CellPainter
from histoviewer.gui.gallery.gallery_contents import GalleryContents
from histoviewer.gui.gallery.gallery_grid import GalleryGrid
from histoviewer.gui.gallery.gallery_texts import captions, facts, tooltip
from histoviewer.gui.gallery.gallery_walk import Place, place_of
from histoviewer.gui.gallery.grid_area import GridArea
from histoviewer.gui.gallery.group_header import HeaderPainter, header_text
from histoviewer.gui.gallery.patch_selection import PatchSelection
from histoviewer.gui.gallery.thumbnail_cache import ThumbnailCache

SMALLEST, USUAL, LARGEST = 32, 64, 256
"""Pixels of a thumbnail."""


class PatchCells(GridArea):
    """Shows ``_contents``, which its subclass fills, as ``selection`` and the current patch mark them.

    Attributes:
        selection: the selected rows, always of those that the filters leave.

    Signals:
        settled(): ``is_settled`` has become true, or is so for other cells.
    """

    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, GalleryGrid(count=0, width=0, side=USUAL, caption=0))
        self._contents = GalleryContents()
        self._selected: int | None = None
        self._side = USUAL
        self._name_width = 0
        self.selection = PatchSelection(self)
        self.selection.changed.connect(self.viewport().update)
        self._cells, self._headers_painter = self._painters()
        self._thumbnails = ThumbnailCache(self)
        self._thumbnails.loaded.connect(self._on_loaded)

    @property
    def rows(self) -> NDArray[np.intp]:
        """Rows shown, first one first."""
        return self._contents.rows

    def is_settled(self) -> bool:
        """Whether every cell in sight has its thumbnail, or is known to get none. True while hidden."""
        seen = self.seen()
        return self._thumbnails.is_settled(self._contents.rows[seen.start : seen.stop].tolist())

    def stop(self) -> None:
        """End the reading of thumbnails and wait for it; a later ``set_source`` or scrolling goes on."""
        self._thumbnails.close()

    def _painters(self) -> tuple[CellPainter, HeaderPainter]:
        palette, font, ratio = self.palette(), self.font(), self.devicePixelRatioF()
        cells = CellPainter(side=self._side, palette=palette, font=font, ratio=ratio)
        return cells, HeaderPainter(palette, font)

    def _go_to(self, row: int | None) -> None:
        before, self._selected = self._selected, row
        self._repaint_rows(np.array([shown for shown in (before, row) if shown is not None], np.intp))
        position = self.current()
        if position is not None:
            self.scroll_to(position)
        self.setAccessibleDescription(self._description())

    def _description(self) -> str:
        """Of where keys are: a closed group, or the current patch."""
        place = self.place()
        if place is not None and place.position is None:
            return self.header_explanation(place.group)
        known = [] if self._selected is None else self._facts(self._selected)
        return ", ".join(f"{name} {value}" for name, value in known)

    # Painting

    def paint_cells(self, painter: QPainter, positions: range) -> None:
        rows = self._contents.rows[positions.start : positions.stop]
        if len(rows):
            said = captions(self._contents, rows, has_text=self._cells.has_caption)
            marked = self.selection.has(rows).tolist()
            for position, row, caption, is_selected in zip(
                positions, rows.tolist(), said, marked, strict=True
            ):
                self._paint_cell(painter, position, row, caption, is_selected)

    def _paint_cell(
        self, painter: QPainter, position: int, row: int, caption: Caption, is_selected: bool
    ) -> None:
        cell, is_current = self.grid.cell(position), row == self._selected
        if is_selected or is_current or position == self.hovered:
            self._cells.paint_ring(painter, cell, is_selected=is_selected, is_current=is_current)
        thumbnail = self._thumbnails.pixmap(row, self._side, self._cells.ratio)
        if thumbnail is None and self._thumbnails.failure(row) is not None:
            thumbnail = self._cells.hatched
        self._cells.paint(painter, cell, thumbnail, caption)

    def paint_header(self, painter: QPainter, group: int, header: QRect) -> None:
        is_closed = bool(self._contents.is_closed()[group])
        is_current = is_closed and self._contents.group_of(self._selected) == group
        text = header_text(self._contents, group)
        self._headers_painter.paint(
            painter,
            header,
            text,
            name_width=self._name_width,
            is_closed=is_closed,
            is_current=is_current,
        )

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
        """Position of the current patch, if it is shown."""
        return self._contents.position_of(self._selected)

    def place(self) -> Place | None:
        position, group = self.current(), self._contents.group_of(self._selected)
        if position is not None:
            return place_of(self.grid, position)
        return None if group is None else Place(group)

    def explanation(self, position: int) -> str:
        return tooltip(self._facts(int(self._contents.rows[position])))

    def header_explanation(self, group: int) -> str:
        return header_text(self._contents, group).line

    def _facts(self, row: int) -> list[tuple[str, str]]:
        reason = self._contents.failures.get(row) or self._thumbnails.failure(row)
        return facts(self._contents, row, reason)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)
