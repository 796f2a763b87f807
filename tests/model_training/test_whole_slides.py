from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.metrics import roc_auc_score

from model_training.answers import Answers
from model_training.calibration import fit_calibration
from model_training.completeness import whole_patients
from model_training.context import combined, fit_context, neighbourhood_of, surrounded
from model_training.cross_fit import COMBINED, OWN, cross_fit
from model_training.whole_slides import judge_whole_slides
from tests.helpers.tissue import answers_about


def whole(answers: Answers) -> list[str]:
    return whole_patients(answers, neighbour_counts(answers))


def neighbour_counts(answers: Answers) -> np.ndarray:
    return surrounded(neighbourhood_of(answers), answers.probability).count[:, 0]


def thinned(answers: Answers, patients: list[str], *, share: float = 0.08) -> Answers:
    """Of these patients few benign patches are left, and all malignant ones."""
    is_kept = np.random.default_rng(3).random(len(answers)) < share
    return answers[(answers.truth == 1) | is_kept | ~np.isin(answers.patients, patients)]


def test_they_are_left_out_one_at_a_time_and_compared_with_plain_averaging() -> None:
    slides = judge_whole_slides(answers_about(patients=6))
    assert [slide.patient for slide in slides.each] == [f"{9000 + i}" for i in range(6)]
    for figure in ("roc_auc", "balanced_accuracy"):
        alone, averaged, context = np.array([getattr(slide, figure) for slide in slides.each]).mean(axis=0)
        assert alone < averaged < context
    assert slides.helps


def test_a_whole_slide_of_one_class_has_no_figure() -> None:
    answers = answers_about(patients=4)
    benign = replace(answers, truth=np.where(answers.patients == "9002", 0, answers.truth).astype(np.int8))
    slide = judge_whole_slides(benign).each[2]
    assert (slide.patient, slide.malignant) == ("9002", 0)
    assert slide.roc_auc == slide.balanced_accuracy == (None, None, None)


def test_a_slide_whose_benign_patches_were_thinned_out_is_not_whole() -> None:
    """Its malignant patches have more neighbours than its benign ones: their number tells the truth."""
    partial = ["9001", "9004"]
    answers = thinned(answers_about(patients=6), partial)
    count = neighbour_counts(answers)
    some = np.isin(answers.patients, partial)
    assert roc_auc_score(answers.truth[some], count[some]) > 0.9
    assert whole(answers) == ["9000", "9002", "9003", "9005"]
    assert [slide.patient for slide in judge_whole_slides(answers).each] == whole(answers)


def test_sparse_patches_and_few_of_them_are_no_whole_slide() -> None:
    assert whole(answers_about(patients=3, share=0.1)) == []
    answers = answers_about(patients=2)
    assert whole(answers[np.arange(len(answers)) < 60]) == []


def test_what_neighbours_say_is_learnt_on_whole_slides_alone() -> None:
    answers = thinned(answers_about(patients=6), ["9001", "9004"])
    is_out, is_whole = answers.patients == "9000", np.isin(answers.patients, whole(answers))
    found = cross_fit(answers, answers.patients, ["9000"])
    others, teaching = answers[~is_out], is_whole & ~is_out
    own = fit_calibration(others.logit, others.truth).calibrated(answers.probability)
    model = fit_context(surrounded(neighbourhood_of(answers), own)[teaching], answers.truth[teaching])
    assert np.array_equal(own[is_out], found[OWN].probability[is_out])
    assert np.array_equal(combined(answers, own, model)[is_out], found[COMBINED].probability[is_out])


def test_fewer_than_three_whole_slides_teach_nothing() -> None:
    slides = judge_whole_slides(answers_about(patients=2))
    assert slides.each == ()
    assert not slides.helps
