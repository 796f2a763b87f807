"""The numbers of a report: how well the answers agree with the truth, and what people decided."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
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


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """What one person decided, as far as it still counts.

    Attributes:
        name: who.
        malignant, benign, unsure: patches.
        corrected: those of the first two whose answer at the threshold is the other class.
        kappa: Cohen's, of the reviewer and the answers over the first two; None where it is undefined.
        seconds: median between one decision and the next, pauses of more than five minutes left out; None
            where there is no such pair.
    """

    name: str
    malignant: int
    benign: int
    unsure: int
    corrected: int
    kappa: float | None
    seconds: float | None


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


def cohens_kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Agreement of two over the same patches beyond chance (Cohen, 1960); None where both always say the
    same one class, or of nothing."""
    # Half a second of import, which nobody waits for who reads no report.
    from sklearn.metrics import cohen_kappa_score

    if len({*one, *other}) < 2:
        return None
    return float(cohen_kappa_score(one, other))


def reviewer_figures(store: ResultStore, threshold: float) -> list[ReviewerFigures]:
    """One entry for each person whose decisions count, by name."""
    return [
        _figures(store, threshold, name) for name in sorted({d.reviewer for d in store.decisions.values()})
    ]


def _figures(store: ResultStore, threshold: float, name: str) -> ReviewerFigures:
    own = {row: decision for row, decision in store.decisions.items() if decision.reviewer == name}
    counts = Counter(decision.review for decision in own.values())
    sure = [row for row, decision in own.items() if decision.review in (BENIGN, MALIGNANT)]
    sure = [row for row in sure if not math.isnan(float(store.probability[row]))]
    decided = [own[row].review == MALIGNANT for row in sure]
    answered = is_positive(store.probability[sure], threshold).tolist() if sure else []
    return ReviewerFigures(
        name=name,
        malignant=counts[MALIGNANT],
        benign=counts[BENIGN],
        unsure=len(own) - counts[MALIGNANT] - counts[BENIGN],
        corrected=sum(one != other for one, other in zip(decided, answered, strict=True)),
        kappa=cohens_kappa(decided, answered),
        seconds=_median_seconds([decision.time for decision in own.values()]),
    )


_LONGEST_PAUSE = np.timedelta64(5, "m")


def _median_seconds(times: list[str]) -> float | None:
    moments = np.sort(np.array([time.removesuffix("+00:00") for time in times], "datetime64[ms]"))
    # Patches that were decided together have one time.
    waits = np.diff(np.unique(moments))
    waits = waits[waits <= _LONGEST_PAUSE]
    return float(np.median(waits / np.timedelta64(1, "s"))) if len(waits) else None
