"""Figures of merit on patients that were not trained on, with intervals over patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import Metric, OperatingPoint

RESAMPLES = 1000
CALIBRATION_BINS = 15

Figures = dict[str, float]


def figures(truth: NDArray[np.int8], probability: NDArray[np.float32], threshold: float) -> Figures:
    """Point estimates over patches. Both classes must occur."""
    positive = probability >= threshold
    confusion = sk.confusion_matrix(truth, positive, labels=[0, 1])
    (_, false_positive), (_, true_positive) = confusion
    return {
        "accuracy": sk.accuracy_score(truth, positive),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, positive),
        "precision": true_positive / max(1, true_positive + false_positive),
        "recall": sk.recall_score(truth, positive),
        "specificity": sk.recall_score(truth, positive, pos_label=0),
        "f1": sk.f1_score(truth, positive, zero_division=0),
        "roc_auc": sk.roc_auc_score(truth, probability),
        "average_precision": sk.average_precision_score(truth, probability),
        "brier": sk.brier_score_loss(truth, probability),
        "ece": expected_calibration_error(truth, probability),
    }


def expected_calibration_error(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float:
    """Mean gap between probability and frequency over equal-width bins (Guo et al. 2017)."""
    bins = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    count = np.bincount(bins, minlength=CALIBRATION_BINS)
    gap = np.bincount(bins, weights=probability - truth, minlength=CALIBRATION_BINS)
    return float(np.abs(gap).sum() / max(1, count.sum()))


def evaluate(
    truth: NDArray[np.int8],
    probability: NDArray[np.float32],
    patients: NDArray[np.str_],
    *,
    threshold: float,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Mapping[str, Metric]:
    """Each figure with its 95 % percentile interval from a bootstrap that draws whole patients.

    Raises SourceError unless both classes occur.
    """
    drawn = [
        figures(truth[rows], probability[rows], threshold)
        for rows in _drawn_rows(truth, patients, seed=seed, resamples=resamples)
    ]
    if not drawn:
        raise SourceError(
            f"Cannot evaluate on {', '.join(np.unique(patients))}: both benign and malignant patches are "
            "needed. Choose other patients, or more."
        )
    point = figures(truth, probability, threshold)
    return {
        name: Metric(
            round(float(value), 4),
            *(round(float(q), 4) for q in np.quantile([d[name] for d in drawn], (0.025, 0.975))),
        )
        for name, value in point.items()
    }


def _drawn_rows(
    truth: NDArray[np.int8], patients: NDArray[np.str_], *, seed: int, resamples: int
) -> Iterator[NDArray[np.intp]]:
    random = np.random.default_rng(seed)
    rows_of = [np.flatnonzero(patients == name) for name in np.unique(patients)]
    for _ in range(resamples):
        rows = np.concatenate([rows_of[i] for i in random.integers(len(rows_of), size=len(rows_of))])
        # A draw of patients of one class has no ROC curve.
        if 0 < truth[rows].sum() < len(rows):
            yield rows


def best_threshold(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float:
    """The threshold, in hundredths, with the highest balanced accuracy. For validation patients only."""
    candidates = np.arange(0.05, 0.96, 0.01)
    scores = [sk.balanced_accuracy_score(truth, probability >= t) for t in candidates]
    return round(float(candidates[int(np.argmax(scores))]), 2)


def operating_points(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> tuple[OperatingPoint, ...]:
    """Sensitivity, specificity and precision at each twentieth."""
    points = []
    for threshold in np.arange(0.05, 0.96, 0.05):
        found = figures(truth, probability, float(threshold))
        points.append(
            OperatingPoint(
                threshold=round(float(threshold), 2),
                sensitivity=round(float(found["recall"]), 4),
                specificity=round(float(found["specificity"]), 4),
                precision=round(float(found["precision"]), 4),
            )
        )
    return tuple(points)
