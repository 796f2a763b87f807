from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, log_loss, roc_auc_score

from histoviewer.errors import SourceError
from model_training.calibration import fit_calibration
from model_training.cross_fit import AVERAGED, COMBINED, OWN, cross_fit
from model_training.evaluation import best_threshold
from tests.helpers.tissue import answers_about


def test_neighbours_mend_what_a_patch_alone_gets_wrong_on_patients_left_out_of_the_fit() -> None:
    answers = answers_about(patients=6)
    found = cross_fit(answers, answers.patients)
    own, average, fitted = (
        roc_auc_score(answers.truth, found[kind].probability) for kind in (OWN, AVERAGED, COMBINED)
    )
    assert own < 0.8
    assert own + 0.1 < average < fitted - 0.03
    losses = [log_loss(answers.truth, found[kind].probability) for kind in (OWN, AVERAGED, COMBINED)]
    assert losses[0] > losses[1] > losses[2]


@pytest.mark.parametrize("by", ["fold", "patients"])
def test_nothing_that_is_fitted_has_seen_the_truth_of_those_held_out(by: str) -> None:
    answers = answers_about(patients=6)
    groups = getattr(answers, by)
    is_first = groups == groups[0]
    turned = replace(answers, truth=np.where(is_first, 1 - answers.truth, answers.truth).astype(np.int8))
    found, again = (cross_fit(a, groups) for a in (answers, turned))
    for kind, before in found.items():
        after = again[kind]
        assert np.array_equal(before.probability[is_first], after.probability[is_first]), kind
        assert np.array_equal(before.threshold[is_first], after.threshold[is_first]), kind
        assert np.array_equal(before.decided[is_first], after.decided[is_first]), kind
        assert not np.array_equal(before.probability[~is_first], after.probability[~is_first]), kind


def test_the_others_are_calibrated_and_their_threshold_chosen_without_those_held_out() -> None:
    answers = answers_about(patients=6)
    is_out = answers.fold == 2
    others = answers[~is_out]
    calibration = fit_calibration(others.logit, others.truth)
    own = cross_fit(answers, answers.fold)[OWN]
    assert np.array_equal(own.probability[is_out], calibration.calibrated(answers.probability[is_out]))
    expected = best_threshold(others.truth, calibration.calibrated(others.probability))
    assert set(own.threshold[is_out].tolist()) == {expected}
    assert np.array_equal(own.decided, own.probability >= own.threshold)
    assert own.figures(answers.truth)["balanced_accuracy"] == pytest.approx(
        balanced_accuracy_score(answers.truth, own.decided)
    )


def test_only_who_is_asked_for_is_held_out() -> None:
    answers = answers_about(patients=4)
    one = cross_fit(answers, answers.patients, ["9001"])[COMBINED]
    every = cross_fit(answers, answers.patients)[COMBINED]
    is_out = answers.patients == "9001"
    assert np.array_equal(one.probability[is_out], every.probability[is_out])
    assert np.isnan(one.probability[~is_out]).all()
    assert np.isnan(one.threshold[~is_out]).all()


def test_one_group_has_no_others() -> None:
    answers = answers_about(patients=2, folds=1)
    with pytest.raises(SourceError, match="two or more"):
        cross_fit(answers, answers.fold)
