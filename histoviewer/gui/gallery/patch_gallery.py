"""The gallery: every patch of a source as a thumbnail, in a grid that exists only where it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QPushButton, QWidget

from histoviewer.gui.escape import takes_escape
from histoviewer.gui.gallery.gallery_contents import GalleryContents
from histoviewer.gui.gallery.gallery_empty import EmptyGallery
from histoviewer.gui.gallery.gallery_grid import GAP, GalleryGrid
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_keys import Reach
from histoviewer.gui.gallery.gallery_order import GalleryOrder
from histoviewer.gui.gallery.gallery_texts import empty_text, patch_names
from histoviewer.gui.gallery.group_header import widest_name
from histoviewer.gui.gallery.patch_cells import LARGEST, SMALLEST, PatchCells
from histoviewer.patches.patch import PatchSource

_STEP = 16
"""Pixels that a notch of the wheel or a press of + adds."""

_RESTYLING = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A row that shall stay where it is, and the y of its top in the viewport."""

    row: int
    y: int


class PatchGallery(PatchCells):
    """Thumbnails of a source's patches, sorted and filtered, framed in the colour of their class.

    It belongs to the GUI thread and knows no session: setters in, signals out. Setters emit nothing but
    ``shown_changed`` and ``settled``. ``close`` (or ``stop``) must be called before it is destroyed.

    One patch is the current one, from which keys start. Beside it any number may be selected.

    Signals:
        selected(int): the row the user chose by click or key: the current one.
        activated(int): the row the user double-clicked or pressed Enter on.
        shown_changed(int, int): patches that the filters leave, and patches of the source.
        thumbnail_size_changed(int): by Ctrl and the wheel, or by a key.
        show_all_requested(): the user wants the filters gone.
        open_requested(): the user wants to open something.
    """

    selected = Signal(int)
    activated = Signal(int)
    shown_changed = Signal(int, int)
    thumbnail_size_changed = Signal(int)
    show_all_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group_clicked.connect(self.toggle_group)
        self._has_scale = True
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

    def set_source(self, source: PatchSource | None, order: GalleryOrder | None = None) -> None:
        """Show another source's patches, none of them judged. The one before may be closed on return.

        ``order``: unless it is to be as before.
        """
        self.verticalScrollBar().setValue(0)
        self._thumbnails.set_source(source)
        before = self._contents
        self._has_scale = source is None or source.scale is not None
        self._contents = GalleryContents(None if source is None else source.columns)
        self._contents.order, self._contents.threshold = order or before.order, before.threshold
        self._selected = None
        self.selection.reset(self._contents.total)
        self._derive(None)

    def set_probabilities(self, probabilities: NDArray[np.float32], *, is_blind: bool = False) -> None:
        """Show other results, float32 (n,) of malignancy, NaN where not judged, in their order.

        Not copied: a run may go on writing into it; see ``rows_judged``. ``is_blind``: NaN also where
        answers are hidden.
        """
        self._contents.probabilities, self._contents.is_blind = probabilities, is_blind
        self._derive(self._anchor())

    def set_reviews(self, reviews: NDArray[np.int8]) -> None:
        """Show what people decided, int8 (n,). Not copied; see ``rows_reviewed``."""
        self._contents.reviews = reviews
        self.viewport().update()

    def rows_reviewed(self, rows: NDArray[np.intp]) -> None:
        """Of these rows something else was decided: repaint them, each in its place."""
        self._contents.take_reviews()
        self._repaint_rows(rows)
        self._place_button()

    def set_failures(self, failures: Mapping[int, str]) -> None:
        """Row -> why it could not be judged, of all patches; see ``rows_judged``."""
        self._contents.failures = dict(failures)
        self._derive(self._anchor())

    def set_threshold(self, threshold: float) -> None:
        """Probabilities at or above it are malignant."""
        self._contents.threshold = threshold
        self._contents.forget_counts()
        if self._contents.order.follows_threshold:
            self._derive(self._anchor())
        self.viewport().update()

    def set_order(self, order: GalleryOrder) -> None:
        """Sort, group and filter. Another sort or grouping starts at the top; a filter leaves what is looked
        at in its place."""
        before = self._contents.order
        if order.group is not before.group:
            self._contents.closed.clear()
        is_resorted = (order.sort, order.group) != (before.sort, before.group)
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
        """Make a patch the current one and the only one selected; scroll it into view, if the filters show
        it, and open its group."""
        if row == self._selected:
            return
        group = self._contents.group_of(row)
        if group is not None and self._contents.is_closed()[group]:
            self.toggle_group(group)
        self._go_to(row)
        self.selection.set_only(row if self._contents.lists(row) else None)

    def select_all(self) -> None:
        """All that the filters leave."""
        self.selection.set_rows(self._contents.listed)

    def file_names(self) -> list[str]:
        """Of the selected patches, in the order they are shown in."""
        listed = self._contents.listed
        return patch_names(self._contents, listed[self.selection.has(listed)].tolist())

    # Groups

    @property
    def has_groups(self) -> bool:
        return self._contents.groups is not None

    def toggle_group(self, group: int) -> None:
        """Close a group, so that its header alone is left, or open it."""
        assert self._contents.groups is not None
        self._contents.closed ^= {int(self._contents.groups.keys[group])}
        self._reopen()
        if self.grid.header_of(group).top() < self.offset:
            self.scroll_to_group(group)

    def set_group_open(self, is_open: bool) -> None:
        """Open or close the group of the current patch, and show where that is."""
        group = self._contents.group_of(self._selected)
        if group is not None and self._contents.is_closed()[group] == is_open:
            self.toggle_group(group)
            self._go_to(self._selected)

    def set_all_open(self, is_open: bool) -> None:
        """Open or close all groups."""
        groups = self._contents.groups
        self._contents.closed = set() if is_open or groups is None else set(groups.keys.tolist())
        self._reopen()
        group = self._contents.group_of(self._selected)
        if group is not None:
            self.scroll_to_group(group)

    def go_to_group(self, step: int) -> None:
        """The user wants the first patch of the next group, or of the one before for -1."""
        row = self._contents.first_of_next_group(self._selected, step)
        group = self._contents.group_of(row)
        if row is not None and group is not None:
            self._choose(row, Reach.ONE)
            self.scroll_to_group(group)

    def show_patient(self, name: str) -> None:
        """Bring a patient's group to the top, if patients are groups."""
        columns = self._contents.columns
        if self._contents.order.group is Group.PATIENT and columns is not None and name in columns.patients:
            groups = self._contents.groups
            group = None if groups is None else groups.of_key(columns.patients.index(name))
            if group is not None:
                self.scroll_to_group(group)

    def _reopen(self) -> None:
        self._contents.open_groups()
        self._lay_out(None)

    # A run that goes on

    def rows_judged(self, rows: NDArray[np.intp], failures: Mapping[int, str]) -> None:
        """These rows were judged since: repaint them, each in its place.

        ``failures``: why, for those of them that could not be judged.
        """
        self._contents.take(rows, failures)
        self._repaint_rows(rows)
        self.repaint_headers()
        self._place_button()

    def run_ended(self) -> None:
        """Sort again, unless patches would jump under the pointer: then the button stays to be pressed."""
        if self.pointer is None:
            self.sort_again()

    def sort_again(self) -> None:
        """Bring order and filters up to date with the results."""
        if self._contents.is_outdated:
            self._derive(None)

    # Layout

    def _derive(self, anchor: _Anchor | None) -> None:
        self._contents.derive()
        self._keep_selection()
        self._name_width = widest_name(self._contents, self._headers_painter.name_metrics)
        self._lay_out(anchor)
        is_empty = not len(self._contents.listed)
        if is_empty:
            self._empty.set_text(empty_text(self._contents, has_scale=self._has_scale))
        self._empty.setVisible(is_empty)
        self.shown_changed.emit(len(self._contents.listed), self._contents.total)

    def _keep_selection(self) -> None:
        """What the filters hide is not selected; the current patch is, if nothing else."""
        self.selection.keep(self._contents.listed)
        if not len(self.selection) and self._contents.lists(self._selected):
            self.selection.set_only(self._selected)

    def _lay_out(self, anchor: _Anchor | None) -> None:
        count, width = len(self._contents.rows), self.viewport().width()
        caption, sizes = self._cells.caption_height, self._contents.open_sizes()
        header = 0 if sizes is None else self._headers_painter.height
        self.set_grid(GalleryGrid(count, width, self._side, caption, header, sizes))
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

    def _restyle(self) -> None:
        anchor = self._anchor()
        self._cells, self._headers_painter = self._painters()
        self._name_width = widest_name(self._contents, self._headers_painter.name_metrics)
        self._lay_out(anchor)

    # Hooks of the grid

    def fit(self) -> None:
        self._lay_out(self._anchor())

    def choose(self, position: int, reach: Reach) -> None:
        self._choose(int(self._contents.rows[position]), reach)

    def _choose(self, row: int, reach: Reach) -> None:
        self._go_to(row)
        if reach is Reach.ONE:
            self.selection.set_only(row)
        elif reach is Reach.TOGGLE:
            self.selection.toggle(row)
        else:
            between = self._contents.between(self.selection.anchor, row)
            (self.selection.add if reach is Reach.MORE else self.selection.set_rows)(between)
        self.selected.emit(row)

    def choose_header(self, group: int) -> None:
        assert self._contents.groups is not None
        self._choose(int(self._contents.groups.rows[self._contents.groups.starts[group]]), Reach.ONE)
        self.scroll_to_group(group)

    def choose_within(self, positions: NDArray[np.intp], *, is_more: bool) -> None:
        rows = self._contents.rows[positions]
        (self.selection.add if is_more else self.selection.set_rows)(rows)

    def activate(self, position: int) -> None:
        self.activated.emit(int(self._contents.rows[position]))

    # Events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return takes_escape(event, lambda: len(self.selection) > 1) or super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _RESTYLING:
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the current patch alone selected, before it does anything else."""
        if event.key() == Qt.Key.Key_Escape and len(self.selection) > 1:
            self.selection.set_only(self._selected)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self.enlarge(event.angleDelta().y() / 120)

    def _take_next_step(self) -> None:
        signal = self.open_requested if self._contents.columns is None else self.show_all_requested
        signal.emit()
