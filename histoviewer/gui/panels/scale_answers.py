"""The ways to answer which scale a slide has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QPushButton, QWidget

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.theme import GRID

OBJECTIVES = (40, 20, 10, 4)
"""Objective powers that scanners have; 10 / power is their usual µm/px."""

USUAL = 0.25
"""µm/px that most slides have: what is offered first."""

_MOST = 1e5
"""What is typed is questioned, not cut: 250 must not become 25."""


class ScaleAnswers(QWidget):
    """The power of the lens, a line to measure by, or the µm/px itself: in a row, or in two where there is
    too little room.

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
        measure = self._button(
            self.tr("M&easure…"),
            self.tr("Draw a line along something on the slide whose length you know"),
            self.measure_pressed,
        )
        self._mpp = self._box()
        use = self._button(self.tr("&Use"), self.tr("Use this scale (Enter)"), self.give)
        self._keep = self._button(self.tr("&Keep"), self.tr("Leave the scale as it is"), self.kept)
        objectives = [self._objective(power) for power in OBJECTIVES]
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GRID)
        # In two lines it is narrower than in one: the layout itself must not ask for the one.
        self._rows.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._halves = [self._half(*objectives, measure), self._half(self._mpp, use, self._keep)]

    def _half(self, *controls: QWidget) -> QHBoxLayout:
        half = QHBoxLayout()
        half.setSpacing(GRID)
        half.addStretch()
        for control in controls:
            half.addWidget(control)
        self._rows.addLayout(half)
        return half

    def sizeHint(self) -> QSize:
        """All in one line."""
        return QSize(sum(self._half_widths()) + GRID, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """In two."""
        return QSize(max(self._half_widths()), super().minimumSizeHint().height())

    def _half_widths(self) -> list[int]:
        return [half.sizeHint().width() for half in self._halves]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= self.sizeHint().width()
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._rows.direction() != direction:
            self._rows.setDirection(direction)
            self.updateGeometry()

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
