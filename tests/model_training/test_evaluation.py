import itertools

import numpy as np
import pytest

from histoviewer.errors import SourceError
from model_training.evaluation import (
    best_threshold,
    evaluate,
    expected_calibration_error,
    figures,
    operating_points,
)

TRUTH = np.array([0, 0, 0, 0, 1, 1, 1, 0, 1, 0], np.int8)
PROBABILITY = np.array([0.1, 0.2, 0.6, 0.3, 0.9, 0.8, 0.4, 0.1, 0.7, 0.2], np.float32)
PATIENTS = np.array(["a", "a", "a", "b", "b", "b", "c", "c", "d", "d"])


def test_figures_are_what_they_are_by_hand() -> None:
    found = figures(TRUTH, PROBABILITY, 0.5)
    # 3 true and 1 false positive, 5 true and 1 false negative.
    assert found["accuracy"] == pytest.approx(0.8)
    assert found["precision"] == pytest.approx(3 / 4)
    assert found["recall"] == pytest.approx(3 / 4)
    assert found["specificity"] == pytest.approx(5 / 6)
    assert found["balanced_accuracy"] == pytest.approx((3 / 4 + 5 / 6) / 2)
    assert found["f1"] == pytest.approx(3 / 4)
    # 23 of the 24 pairs of a malignant and a benign patch are in the right order.
    assert found["roc_auc"] == pytest.approx(23 / 24)


def test_a_probability_at_the_threshold_is_positive() -> None:
    assert figures(TRUTH, PROBABILITY, 0.4)["recall"] == pytest.approx(1.0)


def test_intervals_hold_the_figure_and_come_from_patients() -> None:
    metrics = evaluate(TRUTH, PROBABILITY, PATIENTS, threshold=0.5, seed=1, resamples=200)
    assert all(m.low <= m.value <= m.high for m in metrics.values())
    # Were patches drawn instead of patients, the interval of so easy a task would be narrower.
    one_patient_each = np.arange(len(TRUTH)).astype(str)
    by_patch = evaluate(TRUTH, PROBABILITY, one_patient_each, threshold=0.5, seed=1, resamples=200)
    assert by_patch["accuracy"] != metrics["accuracy"]
    assert evaluate(TRUTH, PROBABILITY, PATIENTS, threshold=0.5, seed=1, resamples=200) == metrics


def test_calibration_error_is_zero_when_probability_is_frequency() -> None:
    probability = np.repeat(np.float32([0.25, 0.75]), 4)
    truth = np.array([1, 0, 0, 0, 1, 1, 1, 0], np.int8)
    assert expected_calibration_error(truth, probability) == pytest.approx(0)
    assert expected_calibration_error(1 - truth, probability) == pytest.approx(0.5)


def test_the_best_threshold_separates_what_can_be_separated() -> None:
    truth = np.array([0, 0, 1, 1], np.int8)
    threshold = best_threshold(truth, np.array([0.1, 0.415, 0.455, 0.9], np.float32))
    assert 0.415 < threshold <= 0.455


def test_sensitivity_falls_and_specificity_rises_with_the_threshold() -> None:
    points = operating_points(TRUTH, PROBABILITY)
    assert [p.threshold for p in points] == sorted(p.threshold for p in points)
    assert all(a.sensitivity >= b.sensitivity for a, b in itertools.pairwise(points))
    assert all(a.specificity <= b.specificity for a, b in itertools.pairwise(points))


def test_patients_of_one_class_only_are_an_error() -> None:
    with pytest.raises(SourceError, match="Cannot evaluate on a, b: both benign and malignant"):
        evaluate(np.ones(4, np.int8), PROBABILITY[:4], PATIENTS[:4], threshold=0.5, resamples=20)
