"""How far a run is, how fast, and how long still."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

WINDOW_SECONDS = 5.0
"""Rate is over the last seconds: early batches are slow and a laptop's clock changes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as the window shows it.

    Attributes:
        done, total, failed: patches; ``failed`` are among those done.
        rate: patches a second lately; None before the first batch.
        seconds_left: None while unknown.
    """

    done: int
    total: int
    failed: int
    rate: float | None
    seconds_left: float | None


class ProgressMeter:
    """Counts patches of a run and times them. The GUI thread's."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self._marks: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])

    def extend(self, patches: int) -> None:
        """More patches have been submitted to the same run."""
        self.total += patches

    def add(self, *, done: int, failed: int) -> None:
        """A block came back."""
        self.done += done
        self.failed += failed
        now = time.monotonic()
        self._marks.append((now, self.done))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW_SECONDS:
            self._marks.popleft()

    def progress(self) -> Progress:
        """Where the run is now."""
        (first, before), (last, after) = self._marks[0], self._marks[-1]
        rate = (after - before) / (last - first) if last > first else None
        left = (self.total - self.done) / rate if rate else None
        return Progress(self.done, self.total, self.failed, rate, left)
