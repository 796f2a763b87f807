from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from model_training.answers import logit, sigmoid
from model_training.assessment import assess, whole_slides
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
    honest = found.honest["combined"]
    assert set(honest) == {"balanced_accuracy", "f1", "recall", "specificity", "precision", "accuracy"}
    assert honest["balanced_accuracy"] == pytest.approx(0.93, abs=0.05)
    for kind, decided in found.decided.items():
        assert found.honest[kind]["f1"] == pytest.approx(f1_score(truth, decided))
        assert found.honest[kind]["accuracy"] == pytest.approx(np.mean(decided == truth))


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


def test_whole_slides_are_left_out_one_at_a_time_and_compared_with_plain_averaging() -> None:
    answers = answers_about(patients=6)
    slides = whole_slides(answers)
    assert [slide.patient for slide in slides] == [f"{9000 + i}" for i in range(6)]
    for figure in ("roc_auc", "balanced_accuracy"):
        alone, averaged, context = np.array([getattr(slide, figure) for slide in slides]).mean(axis=0)
        assert alone < averaged < context
    assert not whole_slides(answers_about(patients=2, share=0.1))


def test_a_whole_slide_of_one_class_has_no_figure() -> None:
    answers = answers_about(patients=4)
    benign = replace(answers, truth=np.where(answers.patients == "9002", 0, answers.truth).astype(np.int8))
    slide = whole_slides(benign)[2]
    assert (slide.patient, slide.malignant) == ("9002", 0)
    assert slide.roc_auc == slide.balanced_accuracy == (None, None, None)
