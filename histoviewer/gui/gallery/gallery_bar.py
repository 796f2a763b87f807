"""The controls above the gallery: filters, order, size, and how many patches they leave."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from histoviewer.gui.gallery.filter_row import FilterRow
from histoviewer.gui.gallery.gallery_order import GalleryOrder
from histoviewer.gui.gallery.order_row import OrderRow
from histoviewer.gui.theme import GRID
from histoviewer.patches.patch import UNKNOWN, PatchColumns


class GalleryBar(QWidget):
    """Two rows of controls. It belongs to the GUI thread; setters emit nothing.

    Signals:
        order_changed(GalleryOrder): the user asked for another order or filter.
        thumbnail_size_changed(int): pixels.
    """

    order_changed = Signal(object)
    thumbnail_size_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters, self._orders = FilterRow(self), OrderRow(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addWidget(self._filters)
        column.addWidget(self._orders)
        self.set_order(GalleryOrder())
        self._filters.changed.connect(self._announce)
        self._orders.changed.connect(self._announce)
        self._orders.thumbnail_size_changed.connect(self.thumbnail_size_changed)
        self.set_counts = self._orders.set_counts
        self.set_selected = self._orders.set_selected
        self.set_thumbnail_size = self._orders.set_thumbnail_size

    def order(self) -> GalleryOrder:
        """What the controls say."""
        return self._filters.asked(self._orders.asked(GalleryOrder()))

    def set_order(self, order: GalleryOrder) -> None:
        self._filters.set_order(order)
        self._orders.set_order(order)

    def set_columns(self, columns: PatchColumns | None) -> None:
        """What can be asked of a source: its patients, and its truth where there is one."""
        has_truth = columns is not None and bool((columns.truth != UNKNOWN).any())
        self._filters.set_patients(columns)
        self._filters.set_has_truth(has_truth)
        self._orders.set_has_truth(has_truth)

    def set_blind(self, is_blind: bool) -> None:
        """Offer nothing that would tell of answers, or all of it again."""
        self._filters.set_blind(is_blind)
        self._orders.set_blind(is_blind)

    def _announce(self) -> None:
        self.order_changed.emit(self.order())
