"""How long a line is on the glass: what makes a scale of its pixels."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.escape import takes_escape
from histoviewer.gui.theme import GRID

_UNITS = {"µm": 1.0, "mm": 1000.0}


class MeasureRow(QWidget):
    """Takes the known length of a drawn line and shows the µm/px that follows.

    Signals:
        measured(float): the µm/px, to four significant digits, is to be used.
        given_up(): no measuring after all.
    """

    measured = Signal(float)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels = 0.0
        self._length = DecimalBox(self, most=1e6, decimals=2, step=10.0)
        self._length.setValue(100.0)
        self._length.setAccessibleName(self.tr("Length of the line"))
        self._unit = QComboBox(self)
        self._unit.addItems(list(_UNITS))
        self._unit.setAccessibleName(self.tr("Unit of the length"))
        self._result = QLabel(self)
        self._use = QPushButton(self.tr("&Use"), self)
        self._use.setToolTip(self.tr("Use this scale (Enter)"))
        back = QPushButton(self.tr("&Back"), self)
        back.setToolTip(self.tr("Do not measure (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for widget in (self._length, self._unit, self._result, self._use, back):
            row.addWidget(widget)
        self._length.lineEdit().textChanged.connect(self._show)
        self._length.lineEdit().returnPressed.connect(self._finish)
        self._unit.currentTextChanged.connect(self._show)
        self._use.clicked.connect(self._finish)
        back.clicked.connect(self.given_up)
        self.set_line(0.0)

    @property
    def mpp(self) -> float | None:
        """µm/px by the line and what is typed; None while one of them is missing."""
        length = self._length.valueFromText(self._length.lineEdit().text()) * _UNITS[self._unit.currentText()]
        return float(f"{length / self._pixels:.4g}") if length > 0 and self._pixels > 0 else None

    def set_line(self, pixels: float) -> None:
        """The line is so long, level-0 pixels; 0: there is none yet."""
        self._pixels = pixels
        for widget in (self._length, self._unit):
            widget.setEnabled(pixels > 0)
        self._show()
        if pixels > 0:
            self._length.setFocus()
            self._length.selectAll()

    def event(self, event: QEvent) -> bool:
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        mpp = self.mpp
        self._use.setEnabled(mpp is not None)
        self._result.setText(self.tr("= {mpp} µm/px").format(mpp="–" if mpp is None else f"{mpp:g}"))

    def _finish(self) -> None:
        mpp = self.mpp
        if mpp is not None:
            self.measured.emit(mpp)
