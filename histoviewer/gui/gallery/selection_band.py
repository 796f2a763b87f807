"""The rectangle that a dragging mouse draws over the gallery."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QRubberBand, QWidget


class SelectionBand(QRubberBand):
    """From where the button was pressed to where the mouse is, in content pixels. GUI thread."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(QRubberBand.Shape.Rectangle, viewport)
        self._origin: QPoint | None = None

    def press(self, at: QPoint) -> None:
        """A button was pressed there."""
        self._origin = at

    def draw_to(self, at: QPoint, *, offset: int) -> QRect | None:
        """The rectangle, which is shown; None while the mouse has hardly moved, or is not pressed.

        ``offset``: content pixels above the viewport.
        """
        if self._origin is None:
            return None
        is_far = (at - self._origin).manhattanLength() >= QApplication.startDragDistance()
        if not (is_far or self.isVisible()):
            return None
        box = QRect(self._origin, at).normalized()
        self.setGeometry(box.translated(0, -offset))
        self.show()
        return box

    def release(self) -> None:
        """No button is pressed any more."""
        self._origin = None
        self.hide()
