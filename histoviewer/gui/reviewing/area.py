"""The patches in an area of the slide that a person has marked, to be decided together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal


class Area(QObject):
    """GUI thread.

    Attributes:
        rows: intp, ascending, of the source in front; none while there is no area.

    Signals:
        changed(): ``rows`` are others.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: NDArray[np.intp] = np.empty(0, np.intp)

    def set_rows(self, rows: NDArray[np.intp]) -> None:
        """Mark these."""
        if len(rows) or len(self.rows):
            self.rows = rows
            self.changed.emit()

    def clear(self) -> None:
        """Mark none."""
        self.set_rows(np.empty(0, np.intp))
