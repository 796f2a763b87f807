"""One rectangle drawn with the mouse: from where, to where, and when it is more than a click."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF


@dataclass(slots=True)
class Band:
    """From press to release. View pixels.

    Attributes:
        start: where the mouse was pressed.
        threshold: how far it must go, so that a shaky click stays a click.
        rect: drawn so far.
        has_moved: it went that far.
    """

    start: QPointF
    threshold: int
    rect: QRectF = field(default_factory=QRectF)
    has_moved: bool = False

    def moved_to(self, at: QPointF) -> bool:
        """Whether there is a rectangle now."""
        self.has_moved = self.has_moved or (at - self.start).manhattanLength() >= self.threshold
        self.rect = QRectF(self.start, at).normalized()
        return self.has_moved
