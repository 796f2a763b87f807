"""Moving a view smoothly: every way of panning and zooming is a target that the view glides to."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from histoviewer.gui.canvas.view_transform import ViewTransform

GLIDE = 0.06
"""Seconds in which the way left shrinks to 37 %: quick enough to feel direct, slow enough to follow."""

_FRAME_MS = 16
_LONGEST_STEP = 0.05
"""Seconds: after a slow frame the view goes on from where it was seen, it does not leap."""

_ARRIVED = 0.5
"""View pixels; a step that nobody sees."""


class ViewMotion(QObject):
    """The view as it is and the view it goes to. GUI thread.

    Attributes:
        current: what is on the screen now.
        target: where it comes to rest; equal to ``current`` at rest.

    Signals:
        moved: ``current`` changed.
        rested: ``current`` has reached ``target``.
    """

    moved = Signal()
    rested = Signal()

    def __init__(self, view: ViewTransform, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current = view
        self.target = view
        self._seconds = GLIDE
        self._last = 0.0
        self._timer = QTimer(self, interval=_FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def is_resting(self) -> bool:
        return not self._timer.isActive()

    def jump_to(self, view: ViewTransform) -> None:
        """Be there at once."""
        self._timer.stop()
        self.current = self.target = view
        self.moved.emit()
        self.rested.emit()

    def glide_to(self, view: ViewTransform, seconds: float = GLIDE) -> None:
        """Go there, fast at first and slowing down, as friction does."""
        self.target = view
        self._seconds = seconds
        if not self._timer.isActive():
            self._last = time.perf_counter()
            self._timer.start()

    def _step(self) -> None:
        now = time.perf_counter()
        elapsed = min(now - self._last, _LONGEST_STEP)
        self._last = now
        self.current = self.current.towards(self.target, 1 - math.exp(-elapsed / self._seconds))
        if self.current.distance(self.target) < _ARRIVED:
            self.jump_to(self.target)
        else:
            self.moved.emit()
