"""The controls above the gallery: order, filters, size, and how many patches they leave."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QSlider,
    QWidget,
)

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.formatting import count_text
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.gallery.patch_gallery import LARGEST, SMALLEST, USUAL
from histoviewer.gui.theme import GRID
from histoviewer.translation import plural

TYPING_MS = 250
"""A text filter waits for so long a pause: searching 277,524 names takes a tenth of a second."""


class GalleryBar(QWidget):
    """One row of controls. It belongs to the GUI thread; setters emit nothing.

    Signals:
        order_changed(GalleryOrder): the user asked for another order or filter.
        thumbnail_size_changed(int): pixels.
    """

    order_changed = Signal(object)
    thumbnail_size_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sort, self._show = QComboBox(self), QComboBox(self)
        self._low, self._high = _probability_box(self), _probability_box(self)
        self._text = QLineEdit(self)
        self._count = QLabel(self)
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._captions = (
            _caption(self.tr("&Sort"), self._sort, self),
            _caption(self.tr("Sho&w"), self._show, self),
            _caption(self.tr("&Probability"), self._low, self),
        )
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._fill()
        self._describe()
        self._lay_out()
        self.set_order(GalleryOrder())
        self._connect()

    def order(self) -> GalleryOrder:
        """What the controls say."""
        return GalleryOrder(
            sort=self._sort.currentData(),
            show=self._show.currentData(),
            low=self._low.value(),
            high=self._high.value(),
            text=self._text.text(),
        )

    def set_order(self, order: GalleryOrder) -> None:
        self._block(True)
        self._sort.setCurrentIndex(list(Sort).index(order.sort))
        self._show.setCurrentIndex(list(Show).index(order.show))
        self._low.setRange(0.0, order.high)
        self._high.setRange(order.low, 1.0)
        self._low.setValue(order.low)
        self._high.setValue(order.high)
        self._text.setText(order.text)
        self._block(False)

    def set_counts(self, shown: int, total: int) -> None:
        """Patches in the gallery, and in the source."""
        of_total = plural("of {count} patch", "of {count} patches", total).format(count=count_text(total))
        all_of_it = plural("{count} patch", "{count} patches", total).format(count=count_text(total))
        self._count.setText(all_of_it if shown == total else f"{count_text(shown)} {of_total}")
        widest = f"{count_text(total)} {of_total}"
        # A count that comes and goes must not push the controls beside it about.
        self._count.setMinimumWidth(self._count.fontMetrics().horizontalAdvance(widest))

    def set_thumbnail_size(self, side: int) -> None:
        self._size.blockSignals(True)
        self._size.setValue(side)
        self._size.blockSignals(False)

    def set_has_truth(self, has_truth: bool) -> None:
        """Whether the source says what its patches are; else there is nothing to disagree with."""
        model = self._sort.model()
        assert isinstance(model, QStandardItemModel)
        model.item(list(Sort).index(Sort.DISAGREEMENT)).setEnabled(has_truth)

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        return QSize(whole.width() - sum(self._caption_widths()), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the captions go: what they name says so itself."""
        super().resizeEvent(event)
        cut = self._sort.sizeHint().width() - self._sort.minimumWidth()
        whole = self.minimumSizeHint().width() + cut + sum(map(_width_with_gap, self._captions))
        for caption in self._captions:
            caption.setVisible(event.size().width() >= whole)

    def _caption_widths(self) -> list[int]:
        return [_width_with_gap(caption) for caption in self._captions if not caption.isHidden()]

    def _announce(self) -> None:
        self._typing.stop()
        self._low.setMaximum(self._high.value())
        self._high.setMinimum(self._low.value())
        self.order_changed.emit(self.order())

    def _block(self, is_blocked: bool) -> None:
        for control in (self._sort, self._show, self._low, self._high, self._text):
            control.blockSignals(is_blocked)

    def _connect(self) -> None:
        self._sort.currentIndexChanged.connect(self._announce)
        self._show.currentIndexChanged.connect(self._announce)
        self._low.valueChanged.connect(self._announce)
        self._high.valueChanged.connect(self._announce)
        self._text.textChanged.connect(self._typing.start)
        self._text.returnPressed.connect(self._announce)
        self._typing.timeout.connect(self._announce)
        self._size.valueChanged.connect(self.thumbnail_size_changed)

    def _fill(self) -> None:
        for sort, text in self._sorts().items():
            self._sort.addItem(text, sort)
        for show, text in self._shows().items():
            self._show.addItem(text, show)
        self._text.setPlaceholderText(self.tr("File or patient"))
        self._text.setClearButtonEnabled(True)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._size.setRange(SMALLEST, LARGEST)
        self._size.setSingleStep(GRID)
        self._size.setPageStep(4 * GRID)
        self._size.setValue(USUAL)

    def _sorts(self) -> dict[Sort, str]:
        return {
            Sort.POSITION: self.tr("Source order"),
            Sort.HIGHEST: self.tr("Highest probability"),
            Sort.LOWEST: self.tr("Lowest probability"),
            Sort.UNCERTAINTY: self.tr("Nearest the threshold"),
            Sort.DISAGREEMENT: self.tr("Furthest from the truth"),
        }

    def _shows(self) -> dict[Show, str]:
        return {
            Show.ALL: self.tr("All"),
            Show.MALIGNANT: self.tr("Malignant"),
            Show.BENIGN: self.tr("Benign"),
            Show.NOT_JUDGED: self.tr("Not judged"),
            Show.FAILED: self.tr("Failed"),
        }

    def _describe(self) -> None:
        for control, name, tip in (
            (self._sort, self.tr("Sort"), self.tr("Which patches come first")),
            (self._show, self.tr("Show"), self.tr("Patches of which class, at the threshold")),
            (self._low, self.tr("Lowest probability"), self.tr("Hide patches below this probability")),
            (self._high, self.tr("Highest probability"), self.tr("Hide patches above this probability")),
            (self._text, self.tr("Filter by name"), self.tr("Part of a file's or patient's name")),
            (self._size, self.tr("Thumbnail size"), self.tr("Thumbnail size (Ctrl and the wheel)")),
            (self._count, self.tr("Patches shown"), ""),
        ):
            control.setAccessibleName(name)
            control.setToolTip(tip)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID // 2)
        # With its captions the row would not let the bar become narrower than they are.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        dash = QLabel("–", self)
        for caption, controls in zip(
            self._captions, ((self._sort,), (self._show,), (self._low, dash, self._high)), strict=True
        ):
            row.addWidget(caption)
            for control in controls:
                row.addWidget(control)
            row.addSpacing(GRID)
        self._sort.setMinimumWidth(12 * GRID)
        self._text.setMinimumWidth(8 * GRID)
        self._text.setMaximumWidth(200)
        row.addWidget(self._text, 1)
        row.addStretch(1)
        row.addSpacing(GRID)
        row.addWidget(self._count)
        row.addSpacing(GRID)
        self._size.setMinimumWidth(8 * GRID)
        self._size.setMaximumWidth(12 * GRID)
        row.addWidget(self._size)


def _width_with_gap(caption: QLabel) -> int:
    return caption.sizeHint().width() + GRID // 2


def _caption(text: str, buddy: QWidget, parent: QWidget) -> QLabel:
    caption = QLabel(text, parent)
    caption.setBuddy(buddy)
    return caption


def _probability_box(parent: QWidget) -> DecimalBox:
    box = DecimalBox(parent, most=1.0, decimals=2, step=0.05)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    return box
