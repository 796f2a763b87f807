from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from model_training.answers import logit, sigmoid
from model_training.assessment import assess
from model_training.cross_fit import COMBINED, OWN
from model_training.crossvalidation import OutOfFold
from model_training.reliability import expected_calibration_error
from tests.helpers.tissue import answers_about


def out_of_fold(*, noise: float) -> OutOfFold:
    exact = answers_about(patients=18)
    shaken = logit(exact.probability) + noise * np.random.default_rng(5).normal(size=len(exact))
    return OutOfFold(exact, replace(exact, probability=sigmoid(shaken)))


def test_answers_are_calibrated_and_their_neighbours_looked_at() -> None:
    found = assess(out_of_fold(noise=0.001))
    truth = found.answers.truth
    assert found.precision == "int8"
    assert found.calibration.slope == pytest.approx(0.25, abs=0.1), "the network is too sure"
    assert expected_calibration_error(truth, found.own) < 0.03
    assert expected_calibration_error(truth, found.answers.probability) > 0.1
    assert found.context is not None
    slides = found.slides
    assert len(slides.each) == 18
    combined, own = (roc_auc_score(slides.answers.truth, slides.probability[k]) for k in (COMBINED, OWN))
    assert combined > own + 0.1
    assert set(found.honest) == {"balanced_accuracy", "f1", "recall", "specificity", "precision", "accuracy"}
    at_one = balanced_accuracy_score(truth, found.own >= found.threshold)
    assert found.honest["balanced_accuracy"] == pytest.approx(at_one, abs=0.02)


def test_int8_that_decides_otherwise_is_not_shipped() -> None:
    found = out_of_fold(noise=1.0)
    assessed = assess(found)
    assert assessed.agreement["decisions"] < 0.97
    assert assessed.precision == "f32"
    assert np.array_equal(assessed.answers.probability, found.exact.probability)


def test_int8_that_may_not_be_shipped_gives_no_figure() -> None:
    found = out_of_fold(noise=0.001)
    assessed = assess(found, allow_int8=False)
    assert assessed.precision == "f32"
    assert np.array_equal(assessed.answers.probability, found.exact.probability)
    assert assessed.agreement["decisions"] > 0.99


def test_without_whole_slides_neighbours_are_left_out() -> None:
    sparse = answers_about(patients=6, share=0.1)
    found = assess(OutOfFold(sparse, sparse))
    assert found.context is None
    assert found.slides.each == ()
    assert not found.slides.helps
