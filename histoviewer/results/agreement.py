"""Figures of answers against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.store import is_positive


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the answers agree with the truth, where that is known. An undefined figure is None.

    Attributes:
        with_truth: judged patches with a truth.
        sensitivity, specificity, precision, f1: malignant is positive.
    """

    with_truth: int
    accuracy: float | None
    balanced_accuracy: float | None
    sensitivity: float | None
    specificity: float | None
    precision: float | None
    f1: float | None
    roc_auc: float | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Judged patches with a truth, by truth and answer.

    Attributes:
        hits, misses: malignant ones judged malignant, benign.
        alarms, rejections: benign ones judged malignant, benign.
    """

    hits: int
    misses: int
    alarms: int
    rejections: int

    @property
    def total(self) -> int:
        return self.hits + self.misses + self.alarms + self.rejections

    @property
    def sensitivity(self) -> float | None:
        return ratio(self.hits, self.hits + self.misses)

    @property
    def specificity(self) -> float | None:
        return ratio(self.rejections, self.rejections + self.alarms)


def is_disputed(
    probabilities: NDArray[np.float32], classes: NDArray[np.int8], threshold: float
) -> NDArray[np.bool_]:
    """Where an answer at the threshold is the other class than ``classes`` say, the truth's or a reviewer's:
    float32 and int8 (n,) -> bool (n,). Not where nothing was judged, or they say neither class.
    """
    is_said = ((classes == BENIGN) | (classes == MALIGNANT)) & ~np.isnan(probabilities)
    disputed: NDArray[np.bool_] = is_said & (is_positive(probabilities, threshold) != (classes == MALIGNANT))
    return disputed


def agreement_with(
    truth: NDArray[np.bool_], probabilities: NDArray[np.float32], threshold: float
) -> Agreement:
    """Of judged patches with a truth: bool (n,), malignant; float32 (n,)."""
    found = is_positive(probabilities, threshold)
    met = Confusion(
        hits=_count(truth & found),
        misses=_count(truth & ~found),
        alarms=_count(~truth & found),
        rejections=_count(~truth & ~found),
    )
    sensitivity, specificity = met.sensitivity, met.specificity
    balanced, roc_auc = None, None
    if sensitivity is not None and specificity is not None:
        balanced, roc_auc = (sensitivity + specificity) / 2, _roc_auc(truth, probabilities)
    return Agreement(
        with_truth=len(truth),
        accuracy=ratio(met.hits + met.rejections, len(truth)),
        balanced_accuracy=balanced,
        sensitivity=sensitivity,
        specificity=specificity,
        precision=ratio(met.hits, met.hits + met.alarms),
        f1=ratio(2 * met.hits, 2 * met.hits + met.alarms + met.misses),
        roc_auc=roc_auc,
    )


def ratio(part: float, whole: float) -> float | None:
    """``part`` of ``whole``, or None where there is nothing to divide by."""
    return part / whole if whole else None


def _count(where: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(where))


def _roc_auc(truth: NDArray[np.bool_], probabilities: NDArray[np.float32]) -> float:
    """The part of pairs of a malignant and a benign patch where the malignant one has the higher answer, a
    tie being half of one: Mann and Whitney's U (Hanley & McNeil, Radiology 1982). Needs one of each."""
    _values, place, counts = np.unique(probabilities, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    malignant, benign = _count(truth), _count(~truth)
    pairs_won = float(mean_ranks[place[truth]].sum()) - malignant * (malignant + 1) / 2
    return pairs_won / (malignant * benign)
