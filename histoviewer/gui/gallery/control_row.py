"""A row of small controls with captions that give way on a small screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLayout, QWidget

from histoviewer.gui.theme import GRID


class ControlRow(QWidget):
    """Controls from left to right, each group of them named by a caption before it.

    Attributes:
        row: its layout, for what has no caption.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._captions: list[QLabel] = []
        self._shrinking: list[QComboBox] = []
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(GRID, 0, GRID, 0)
        self.row.setSpacing(GRID // 2)
        # With its captions the row would not let the bar become narrower than they are.
        self.row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def add(self, caption: str, *controls: QWidget) -> None:
        """``caption`` names the first of the controls; its mnemonic leads to it."""
        label = QLabel(caption, self)
        label.setBuddy(controls[0])
        self._captions.append(label)
        for widget in (label, *controls):
            self.row.addWidget(widget)
        self.row.addSpacing(GRID)

    def let_shrink(self, box: QComboBox) -> None:
        """Where there is no room its text may be cut."""
        box.setMinimumWidth(12 * GRID)
        self._shrinking.append(box)

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        shown = [_width_with_gap(caption) for caption in self._captions if not caption.isHidden()]
        return QSize(whole.width() - sum(shown), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the captions go: what they name says so itself."""
        super().resizeEvent(event)
        cut = sum(max(0, box.sizeHint().width() - box.minimumWidth()) for box in self._shrinking)
        whole = self.minimumSizeHint().width() + cut + sum(map(_width_with_gap, self._captions))
        for caption in self._captions:
            caption.setVisible(event.size().width() >= whole)


def _width_with_gap(caption: QLabel) -> int:
    return caption.sizeHint().width() + GRID // 2
