"""One drag of the mouse: when it is more than a click, how far it went, how fast it is let go."""

from __future__ import annotations

from dataclasses import dataclass, field

_STEADY = 0.6
"""Weight of the newest step in the speed; the rest evens out the jitter of the mouse."""

_STOPPED_MS = 80


@dataclass(slots=True)
class Drag:
    """From press to release. View pixels; times are those of the events, in milliseconds.

    Attributes:
        x, y: where the mouse was last.
        time: when that was.
        threshold: how far the mouse must go before it drags, so that a shaky click stays a click.
        has_moved: it did.
        speed: view pixels per second, across and down.
    """

    x: float
    y: float
    time: int
    threshold: float
    has_moved: bool = False
    speed: tuple[float, float] = field(default=(0.0, 0.0))

    def moved_to(self, x: float, y: float, time: int) -> tuple[float, float]:
        """How far the slide has to follow: nothing until the threshold is passed."""
        dx, dy = x - self.x, y - self.y
        if not self.has_moved and abs(dx) + abs(dy) < self.threshold:
            return 0.0, 0.0
        if self.has_moved:
            self._measure(dx, dy, max(1, time - self.time))
        self.has_moved = True
        self.x, self.y, self.time = x, y, time
        return dx, dy

    def speed_at(self, time: int) -> tuple[float, float]:
        """The speed on release; a hand that has stopped before letting go has none."""
        return self.speed if time - self.time < _STOPPED_MS else (0.0, 0.0)

    def _measure(self, dx: float, dy: float, elapsed: int) -> None:
        old_x, old_y = self.speed
        self.speed = (
            _STEADY * 1000 * dx / elapsed + (1 - _STEADY) * old_x,
            _STEADY * 1000 * dy / elapsed + (1 - _STEADY) * old_y,
        )
