import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import Interval
from model_training.answers import Answers
from model_training.evaluation import (
    CANDIDATES,
    best_threshold,
    compare,
    evaluate,
    f1_threshold,
    figures,
    operating_points,
    points_with_intervals,
)
from tests.helpers.some_answers import invented_answers

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


@pytest.mark.parametrize("seed", range(4))
def test_the_best_threshold_is_the_first_of_the_highest_balanced_accuracy(seed: int) -> None:
    answers = invented_answers(seed=seed)
    scores = [
        round(balanced_accuracy_score(answers.truth, answers.probability >= threshold), 12)
        for threshold in CANDIDATES
    ]
    expected = CANDIDATES[int(np.argmax(scores))]
    assert best_threshold(answers.truth, answers.probability) == pytest.approx(expected)


def test_the_best_threshold_separates_what_can_be_separated() -> None:
    truth = np.array([0, 0, 1, 1], np.int8)
    threshold = best_threshold(truth, np.array([0.1, 0.415, 0.455, 0.9], np.float32))
    assert 0.415 < threshold <= 0.455


def test_sensitivity_falls_and_specificity_rises_with_the_threshold() -> None:
    points = operating_points(TRUTH, PROBABILITY, steps=20)
    assert [p.threshold for p in points] == sorted(p.threshold for p in points)
    assert all(a.sensitivity >= b.sensitivity for a, b in itertools.pairwise(points))
    assert all(a.specificity <= b.specificity for a, b in itertools.pairwise(points))


def test_the_points_intervals_are_those_of_the_figures_at_their_threshold() -> None:
    answers = invented_answers()
    given = (answers.truth, answers.probability, answers.patients)
    points = points_with_intervals(*given, steps=10, seed=3, resamples=60)
    assert [replace(p, sensitivity_interval=None, specificity_interval=None) for p in points] == list(
        operating_points(answers.truth, answers.probability, steps=10)
    )
    point = next(p for p in points if p.threshold == 0.4)
    found = evaluate(*given, threshold=0.4, seed=3, resamples=60)
    recall, specificity = found["recall"], found["specificity"]
    assert point.sensitivity_interval == Interval(recall.low, recall.high)
    assert point.specificity_interval == Interval(specificity.low, specificity.high)
    assert recall.low < recall.high


def test_patients_of_one_class_only_are_an_error() -> None:
    with pytest.raises(SourceError, match="Cannot evaluate on a, b: both benign and malignant"):
        evaluate(np.ones(4, np.int8), PROBABILITY[:4], PATIENTS[:4], threshold=0.5, resamples=20)


def drawn_rows(answers: Answers, resamples: int) -> Iterator[NDArray[np.intp]]:
    """The plain bootstrap: the rows of drawn patients, those of a patient drawn twice twice."""
    random = np.random.default_rng(3)
    rows_of = [np.flatnonzero(answers.patients == name) for name in np.unique(answers.patients)]
    for _ in range(resamples):
        yield np.concatenate([rows_of[i] for i in random.integers(len(rows_of), size=len(rows_of))])


def test_intervals_are_those_of_the_plain_bootstrap() -> None:
    answers = invented_answers()
    truth, probability = answers.truth, answers.probability
    plain = [
        figures(truth[rows], probability[rows], 0.4)
        for rows in drawn_rows(answers, 60)
        if 0 < truth[rows].sum() < len(rows)
    ]
    found = evaluate(truth, probability, answers.patients, threshold=0.4, seed=3, resamples=60)
    assert set(found) == set(plain[0])
    for name, metric in found.items():
        low, high = np.quantile([drawn[name] for drawn in plain], (0.025, 0.975))
        assert (metric.low, metric.high) == pytest.approx((low, high), abs=6e-5), name


def test_draws_of_one_class_are_left_out() -> None:
    # Two patients of one class each: half of the draws have no ROC curve.
    found = evaluate(TRUTH, PROBABILITY, np.where(TRUTH == 1, "b", "a"), threshold=0.5, resamples=50)
    assert found["roc_auc"].low == found["roc_auc"].high == found["roc_auc"].value


def test_the_difference_of_two_answers_is_drawn_on_the_same_patients() -> None:
    answers = invented_answers()
    raised = np.minimum(answers.probability + 0.05, 1)
    better = np.where(answers.truth == 1, raised, answers.probability).astype(np.float32)
    pair = (answers.probability, better)
    difference = compare(answers.truth, pair, answers.patients, thresholds=(0.4, 0.4), resamples=100)
    first, second = (evaluate(answers.truth, p, answers.patients, threshold=0.4, resamples=100) for p in pair)
    gained, alone = difference["roc_auc"], first["roc_auc"]
    assert gained.value == pytest.approx(second["roc_auc"].value - alone.value, abs=1.1e-4)
    assert gained.low > 0
    assert gained.high - gained.low < (alone.high - alone.low) / 2


def test_the_threshold_for_f1_is_the_higher_one_where_malignant_patches_are_few() -> None:
    random = np.random.default_rng(0)
    truth = np.repeat(np.array([0, 1], np.int8), (900, 100))
    probability = np.clip(random.normal(0.35 + 0.3 * truth, 0.15), 0, 1).astype(np.float32)
    chosen = f1_threshold(truth, probability)
    assert chosen > best_threshold(truth, probability)
    best = figures(truth, probability, chosen)["f1"]
    assert all(figures(truth, probability, t)["f1"] <= best for t in (0.3, 0.5, 0.8))
