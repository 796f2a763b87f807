"""Where on the slide the mouse is, and where it clicks."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.hand import Hand
from histoviewer.gui.canvas.navigator import Navigator
from histoviewer.slides.geometry import Box


class Pointing(QObject):
    """Turns places of a view into places on its slide. GUI thread.

    Signals:
        hovered(x, y): level-0 point under the mouse, on the slide; hover_left: no longer.
        clicked(x, y): level-0 point pressed and released without dragging, on the slide.
    """

    hovered = Signal(float, float)
    hover_left = Signal()
    clicked = Signal(float, float)

    def __init__(self, navigator: Navigator, hand: Hand, view: QWidget) -> None:
        super().__init__(view)
        self._navigator, self._hand, self._view = navigator, hand, view
        self._bounds: Box | None = None
        self._is_hovered = False
        hand.pointed.connect(self.tell)
        hand.clicked.connect(self._on_clicked)

    def set_bounds(self, bounds: Box | None) -> None:
        """Of the slide, level-0 pixels; None: no slide."""
        self._bounds = bounds

    def tell(self) -> None:
        """Also when the slide moves under a mouse that lies still."""
        at = self._hand.position
        point = self.on_slide(at) if at is not None else None
        if point is not None:
            self.hovered.emit(*point)
        elif self._is_hovered:
            self.hover_left.emit()
        self._is_hovered = point is not None

    def on_slide(self, at: QPointF) -> tuple[float, float] | None:
        """The level-0 point in the middle of the screen's pixel under a point of the view, whose colour is
        painted there; None beside the slide."""
        if self._bounds is None:
            return None
        ratio, bounds = self._view.devicePixelRatioF(), self._bounds
        middle = (math.floor(at.x() * ratio) + 0.5, math.floor(at.y() * ratio) + 0.5)
        x, y = self._navigator.current.on_device(ratio).to_level0(*middle)
        is_inside = 0 <= x - bounds.x < bounds.width and 0 <= y - bounds.y < bounds.height
        return (x, y) if is_inside else None

    def _on_clicked(self, at: QPointF) -> None:
        point = self.on_slide(at)
        if point is not None:
            self.clicked.emit(*point)
