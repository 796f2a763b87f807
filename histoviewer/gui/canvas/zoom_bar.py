"""Magnification buttons above the canvas."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QToolBar, QToolButton, QWidget

from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.session import Session
from histoviewer.gui.theme import GRID

MAGNIFICATIONS = (1, 2, 4, 10, 20, 40)
ARROW = "qt_toolbar_ext_button"
"""What Qt calls the button at the end of a tool bar that is too narrow."""


class ZoomBar(QToolBar):
    """Fit, and 1x to 40x where the scale is known. Those that a narrow window has no room for are in the menu
    of an arrow at the end."""

    def __init__(self, session: Session, views: TwoViews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._views = views
        self.setMovable(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Magnification"))
        fit = self._add(self.tr("Fit"), None)
        fit.setToolTip(self.tr("Show the whole slide (0)"))
        self._powers = [self._add(f"{m}×", m) for m in MAGNIFICATIONS]
        self._name_arrow()
        session.slide_changed.connect(self._show_slide)
        self._show_slide()

    def _add(self, text: str, magnification: int | None) -> QAction:
        action = self.addAction(text)
        action.setData(magnification)
        action.triggered.connect(self._on_triggered)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if magnification is not None:
            action.setToolTip(self.tr("As through a {power}× objective").format(power=magnification))
        return action

    def _name_arrow(self) -> None:
        """Qt makes it, and leaves it to the mouse."""
        arrow = self.findChild(QToolButton, ARROW)
        if arrow is not None:
            arrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            arrow.setToolTip(self.tr("More magnifications"))
            arrow.setAccessibleName(self.tr("More magnifications"))

    def minimumSizeHint(self) -> QSize:
        """Fit and the arrow."""
        fit = self.widgetForAction(self.actions()[0])
        arrow = self.style().pixelMetric(QStyle.PixelMetric.PM_ToolBarExtensionExtent, None, self)
        return QSize(fit.sizeHint().width() + arrow + GRID // 2, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style would draw a bar of its own on the row."""

    def _show_slide(self) -> None:
        slide = self._session.slide
        for action in self._powers:
            action.setEnabled(slide is not None and slide.mpp is not None)

    def _on_triggered(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        magnification, view = action.data(), self._views.active.view
        if magnification is None:
            view.fit()
        else:
            view.zoom_to_magnification(magnification)
