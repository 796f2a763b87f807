"""One turn of the slide with the mouse."""

from __future__ import annotations

import math
from dataclasses import dataclass

_DEAD = 12.0
"""View pixels around the middle, where a small step would be half a turn."""


@dataclass(slots=True)
class Turn:
    """From press to release: the slide follows the mouse around the middle of the view.

    Attributes:
        middle_x, middle_y: of the view, view pixels.
        rotation: of the slide, degrees clockwise.
        angle: of the mouse as seen from the middle, degrees clockwise; None while it is too near to tell.
    """

    middle_x: float
    middle_y: float
    rotation: float
    angle: float | None = None

    def moved_to(self, x: float, y: float) -> float:
        """The rotation that the slide has to have now; ``x``, ``y`` are the mouse in view pixels."""
        dx, dy = x - self.middle_x, y - self.middle_y
        if math.hypot(dx, dy) < _DEAD:
            self.angle = None
            return self.rotation
        angle = math.degrees(math.atan2(dy, dx))
        if self.angle is not None:
            self.rotation = (self.rotation + angle - self.angle) % 360.0
        self.angle = angle
        return self.rotation
