"""The row above the slide: its docks at both ends, the tabs, Classify, and the magnifications."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QTabBar, QToolButton, QWidget

from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.canvas.zoom_bar import ZoomBar
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

PICTURE = QSize(16, 12)


class DockButton(QToolButton):
    """Collapses a dock and brings it back: a small window with that side filled while it is there."""

    def __init__(self, wanted: QAction, *, is_left: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_left = is_left
        self.setDefaultAction(wanted)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(wanted.text().replace("&", ""))

    def sizeHint(self) -> QSize:
        return QSize(3 * GRID, 3 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Midlight))
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        left, top = (self.width() - PICTURE.width()) // 2, (self.height() - PICTURE.height()) // 2
        frame = QRectF(left + 0.5, top + 0.5, PICTURE.width() - 1, PICTURE.height() - 1)
        painter.setPen(QPen(ink, 1))
        painter.drawRect(frame)
        side = QRectF(frame.left() if self._is_left else frame.right() - 5, frame.top(), 5, frame.height())
        if self.isChecked():
            painter.fillRect(side, ink)
        painter.drawRect(side)


class TopRow(QWidget):
    """Buttons and tabs leave the keyboard to the slide when they are clicked."""

    def __init__(
        self, session: Session, views: TwoViews, docks: tuple[QAction, QAction], parent: QWidget | None = None
    ) -> None:
        """``docks``: what switches the left and the right dock."""
        super().__init__(parent)
        self.tabs = QTabBar(self)
        self.tabs.addTab(self.tr("Slide"))
        self.tabs.addTab(self.tr("Patches"))
        self.tabs.setTabToolTip(0, self.tr("The slide (Ctrl+1)"))
        self.tabs.setTabToolTip(1, self.tr("All patches (Ctrl+2)"))
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.classify_button = QPushButton(self.tr("C&lassify"), self)
        self.classify_button.setToolTip(self.tr("Judge every patch that has not been judged (F5)"))
        self.zoom_bar = ZoomBar(session, views, self)
        for control in (self.tabs, self.classify_button):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._dock_buttons = [
            DockButton(wanted, is_left=is_left, parent=self)
            for wanted, is_left in zip(docks, (True, False), strict=True)
        ]
        left, right = self._dock_buttons
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(left)
        row.addWidget(self.tabs)
        row.addWidget(self.classify_button)
        row.addStretch()
        row.addWidget(self.zoom_bar)
        row.addWidget(right)

    def set_has_source(self, has_source: bool) -> None:
        """The controls have nothing to do while nothing is open."""
        for widget in (self.tabs, self.classify_button, *self._dock_buttons):
            widget.setVisible(has_source)
