"""A row of controls that does not make its window wider."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


class ScrollRow(QScrollArea):
    """As high as its row, and as wide as there is room: what does not fit is scrolled to, also by Tab.

    It is hidden and shown with its row.
    """

    def __init__(self, row: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(row)
        self.viewport().setAutoFillBackground(False)
        row.setAutoFillBackground(False)
        row.installEventFilter(self)
        self._row = row
        self.horizontalScrollBar().rangeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        row, bar = self._row.sizeHint(), self.horizontalScrollBar()
        is_cut = bar.maximum() > 0
        return QSize(row.width(), row.height() + (bar.sizeHint().height() if is_cut else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Qt scrolls to the cursor of a text field alone, of which the rest may stay out of sight."""
        has_moved = super().focusNextPrevChild(is_next)
        reached = self.focusWidget()
        if has_moved and reached is not None and self._row.isAncestorOf(reached):
            middle = reached.mapTo(self._row, reached.rect().center())
            self.ensureVisible(middle.x(), middle.y(), reached.width() // 2 + 1, 0)
        return has_moved

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self.setVisible(event.type() == QEvent.Type.ShowToParent)
        return super().eventFilter(watched, event)
