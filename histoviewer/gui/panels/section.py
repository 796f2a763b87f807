"""A titled part of a side panel."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from histoviewer.gui.theme import GRID


class Section(QWidget):
    """A small bold heading, and a column of widgets below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        self.column.setSpacing(GRID // 2)
        heading = QLabel(title.upper(), self)
        font = heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 0.85)
        heading.setFont(font)
        heading.setEnabled(False)
        self.column.addWidget(heading)

    def reveal(self) -> None:
        """Scroll what holds it to where it is seen, once it has its place."""
        QTimer.singleShot(0, self, self._scroll_to)

    def _scroll_to(self) -> None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and self.isVisible():
            # Only down: a column that is a little too wide is not to lose its left side.
            around.ensureVisible(0, self.geometry().bottom() + 1, 0, 0)
            around.ensureVisible(0, self.geometry().top(), 0, 0)
