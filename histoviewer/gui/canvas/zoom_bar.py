"""Magnification buttons above the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.session import Session

MAGNIFICATIONS = (1, 2, 4, 10, 20, 40)


class ZoomBar(QWidget):
    """1x to 40x where the scale is known, and fit."""

    def __init__(self, session: Session, views: TwoViews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._views = views
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._buttons = [self._button(f"{m}×", m) for m in MAGNIFICATIONS]
        fit = self._button(self.tr("Fit"), None)
        fit.setToolTip(self.tr("Show the whole slide (0)"))
        for button in (*self._buttons, fit):
            row.addWidget(button)
        session.slide_changed.connect(self._show_slide)
        self._show_slide()

    def _button(self, text: str, magnification: int | None) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setProperty("magnification", magnification)
        button.clicked.connect(self._on_clicked)
        if magnification is not None:
            button.setToolTip(self.tr("As through a {power}× objective").format(power=magnification))
        return button

    def _show_slide(self) -> None:
        slide = self._session.slide
        for button in self._buttons:
            button.setEnabled(slide is not None and slide.mpp is not None)

    def _on_clicked(self) -> None:
        magnification = self.sender().property("magnification")
        view = self._views.active.view
        if magnification is None:
            view.fit()
        else:
            view.zoom_to_magnification(magnification)
