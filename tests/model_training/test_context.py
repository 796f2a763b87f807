from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoviewer.inference.context import ContextModel
from histoviewer.patches.patch import NO_LOCATION
from model_training.answers import Answers, logit, sigmoid
from model_training.context import (
    AVERAGE,
    RINGS,
    averaged,
    combined,
    fit_context,
    neighbourhood_of,
    surrounded,
)
from tests.helpers.tissue import answers_about


def test_gaps_and_edges_help_less_and_never_harm() -> None:
    model = fitted(answers_about(patients=8, share=0.3, seed=1))
    for share in (1.0, 0.5, 0.1):
        unseen = answers_about(patients=4, share=share, seed=2)
        probability = unseen.probability
        gained = roc_auc_score(unseen.truth, combined(unseen, probability, model)) - roc_auc_score(
            unseen.truth, probability
        )
        assert gained > 0


def test_a_patch_without_a_place_keeps_its_answer() -> None:
    answers = answers_about(patients=3)
    model = fitted(answers)
    assert len(model.rings) == RINGS
    lost = replace(answers, x=np.full_like(answers.x, NO_LOCATION), y=np.full_like(answers.y, NO_LOCATION))
    assert np.array_equal(combined(lost, answers.probability, model), answers.probability)


def test_without_any_neighbour_there_is_nothing_to_fit_and_nothing_changes() -> None:
    answers = answers_about(patients=3)
    lost = replace(answers, x=np.full_like(answers.x, NO_LOCATION), y=np.full_like(answers.y, NO_LOCATION))
    model = fitted(lost)
    assert model == AVERAGE, "where the fit starts"
    assert np.array_equal(combined(lost, answers.probability, model), answers.probability)


def test_a_few_patches_do_not_lead_far_from_the_plain_average() -> None:
    def distance(patients: int) -> float:
        model = fitted(answers_about(patients=patients, seed=3))
        return float(np.abs(np.subtract((model.own, *model.rings), (AVERAGE.own, *AVERAGE.rings))).sum())

    assert distance(1) < distance(8)


def test_how_many_rings_are_looked_at_is_the_models_own() -> None:
    answers = answers_about(patients=2)
    near = ContextModel(own=-0.5, rings=(0.5,), intercept=0.0, shrinkage=2.0, max_logit=4.0)
    more = replace(near, rings=(0.5, 0.0))
    found = [combined(answers, answers.probability, model) for model in (near, more)]
    is_inside = surrounded(neighbourhood_of(answers), answers.probability).count[:, 1] > 0
    assert np.corrcoef(*(logit(p[is_inside]) for p in found))[0, 1] > 0.99
    assert np.abs(logit(found[0])).max() <= 4.0 + 1e-5


def test_patches_of_slide_files_have_no_neighbours_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They lie as far apart as the slide's scale has it, not as far as those of the data set."""
    answers = answers_about(patients=3)
    names = np.array([f"a.svs#xywh={x},{y},50,50" for x, y in zip(answers.x, answers.y, strict=True)])
    model = fitted(replace(answers, files=names))
    assert model == AVERAGE, "where the fit starts"
    assert f"{len(answers)} of {len(answers)} patches are of slide files" in caplog.text
    is_one = answers.patients == "9000"
    mixed = replace(answers, files=np.where(is_one, names, answers.files))
    some = combined(mixed, answers.probability, fitted(answers))
    assert np.array_equal(some[is_one], answers.probability[is_one])
    assert np.array_equal(some[~is_one], combined(answers, answers.probability, fitted(answers))[~is_one])


def test_the_plain_average_is_of_the_patch_and_the_mean_of_its_eight_neighbours() -> None:
    answers = answers_about(patients=1)
    own = logit(answers.probability) / 4  # calibrated, hence within the logits that are not cut
    patches = surrounded(neighbourhood_of(answers), sigmoid(own))
    is_around = np.maximum(abs(answers.x - answers.x[100]), abs(answers.y - answers.y[100])) == 50
    expected = sigmoid((own[100] + own[is_around].mean()) / 2)
    assert np.count_nonzero(is_around) == 8
    assert averaged(patches)[100] == pytest.approx(expected, rel=1e-4)


def fitted(answers: Answers) -> ContextModel:
    return fit_context(surrounded(neighbourhood_of(answers), answers.probability), answers.truth)
