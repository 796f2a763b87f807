"""Sections below each other in a dock, scrolled where the window is too low for them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from histoviewer.gui.theme import GRID


class PanelColumn(QScrollArea):
    """Never narrower than what it holds and its scroll bar: nothing is cut off at the side."""

    def __init__(self, sections: Iterable[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = QWidget(self)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for section in sections:
            column.addWidget(section)
        column.addStretch()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(self._panel)

    def minimumSizeHint(self) -> QSize:
        width = self._panel.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
