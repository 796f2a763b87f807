"""One tone of the look: a slider and a number box that say the same."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.look.look import MOST_GAMMA, MOST_TONE
from histoviewer.gui.theme import GRID

_STEPS = 100
"""Of a slider, to either side of its middle, where nothing is changed."""


class ToneRow(QObject):
    """Adds a row to a grid.

    Signals: changed(float): the user has set another value.
    """

    changed = Signal(float)

    def __init__(self, name: str, tip: str, box: DecimalBox, *, is_factor: bool, parent: QWidget) -> None:
        """``is_factor``: the value goes from one in ``box.maximum()`` to that, 1 in the middle, and steps of
        the slider multiply; else from minus to plus the maximum."""
        super().__init__(parent)
        self._is_factor = is_factor
        self._label = QLabel(name, parent)
        self._slider = QSlider(Qt.Orientation.Horizontal, parent)
        self._slider.setRange(-_STEPS, _STEPS)
        self._slider.setPageStep(_STEPS // 10)
        self._slider.setMinimumWidth(22 * GRID)
        self._box = box
        self._label.setBuddy(box)
        for widget in (self._slider, box):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self._slider.valueChanged.connect(self._on_slider)
        box.valueChanged.connect(self.changed)

    def add_to(self, grid: QGridLayout, row: int) -> None:
        for column, widget in enumerate((self._label, self._slider, self._box)):
            grid.addWidget(widget, row, column)

    def show_value(self, value: float) -> None:
        """Show what is set; the user is not asked."""
        with QSignalBlocker(self._slider), QSignalBlocker(self._box):
            self._box.setValue(value)
            self._slider.setValue(self._step_of(value))

    def take_focus(self) -> None:
        """The arrow keys move the slider."""
        self._slider.setFocus()

    def _step_of(self, value: float) -> int:
        most = self._box.maximum()
        return round(_STEPS * (math.log(value) / math.log(most) if self._is_factor else value / most))

    def _on_slider(self, step: int) -> None:
        most = self._box.maximum()
        self.changed.emit(most ** (step / _STEPS) if self._is_factor else most * step / _STEPS)


def signed_box(parent: QWidget) -> DecimalBox:
    """For brightness and contrast: whole numbers, -100 to 100."""
    return DecimalBox(parent, least=-MOST_TONE, most=MOST_TONE, decimals=0, step=5)


def gamma_box(parent: QWidget) -> DecimalBox:
    return DecimalBox(parent, least=1 / MOST_GAMMA, most=MOST_GAMMA, decimals=2, step=0.1)
