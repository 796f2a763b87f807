"""Figures of merit on patients that were not trained on, with intervals over patients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import Interval, Metric, OperatingPoint
from model_training.bootstrap import Draws, counted_figures, draw_patients, drawn_figures
from model_training.reliability import expected_calibration_error

RESAMPLES = 1000

CANDIDATES = np.arange(0.05, 0.96, 0.01)
"""Thresholds that the best is chosen from."""

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

    The interval of ``ece`` lies high and may leave out the figure itself: a draw holds fewer different
    patches, and gaps of chance, whose sign the error forgets, add up. Raises SourceError unless both classes
    occur.
    """
    draws = _draws(truth, patients, seed=seed, resamples=resamples)
    drawn = drawn_figures(truth, probability, draws, threshold)
    point = figures(truth, probability, threshold)
    return {name: _with_interval(value, drawn[name]) for name, value in point.items()}


def compare(
    truth: NDArray[np.int8],
    probabilities: tuple[NDArray[np.float32], NDArray[np.float32]],
    patients: NDArray[np.str_],
    *,
    thresholds: tuple[float, float],
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Mapping[str, Metric]:
    """How much higher each figure is for the second of two answers to the same patches.

    Both are evaluated on the same draws of patients, so the interval is that of the difference: where it
    leaves out 0, more than the choice of patients speaks for one of them. Raises SourceError unless both
    classes occur.
    """
    draws = _draws(truth, patients, seed=seed, resamples=resamples)
    pairs = list(zip(probabilities, thresholds, strict=True))
    first, second = (figures(truth, probability, threshold) for probability, threshold in pairs)
    before, after = (drawn_figures(truth, probability, draws, threshold) for probability, threshold in pairs)
    return {name: _with_interval(second[name] - first[name], after[name] - before[name]) for name in first}


def _draws(truth: NDArray[np.int8], patients: NDArray[np.str_], *, seed: int, resamples: int) -> Draws:
    draws = draw_patients(truth, patients, seed=seed, resamples=resamples)
    if not len(draws.times):
        raise SourceError(
            f"Cannot evaluate on {', '.join(np.unique(patients))}: both benign and malignant patches are "
            "needed. Choose other patients, or more."
        )
    return draws


def _with_interval(value: float, drawn: NDArray[np.float64]) -> Metric:
    found = _interval(drawn)
    return Metric(round(float(value), 4), found.low, found.high)


def _interval(drawn: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(round(float(low), 4), round(float(high), 4))


def best_threshold(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float:
    """The threshold, in hundredths, with the highest balanced accuracy. For validation patients only.

    Counted in sorted probabilities: a cross-validation asks for it once a patient.
    """
    malignant, benign = (np.sort(probability[truth == value]) for value in (1, 0))
    found = 1 - np.searchsorted(malignant, CANDIDATES) / max(1, len(malignant))
    left = np.searchsorted(benign, CANDIDATES) / max(1, len(benign))
    return _first_highest((found + left).round(12))


def f1_threshold(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float:
    """The threshold, in hundredths, with the highest F1. For validation patients only."""
    return _threshold_of_highest(sk.f1_score, truth, probability)


def _threshold_of_highest(
    score: Callable[..., float], truth: NDArray[np.int8], probability: NDArray[np.float32]
) -> float:
    return _first_highest(np.array([score(truth, probability >= t) for t in CANDIDATES]))


def _first_highest(scores: NDArray[np.float64]) -> float:
    return round(float(CANDIDATES[int(np.argmax(scores))]), 2)


def operating_points(
    truth: NDArray[np.int8], probability: NDArray[np.float32], *, steps: int
) -> tuple[OperatingPoint, ...]:
    """Sensitivity, specificity and precision at the thresholds that divide 0 to 1 into equal steps."""
    points = []
    for threshold in np.linspace(0, 1, steps + 1)[1:-1]:
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


def points_with_intervals(
    truth: NDArray[np.int8],
    probability: NDArray[np.float32],
    patients: NDArray[np.str_],
    *,
    steps: int,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> tuple[OperatingPoint, ...]:
    """``operating_points`` with intervals of the draws that ``evaluate`` makes of the same answers."""
    draws = _draws(truth, patients, seed=seed, resamples=resamples)
    points = []
    for point in operating_points(truth, probability, steps=steps):
        drawn = counted_figures(truth, probability, draws, point.threshold)
        sensitivity, specificity = _interval(drawn["recall"]), _interval(drawn["specificity"])
        points.append(replace(point, sensitivity_interval=sensitivity, specificity_interval=specificity))
    return tuple(points)
