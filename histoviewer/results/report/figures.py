"""The numbers of a report: how well the answers agree with the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from histoviewer.patches.patch import MALIGNANT, UNKNOWN
from histoviewer.results.store import ResultStore, is_positive


@dataclass(frozen=True, slots=True)
class Confusion:
    """Patches with a truth that were judged, by truth and answer."""

    hits: int
    misses: int
    alarms: int
    rejections: int

    @property
    def total(self) -> int:
        return self.hits + self.misses + self.alarms + self.rejections


def confusion(store: ResultStore, threshold: float, rows: NDArray[np.intp]) -> Confusion:
    """Of these rows."""
    is_known = (store.columns.truth[rows] != UNKNOWN) & ~np.isnan(store.probability[rows])
    truth = store.columns.truth[rows[is_known]] == MALIGNANT
    found = is_positive(store.probability[rows[is_known]], threshold)
    cells = (truth & found, truth & ~found, ~truth & found, ~truth & ~found)
    return Confusion(*(int(np.count_nonzero(cell)) for cell in cells))


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % score interval of a share (Wilson, JASA 1927); None of nothing.

    It is of the patches counted, as if each had been drawn by itself: it says nothing of other patients.
    """
    if not whole:
        return None
    interval = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)
