"""The figures of ``evaluation.figures`` over and over, on patients drawn with replacement.

A thousand draws of 17,000 patches take scikit-learn more than a minute. Here probabilities are sorted once
and a patient drawn twice counts twice, which comes to the same (the tests compare the two).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_training.reliability import BINS, bin_of

DrawnFigures = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Which patients were drawn, and how often.

    Attributes:
        patient: intp (n,), number of each patch's patient.
        times: int64 (m, patients), how often each patient was drawn in each of m draws. Draws without
            patches of both classes, which have no ROC curve, are left out.
    """

    patient: NDArray[np.intp]
    times: NDArray[np.int64]


def draw_patients(truth: NDArray[np.int8], patients: NDArray[np.str_], *, seed: int, resamples: int) -> Draws:
    """As many patients as there are, with replacement, ``resamples`` times."""
    names, patient = np.unique(patients, return_inverse=True)
    random = np.random.default_rng(seed)
    drawn = [random.integers(len(names), size=len(names)) for _ in range(resamples)]
    times = np.array([np.bincount(numbers, minlength=len(names)) for numbers in drawn], np.int64)
    times = times.reshape(-1, len(names))
    malignant = times @ np.bincount(patient, weights=truth, minlength=len(names))
    patches = times @ np.bincount(patient, minlength=len(names))
    return Draws(patient, times[(malignant > 0) & (malignant < patches)])


def drawn_figures(
    truth: NDArray[np.int8], probability: NDArray[np.float32], draws: Draws, threshold: float
) -> DrawnFigures:
    """Each figure of ``evaluation.figures`` in each draw: float64 (m,)."""
    return {
        **counted_figures(truth, probability, draws, threshold),
        **_ranked(truth, probability, draws),
        **_summed(truth, probability, draws),
    }


def counted_figures(
    truth: NDArray[np.int8], probability: NDArray[np.float32], draws: Draws, threshold: float
) -> DrawnFigures:
    """Those that follow from counts at the threshold: quick, also for many thresholds."""
    positive, malignant = probability >= threshold, truth == 1
    cells = (positive & malignant, positive & ~malignant, ~positive & ~malignant, ~positive & malignant)
    tp, fp, tn, fn = (draws.times @ _by_patient(cell, draws) for cell in cells)
    recall, specificity = tp / (tp + fn), tn / (tn + fp)
    return {
        "accuracy": (tp + tn) / (tp + fp + tn + fn),
        "balanced_accuracy": (recall + specificity) / 2,
        "precision": tp / np.maximum(1, tp + fp),
        "recall": recall,
        "specificity": specificity,
        "f1": 2 * tp / (2 * tp + fp + fn),
    }


def drawn_roc_curves(
    truth: NDArray[np.int8],
    probability: NDArray[np.float32],
    draws: Draws,
    false_positive_rate: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Sensitivity at each of these rates of false positives, rising, in each draw: float64 (m, rates)."""
    curves = np.empty((len(draws.times), len(false_positive_rate)))
    ranking = _Ranking.of(truth, probability, draws)
    for curve, times in zip(curves, draws.times, strict=True):
        true, false = ranking.positives(times)
        curve[:] = np.interp(false_positive_rate, false / false[-1], true / true[-1])
    return curves


def _by_patient(values: NDArray[np.generic], draws: Draws) -> NDArray[np.float64]:
    sums = np.bincount(draws.patient, weights=values, minlength=draws.times.shape[1])
    return sums.astype(np.float64, copy=False)


def _summed(truth: NDArray[np.int8], probability: NDArray[np.float32], draws: Draws) -> DrawnFigures:
    patches = draws.times @ _by_patient(np.ones(len(truth)), draws)
    error = probability.astype(np.float64) - truth
    bins = bin_of(probability)
    gaps = [draws.times @ _by_patient(np.where(bins == number, error, 0), draws) for number in range(BINS)]
    return {
        "brier": draws.times @ _by_patient(error**2, draws) / patches,
        "ece": np.abs(gaps).sum(axis=0) / patches,
    }


def _ranked(truth: NDArray[np.int8], probability: NDArray[np.float32], draws: Draws) -> DrawnFigures:
    ranking = _Ranking.of(truth, probability, draws)
    roc_auc, average_precision = np.empty((2, len(draws.times)))
    for number, times in enumerate(draws.times):
        true, false = ranking.positives(times)
        area = np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2)
        roc_auc[number] = area / (true[-1] * false[-1])
        precision = true[1:] / np.maximum(1, true[1:] + false[1:])
        average_precision[number] = np.sum(np.diff(true) * precision) / true[-1]
    return {"roc_auc": roc_auc, "average_precision": average_precision}


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """Patches by falling probability.

    Attributes:
        patient, malignant: of each, (n,).
        ends: last place of each probability, (distinct,).
    """

    patient: NDArray[np.intp]
    malignant: NDArray[np.int64]
    ends: NDArray[np.intp]

    @classmethod
    def of(cls, truth: NDArray[np.int8], probability: NDArray[np.float32], draws: Draws) -> _Ranking:
        order = np.argsort(-probability, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(probability[order]) != 0, True))
        return cls(draws.patient[order], truth[order].astype(np.int64), ends)

    def positives(self, times: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """True and false positives at each distinct probability taken for the threshold, from none at all
        on: int64 (distinct + 1,)."""
        weight = times[self.patient]
        malignant = np.cumsum(weight * self.malignant)[self.ends]
        every = np.cumsum(weight)[self.ends]
        return np.insert(malignant, 0, 0), np.insert(every - malignant, 0, 0)
