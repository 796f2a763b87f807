"""How the gallery's patches stand: order, groups, size; and how many there are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QWidget

from histoviewer.gui.formatting import count_text
from histoviewer.gui.gallery.control_row import ControlRow
from histoviewer.gui.gallery.filter_row import set_item_enabled
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Sort
from histoviewer.gui.gallery.patch_cells import LARGEST, SMALLEST, USUAL
from histoviewer.gui.theme import GRID
from histoviewer.translation import plural


class OrderRow(ControlRow):
    """Controls of the order, and the counts. Setters emit nothing.

    Signals:
        changed(): the user asked for another order or other groups.
        thumbnail_size_changed(int): pixels.
    """

    changed = Signal()
    thumbnail_size_changed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sort, self._group = QComboBox(self), QComboBox(self)
        self._count, self._selected = QLabel(self), QLabel(self)
        self._has_truth = self._is_blind = False
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        for sort, text in self._sorts().items():
            self._sort.addItem(text, sort)
        for group, text in self._groups().items():
            self._group.addItem(text, group)
        self._size.setRange(SMALLEST, LARGEST)
        self._size.setSingleStep(GRID)
        self._size.setPageStep(4 * GRID)
        self._size.setValue(USUAL)
        self._describe()
        self._lay_out()
        self._sort.currentIndexChanged.connect(self.changed)
        self._group.currentIndexChanged.connect(self.changed)
        self._size.valueChanged.connect(self.thumbnail_size_changed)

    def asked(self, order: GalleryOrder) -> GalleryOrder:
        """``order`` with the sort and the groups that the controls say."""
        return replace(order, sort=self._sort.currentData(), group=self._group.currentData())

    def set_order(self, order: GalleryOrder) -> None:
        for control in (self._sort, self._group):
            control.blockSignals(True)
        self._sort.setCurrentIndex(list(Sort).index(order.sort))
        self._group.setCurrentIndex(list(Group).index(order.group))
        for control in (self._sort, self._group):
            control.blockSignals(False)

    def set_counts(self, shown: int, total: int) -> None:
        """Patches in the gallery, and in the source."""
        of_total = plural("of {count} patch", "of {count} patches", total).format(count=count_text(total))
        all_of_it = plural("{count} patch", "{count} patches", total).format(count=count_text(total))
        self._count.setText(all_of_it if shown == total else f"{count_text(shown)} {of_total}")
        # Counts that come and go must not push the controls beside them about.
        _keep_room(self._count, f"{count_text(total)} {of_total}")
        _keep_room(self._selected, self._selected_text(total))

    def set_selected(self, count: int) -> None:
        """Patches that are selected."""
        self._selected.setText(self._selected_text(count) if count else "")

    def set_thumbnail_size(self, side: int) -> None:
        self._size.blockSignals(True)
        self._size.setValue(side)
        self._size.blockSignals(False)

    def set_has_truth(self, has_truth: bool) -> None:
        """Whether the source says what its patches are; else there is nothing to disagree with."""
        self._has_truth = has_truth
        self._enable()

    def set_blind(self, is_blind: bool) -> None:
        """Whether answers are hidden: then nothing is ordered by them."""
        self._is_blind = is_blind
        self._enable()

    def _enable(self) -> None:
        for index, sort in enumerate(Sort):
            is_known = self._has_truth or sort is not Sort.DISAGREEMENT
            set_item_enabled(self._sort, index, is_known and (sort is Sort.POSITION or not self._is_blind))
        set_item_enabled(self._group, list(Group).index(Group.CLASS), not self._is_blind)
        can_tell = self._has_truth and not self._is_blind
        set_item_enabled(self._group, list(Group).index(Group.TRUTH), can_tell)

    def _selected_text(self, count: int) -> str:
        return self.tr("{count} selected").format(count=count_text(count))

    def _sorts(self) -> dict[Sort, str]:
        return {
            Sort.POSITION: self.tr("Source order"),
            Sort.HIGHEST: self.tr("Highest probability"),
            Sort.LOWEST: self.tr("Lowest probability"),
            Sort.UNCERTAINTY: self.tr("Nearest the threshold"),
            Sort.DISAGREEMENT: self.tr("Furthest from the truth"),
            Sort.AGAINST_REVIEW: self.tr("Furthest from the review"),
        }

    def _groups(self) -> dict[Group, str]:
        return {
            Group.NONE: self.tr("No groups"),
            Group.PATIENT: self.tr("By patient"),
            Group.CLASS: self.tr("By class"),
            Group.TRUTH: self.tr("By truth"),
        }

    def _describe(self) -> None:
        for control, name, tip in (
            (self._sort, self.tr("Sort"), self.tr("Which patches come first")),
            (
                self._group,
                self.tr("Groups"),
                self.tr("Which patches stand together (Ctrl+Down and Ctrl+Up go from group to group)"),
            ),
            (self._size, self.tr("Thumbnail size"), self.tr("Thumbnail size (Ctrl and the wheel)")),
            (self._count, self.tr("Patches shown"), ""),
            (
                self._selected,
                self.tr("Patches selected"),
                self.tr("Ctrl or Shift and a click select more, Ctrl+A all; Ctrl+C copies their names"),
            ),
        ):
            control.setAccessibleName(name)
            control.setToolTip(tip)

    def _lay_out(self) -> None:
        self.add(self.tr("&Sort"), self._sort)
        self.add(self.tr("Group b&y"), self._group)
        self.let_shrink(self._sort)
        self.let_shrink(self._group)
        self.row.addStretch(1)
        for label in (self._selected, self._count):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.row.addWidget(label)
            self.row.addSpacing(GRID)
        self._size.setMinimumWidth(8 * GRID)
        self._size.setMaximumWidth(12 * GRID)
        self.row.addWidget(self._size)


def _keep_room(label: QLabel, widest: str) -> None:
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest))
