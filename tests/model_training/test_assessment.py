from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from model_training.answers import logit, sigmoid
from model_training.assessment import agreement_of, assess, threshold_of_others, whole_slides
from model_training.crossvalidation import OutOfFold
from model_training.reliability import expected_calibration_error
from tests.helpers.tissue import answers_about


def out_of_fold(*, noise: float) -> OutOfFold:
    exact = answers_about(patients=18)
    shaken = logit(exact.probability) + noise * np.random.default_rng(5).normal(size=len(exact))
    return OutOfFold(exact, replace(exact, probability=sigmoid(shaken)))


def test_answers_are_calibrated_and_joined_with_their_neighbours() -> None:
    found = assess(out_of_fold(noise=0.001))
    truth = found.answers.truth
    assert found.precision == "int8"
    assert found.calibration.slope == pytest.approx(0.25, abs=0.1), "the network is too sure"
    for probability in (found.own, found.combined):
        assert expected_calibration_error(truth, probability) < 0.03
    assert expected_calibration_error(truth, found.answers.probability) > 0.1
    assert roc_auc_score(truth, found.combined) > roc_auc_score(truth, found.own) + 0.1
    at_threshold = np.mean((found.combined >= found.threshold) == truth)
    assert at_threshold > 0.9
    honest = threshold_of_others(found.answers, found.combined)
    assert honest["balanced_accuracy"] == pytest.approx(0.93, abs=0.05)


def test_int8_that_decides_otherwise_is_not_shipped() -> None:
    found = out_of_fold(noise=1.0)
    assert agreement_of(found)["decisions"] < 0.97
    assessed = assess(found)
    assert assessed.precision == "f32"
    assert np.array_equal(assessed.answers.probability, found.exact.probability)


def test_whole_slides_are_left_out_one_at_a_time_and_compared_with_plain_averaging() -> None:
    answers = answers_about(patients=6)
    slides = whole_slides(answers, answers.probability, threshold=0.5)
    assert [slide.patient for slide in slides] == [f"{9000 + i}" for i in range(6)]
    alone, averaged, context = np.array([slide.roc_auc for slide in slides]).mean(axis=0)
    assert alone < averaged < context
    assert not whole_slides(answers_about(patients=2, share=0.1), np.zeros(0, np.float32), threshold=0.5)
