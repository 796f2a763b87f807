"""Which patches of a source are selected: rows, and no Qt widget."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal


class PatchSelection(QObject):
    """A set of rows of one source. GUI thread.

    It knows nothing of cells: who extends it says which rows lie between. The one patch that is shared with
    the slide view, the session's ``selected``, is usually among them and need not be.

    Attributes:
        anchor: the row that a range is drawn from, or None.

    Signals:
        changed(): other rows are selected.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_selected = np.zeros(0, np.bool_)
        self._count = 0
        self.anchor: int | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> NDArray[np.intp]:
        """The selected rows, intp, ascending."""
        return np.flatnonzero(self._is_selected)

    def has(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these rows are selected, bool (n,)."""
        return self._is_selected[rows]

    def reset(self, total: int) -> None:
        """Nothing of another source of so many patches."""
        self.anchor = None
        self._take(np.zeros(total, np.bool_))

    def set_rows(self, rows: NDArray[np.intp]) -> None:
        """These and no others."""
        is_selected = np.zeros_like(self._is_selected)
        is_selected[rows] = True
        self._take(is_selected)

    def set_only(self, row: int | None) -> None:
        """One, from which ranges are drawn, or none."""
        self.anchor = row
        self.set_rows(np.array([] if row is None else [row], np.intp))

    def add(self, rows: NDArray[np.intp]) -> None:
        """These too."""
        is_selected = self._is_selected.copy()
        is_selected[rows] = True
        self._take(is_selected)

    def toggle(self, row: int) -> None:
        """This one too, or no longer; ranges are drawn from it."""
        self.anchor = row
        is_selected = self._is_selected.copy()
        is_selected[row] = not is_selected[row]
        self._take(is_selected)

    def keep(self, rows: NDArray[np.intp]) -> None:
        """No others than these: what is not shown is not selected."""
        is_kept = np.zeros_like(self._is_selected)
        is_kept[rows] = True
        self._take(self._is_selected & is_kept)

    def _take(self, is_selected: NDArray[np.bool_]) -> None:
        is_changed = not np.array_equal(is_selected, self._is_selected)
        self._is_selected = is_selected
        self._count = int(np.count_nonzero(is_selected))
        if is_changed:
            self.changed.emit()
