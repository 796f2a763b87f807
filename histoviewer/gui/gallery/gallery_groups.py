"""How the gallery divides its patches into groups: numpy only, no Qt, no object a patch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns
from histoviewer.results.store import is_positive

CLASSES = (MALIGNANT, BENIGN, UNKNOWN)
"""Of the patch module, in the order in which their groups stand; those are numbered from 0."""


class Group(Enum):
    """What the patches of a group have in common."""

    NONE = "none"
    PATIENT = "patient"
    CLASS = "class"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows by group; groups without rows are left out.

    Attributes:
        keys: intp (g,), ascending: place in ``columns.patients``, or in ``CLASSES``.
        starts: intp (g + 1,), where each group begins in ``rows``, and last their number.
        rows: intp (n,), group after group, each in the order it was given.
    """

    keys: NDArray[np.intp]
    starts: NDArray[np.intp]
    rows: NDArray[np.intp]

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Patches of each group."""
        return np.diff(self.starts)

    def of_key(self, key: int) -> int | None:
        """The group with this key, if it has rows."""
        found = np.flatnonzero(self.keys == key)
        return int(found[0]) if len(found) else None

    def open_rows(self, is_closed: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Rows without those of closed groups; ``is_closed`` is bool (g,)."""
        return self.rows[np.repeat(~is_closed, self.sizes)] if is_closed.any() else self.rows

    def counts(self, probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.intp]:
        """intp (2, g): judged patches and malignant ones; ``probabilities`` are of all rows of the source."""
        values = probabilities[self.rows]
        return np.stack([self._sums(~np.isnan(values)), self._sums(is_positive(values, threshold))])

    def _sums(self, is_counted: NDArray[np.bool_]) -> NDArray[np.intp]:
        sums = np.zeros(len(is_counted) + 1, np.intp)
        np.cumsum(is_counted, out=sums[1:])
        return np.diff(sums[self.starts])


def keys_of(
    columns: PatchColumns, probabilities: NDArray[np.float32], threshold: float, group: Group
) -> NDArray[np.intp]:
    """intp (n,): the group of every patch of a source."""
    if group is Group.PATIENT:
        return columns.patient.astype(np.intp)
    if group is Group.TRUTH:
        return _places(columns.truth)
    verdicts = np.where(is_positive(probabilities, threshold), MALIGNANT, BENIGN)
    return _places(np.where(np.isnan(probabilities), UNKNOWN, verdicts))


def grouped(rows: NDArray[np.intp], keys: NDArray[np.intp]) -> Groups:
    """``rows`` by the ``keys`` (n,) of all patches of the source."""
    of_rows = keys[rows]
    # Sorting is fast where keys are short: numpy sorts 16-bit ones by their digits, and keeps ties.
    highest = int(of_rows.max(initial=0))
    short = of_rows.astype(np.uint16) if highest < 2**16 else of_rows
    sizes = np.bincount(of_rows, minlength=1)
    present = np.flatnonzero(sizes)
    starts = np.zeros(len(present) + 1, np.intp)
    np.cumsum(sizes[present], out=starts[1:])
    return Groups(present, starts, rows[np.argsort(short, kind="stable")])


def _places(classes: NDArray[np.integer]) -> NDArray[np.intp]:
    place = np.zeros(3, np.intp)
    place[list(CLASSES)] = range(3)  # UNKNOWN, -1, is the last element
    places: NDArray[np.intp] = place[classes]
    return places
