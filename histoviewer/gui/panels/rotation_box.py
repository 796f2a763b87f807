"""A small box in which the slide is turned by any angle."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDial, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.view_transform import turn_between
from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.theme import GRID


class RotationBox(QDialog):
    """A number and a dial, from -180° to 180° clockwise. It blocks nothing; Esc closes it."""

    def __init__(self, view: SlideView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Rotate"))
        self._view = view
        self._number = DecimalBox(self, least=-180, most=180, decimals=1, step=1)
        self._number.setSuffix("°")
        self._number.setWrapping(True)
        self._number.setAccessibleName(self.tr("Degrees clockwise"))
        self._dial = QDial(self, wrapping=True, notchesVisible=True)
        self._dial.setRange(-180, 180)
        self._dial.setNotchTarget(15)
        self._dial.setFixedSize(9 * GRID, 9 * GRID)
        self._dial.setAccessibleName(self.tr("Angle of the slide"))
        self._upright = QPushButton(self.tr("&Upright"), self)
        self._upright.setAutoDefault(False)
        self._arrange()
        self._show_angle()
        self._number.valueChanged.connect(self._view.turn_to)
        self._dial.valueChanged.connect(self._view.turn_to)
        self._upright.clicked.connect(self._turn_upright)
        view.turned.connect(self._show_angle)
        self._number.setFocus()
        self._number.selectAll()

    def _arrange(self) -> None:
        label = QLabel(self.tr("Turned &clockwise by"), self)
        label.setBuddy(self._number)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        for widget in (label, self._number, self._upright):
            column.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(4 * [2 * GRID]))
        row.setSpacing(2 * GRID)
        row.addLayout(column)
        row.addWidget(self._dial)

    def _turn_upright(self) -> None:
        self._view.turn_to(0)

    def _show_angle(self) -> None:
        """What the view comes to; saying it must not turn the slide again."""
        angle = turn_between(0, self._view.rotation)
        for control in (self._number, self._dial):
            control.blockSignals(True)
        self._number.setValue(angle)
        self._dial.setValue(round(angle))
        for control in (self._number, self._dial):
            control.blockSignals(False)
