"""The brush that marks patches of the slide: whether a person holds it, how large it is, and a stroke."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from histoviewer.gui.open_source import OpenSource

SMALLEST, USUAL, LARGEST = 4.0, 32.0, 512.0
"""View pixels; radius."""

_STEP = 2**0.5


class Brush(QObject):
    """The same for all views. GUI thread.

    Attributes:
        is_on: the left button paints.
        radius: view pixels, so that it covers less of the slide the nearer one looks.

    Signals:
        changed(): either is another.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self.radius = USUAL

    def set_on(self, is_on: bool) -> None:
        if is_on != self.is_on:
            self.is_on = is_on
            self.changed.emit()

    def grow(self, steps: int) -> None:
        """So many steps larger, or with a negative number smaller; two steps are twice the diameter."""
        radius = min(max(self.radius * _STEP**steps, SMALLEST), LARGEST)
        if radius != self.radius:
            self.radius = radius
            self.changed.emit()


class Stroke:
    """One stroke of the brush over a slide: all patches whose middle it has covered. Level-0 pixels."""

    def __init__(self, opened: OpenSource, slide: str, marked: NDArray[np.intp], *, takes_away: bool) -> None:
        """``marked``: rows marked before, ascending; ``takes_away``: what is covered is marked no more."""
        self.before = marked
        self._rows, self._x, self._y = judged_middles(opened, slide)
        self._takes_away = takes_away
        self._is_covered = np.zeros(len(self._rows), np.bool_)
        self._last: tuple[float, float] | None = None

    @property
    def rows(self) -> NDArray[np.intp]:
        """Marked now, ascending."""
        covered = self._rows[self._is_covered]
        change = np.setdiff1d if self._takes_away else np.union1d
        rows: NDArray[np.intp] = change(self.before, covered)
        return rows

    def move_to(self, x: float, y: float, radius: float) -> bool:
        """The brush is drawn there in a straight line; whether it has covered anything new."""
        start_x, start_y = self._last or (x, y)
        self._last = (x, y)
        # Most of a large slide's patches are far away: the exact distance is taken of the others only.
        is_near = (self._x >= min(start_x, x) - radius) & (self._x <= max(start_x, x) + radius)
        is_near &= (self._y >= min(start_y, y) - radius) & (self._y <= max(start_y, y) + radius)
        near = np.flatnonzero(is_near & ~self._is_covered)
        along_x, along_y = x - start_x, y - start_y
        dx, dy = self._x[near] - start_x, self._y[near] - start_y
        length = along_x**2 + along_y**2
        share = np.clip((dx * along_x + dy * along_y) / length, 0, 1) if length else np.zeros(len(near))
        covered = near[np.hypot(dx - share * along_x, dy - share * along_y) <= radius]
        self._is_covered[covered] = True
        return bool(len(covered))


def judged_middles(
    opened: OpenSource, slide: str
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Rows of the judged patches of a slide, ascending, and the x and y of their middles, level-0 pixels."""
    rows, columns, store = opened.source.rows(slide), opened.source.columns, opened.store
    rows = rows[~np.isnan(store.probability[rows])]
    return rows, columns.x[rows] + store.width[rows] / 2, columns.y[rows] + store.height[rows] / 2
