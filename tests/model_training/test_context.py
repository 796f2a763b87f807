from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from histoviewer.patches.patch import NO_LOCATION
from model_training.context import RINGS, combined, cross_fitted_context, fit_context
from tests.helpers.tissue import answers_about


def test_neighbours_mend_what_a_patch_alone_gets_wrong_on_patients_left_out_of_the_fit() -> None:
    answers = answers_about(patients=6)
    with_neighbours = cross_fitted_context(answers, answers.probability, answers.patients)
    assert roc_auc_score(answers.truth, answers.probability) < 0.8
    assert roc_auc_score(answers.truth, with_neighbours) > 0.95
    assert log_loss(answers.truth, with_neighbours) < log_loss(answers.truth, answers.probability) / 2


def test_the_fit_is_of_others_alone() -> None:
    answers = answers_about(patients=4)
    turned = replace(answers, truth=np.where(answers.patients == "9000", 1 - answers.truth, answers.truth))
    is_first = answers.patients == "9000"
    found = [cross_fitted_context(a, a.probability, a.patients) for a in (answers, turned)]
    assert np.array_equal(found[0][is_first], found[1][is_first])
    assert not np.array_equal(found[0][~is_first], found[1][~is_first])


def test_gaps_and_edges_help_less_and_never_harm() -> None:
    model = fit_context(*both(answers_about(patients=8, share=0.3, seed=1)))
    for share in (1.0, 0.5, 0.1):
        unseen, probability = both(answers_about(patients=4, share=share, seed=2))
        gained = roc_auc_score(unseen.truth, combined(unseen, probability, model)) - roc_auc_score(
            unseen.truth, probability
        )
        assert gained > 0


def test_a_patch_without_a_place_keeps_its_answer() -> None:
    answers = answers_about(patients=3)
    model = fit_context(*both(answers))
    assert len(model.rings) == RINGS
    lost = replace(answers, x=np.full_like(answers.x, NO_LOCATION), y=np.full_like(answers.y, NO_LOCATION))
    assert np.array_equal(combined(lost, answers.probability, model), answers.probability)


def test_without_any_neighbour_there_is_nothing_to_fit_and_nothing_changes() -> None:
    answers = answers_about(patients=3)
    lost = replace(answers, x=np.full_like(answers.x, NO_LOCATION), y=np.full_like(answers.y, NO_LOCATION))
    model = fit_context(lost, lost.probability)
    assert (model.intercept, model.own, *model.rings) == pytest.approx((0,) * (RINGS + 2))


def both(answers):  # type: ignore[no-untyped-def]
    return answers, answers.probability
