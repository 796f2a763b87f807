"""The ways to answer which scale a slide has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.theme import GRID

OBJECTIVES = (40, 20, 10, 4)
"""Objective powers that scanners have; 10 / power is their usual µm/px."""

USUAL = 0.25
"""µm/px that most slides have: what is offered first."""

_MOST = 1e5
"""What is typed is questioned, not cut: 250 must not become 25."""


class ScaleAnswers(QWidget):
    """A row: the power of the lens, a line to measure by, or the µm/px itself.

    Signals:
        given(float): this µm/px is to be used.
        kept(): the scale stays as it is.
        measure_pressed(): a line is to be drawn.
    """

    given = Signal(float)
    kept = Signal()
    measure_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for power in OBJECTIVES:
            row.addWidget(self._objective(power))
        row.addWidget(
            self._button(
                self.tr("M&easure…"),
                self.tr("Draw a line along something on the slide whose length you know"),
                self.measure_pressed,
            )
        )
        self._mpp = self._box()
        row.addWidget(self._mpp)
        row.addWidget(self._button(self.tr("&Use"), self.tr("Use this scale (Enter)"), self.give))
        self._keep = self._button(self.tr("&Keep"), self.tr("Leave the scale as it is"), self.kept)
        row.addWidget(self._keep)

    def offer(self, mpp: float, *, may_keep: bool) -> None:
        """What Enter takes, µm/px, and whether there is a scale to be kept."""
        self._mpp.setValue(mpp)
        self._keep.setVisible(may_keep)

    def await_typing(self) -> None:
        """Ready for another number."""
        self._mpp.setFocus()
        self._mpp.selectAll()

    def give(self) -> None:
        """What stands in the box is the answer."""
        self._mpp.interpretText()  # what is typed may not count yet: a mnemonic leaves the focus where it is
        self.given.emit(self._mpp.value())

    def _box(self) -> DecimalBox:
        box = DecimalBox(self, most=_MOST, decimals=4, step=0.01)
        box.setValue(USUAL)
        # Not as wide as the largest number that may be typed.
        box.setFixedWidth(self.fontMetrics().horizontalAdvance("0.0000 µm/px") + 4 * GRID)
        box.setSuffix(" µm/px")
        box.setAccessibleName(self.tr("µm per pixel"))
        box.lineEdit().returnPressed.connect(self.give)
        return box

    def _objective(self, power: int) -> QPushButton:
        tip = self.tr("Scanned at {power}×: {mpp:g} µm/px").format(power=power, mpp=10 / power)
        button = self._button(f"{power}×", tip, self._take_objective)
        button.setProperty("mpp", 10 / power)
        button.setFixedWidth(9 * GRID // 2)
        return button

    def _button(self, text: str, tip: str, pressed: Callable[[], None] | SignalInstance) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.clicked.connect(pressed)
        return button

    def _take_objective(self) -> None:
        self._mpp.setValue(float(self.sender().property("mpp")))
