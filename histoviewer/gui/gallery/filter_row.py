"""Which patches the gallery shows: class, patient, probability, name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.formatting import count_text
from histoviewer.gui.gallery.control_row import ControlRow
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show
from histoviewer.gui.theme import GRID
from histoviewer.patches.patch import PatchColumns

TYPING_MS = 250
"""A text filter waits for so long a pause: searching 277,524 names takes a tenth of a second."""

_MOST_LINES = 24
"""Of an open list of patients."""


class FilterRow(ControlRow):
    """Controls of the filters. Setters emit nothing.

    Signals:
        changed(): the user asked for another filter.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._show, self._patient = QComboBox(self), QComboBox(self)
        self._low, self._high = _probability_box(self), _probability_box(self)
        self._text = QLineEdit(self)
        self._has_truth = self._is_blind = False
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        for show, text in self._shows().items():
            self._show.addItem(text, show)
        self._text.setPlaceholderText(self.tr("File or patient"))
        self._text.setClearButtonEnabled(True)
        self._patient.setMaxVisibleItems(_MOST_LINES)
        self._describe()
        self._lay_out()
        self.set_patients(None)
        self._connect()

    def asked(self, order: GalleryOrder) -> GalleryOrder:
        """``order`` with the filters that the controls say."""
        return replace(
            order,
            show=self._show.currentData(),
            patient=self._patient.currentData(),
            low=self._low.value(),
            high=self._high.value(),
            text=self._text.text(),
        )

    def set_order(self, order: GalleryOrder) -> None:
        controls = (self._show, self._patient, self._low, self._high, self._text)
        for control in controls:
            control.blockSignals(True)
        self._show.setCurrentIndex(list(Show).index(order.show))
        self._patient.setCurrentIndex(max(0, self._patient.findData(order.patient)))
        self._low.setRange(0.0, order.high)
        self._high.setRange(order.low, 1.0)
        self._low.setValue(order.low)
        self._high.setValue(order.high)
        self._text.setText(order.text)
        for control in controls:
            control.blockSignals(False)

    def set_patients(self, columns: PatchColumns | None) -> None:
        """List the patients of a source, each with the number of its patches; all of them are shown."""
        names = () if columns is None else columns.patients
        counts = [] if columns is None else np.bincount(columns.patient, minlength=len(names)).tolist()
        self._patient.blockSignals(True)
        self._patient.clear()
        self._patient.addItem(self.tr("All patients"), "")
        for name, count in zip(names, counts, strict=True):
            self._patient.addItem(f"{name}   ({count_text(count)})", name)
        self._patient.setEnabled(len(names) > 1)
        self._patient.blockSignals(False)
        view = self._patient.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 3 * GRID)

    def set_has_truth(self, has_truth: bool) -> None:
        """Whether the source says what its patches are; else nothing can be asked of it."""
        self._has_truth = has_truth
        self._enable()

    def set_blind(self, is_blind: bool) -> None:
        """Whether answers are hidden: then nothing can be asked of them."""
        self._is_blind = is_blind
        self._enable()
        self._low.setEnabled(not is_blind)
        self._high.setEnabled(not is_blind)

    def _enable(self) -> None:
        for index, show in enumerate(Show):
            is_hidden = self._is_blind and (show.follows_probabilities or show.follows_truth)
            set_item_enabled(self._show, index, not is_hidden and (self._has_truth or not show.follows_truth))

    def _announce(self) -> None:
        self._typing.stop()
        self._low.setMaximum(self._high.value())
        self._high.setMinimum(self._low.value())
        self.changed.emit()

    def _connect(self) -> None:
        self._show.currentIndexChanged.connect(self._announce)
        self._patient.currentIndexChanged.connect(self._announce)
        self._low.valueChanged.connect(self._announce)
        self._high.valueChanged.connect(self._announce)
        self._text.textChanged.connect(self._typing.start)
        self._text.returnPressed.connect(self._announce)
        self._typing.timeout.connect(self._announce)

    def _shows(self) -> dict[Show, str]:
        return {
            Show.ALL: self.tr("All"),
            Show.MALIGNANT: self.tr("Malignant"),
            Show.BENIGN: self.tr("Benign"),
            Show.NOT_JUDGED: self.tr("Not judged"),
            Show.FAILED: self.tr("Failed"),
            Show.TRULY_MALIGNANT: self.tr("Truth malignant"),
            Show.TRULY_BENIGN: self.tr("Truth benign"),
            Show.DISPUTED: self.tr("Against the truth"),
            Show.DECIDED: self.tr("Decided"),
            Show.UNDECIDED: self.tr("Not decided"),
            Show.UNSURE: self.tr("Unsure"),
            Show.CORRECTED: self.tr("Corrected"),
        }

    def _describe(self) -> None:
        for control, name, tip in (
            (
                self._show,
                self.tr("Show"),
                self.tr("Which class, at the threshold or by the truth, or what was decided"),
            ),
            (self._patient, self.tr("Patient"), self.tr("Patches of which patient")),
            (self._low, self.tr("Lowest probability"), self.tr("Hide patches below this probability")),
            (self._high, self.tr("Highest probability"), self.tr("Hide patches above this probability")),
            (self._text, self.tr("Filter by name"), self.tr("Part of a file's or patient's name")),
        ):
            control.setAccessibleName(name)
            control.setToolTip(tip)

    def _lay_out(self) -> None:
        self.add(self.tr("Sho&w"), self._show)
        self.add(self.tr("Patient"), self._patient)  # all its letters are others': Tab leads to it
        self.add(self.tr("&Probability"), self._low, QLabel("–", self), self._high)
        self.let_shrink(self._show)
        self._patient.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._patient.setMinimumContentsLength(12)
        self.let_shrink(self._patient)
        self._text.setMinimumWidth(8 * GRID)
        self._text.setMaximumWidth(200)
        self.row.addWidget(self._text, 1)
        self.row.addStretch(1)


def set_item_enabled(box: QComboBox, index: int, is_enabled: bool) -> None:
    """Let a line of a box be chosen, or not."""
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    model.item(index).setEnabled(is_enabled)


def _probability_box(parent: QWidget) -> DecimalBox:
    box = DecimalBox(parent, most=1.0, decimals=2, step=0.05)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    return box
