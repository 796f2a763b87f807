from __future__ import annotations

import math

import numpy as np
import pytest

from histoviewer.inference.context import ContextModel
from histoviewer.inference.model_card import Context

MODEL = ContextModel(own=-0.4, rings=(0.9, 0.3), intercept=0.2, shrinkage=3.0, max_logit=4.0)


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_the_combined_answer_is_that_of_the_formula() -> None:
    mean, count = np.array([[1.5, -0.5]], np.float32), np.array([[8, 4]], np.int32)
    combined = MODEL.combine(np.array([0.3], np.float32), mean, count)
    z = logit(0.3)
    expected = z + 12 / 15 * (0.2 - 0.4 * z + 0.9 * 1.5 + 0.3 * -0.5)
    assert combined.dtype == np.float32
    assert logit(float(combined[0])) == pytest.approx(expected, abs=1e-5)


def test_the_features_are_what_the_weights_are_of() -> None:
    mean, count = np.array([[1.5, -0.5], [0, 0]], np.float32), np.array([[8, 4], [0, 0]], np.int32)
    features = MODEL.features(np.array([2.0, 2.0], np.float32), mean, count)
    assert features.dtype == np.float64
    np.testing.assert_allclose(features, [[0.8, 1.6, 1.2, -0.4], [0, 0, 0, 0]])


@pytest.mark.parametrize("shrinkage", [0.0, 3.0])
def test_a_patch_without_neighbours_keeps_its_own_answer_bit_for_bit(shrinkage: float) -> None:
    model = ContextModel(-0.4, (0.9,), 0.2, shrinkage, 4.0)
    own = np.array([0.0, 1e-12, 0.1, 1 / 3, 0.9999999, 1.0], np.float32)
    combined = model.combine(own, np.zeros((6, 1), np.float32), np.zeros((6, 1), np.int32))
    assert combined.tobytes() == own.tobytes()


def test_what_was_not_judged_stays_so() -> None:
    combined = MODEL.combine(np.array([np.nan, 0.5], np.float32), np.ones((2, 2)), np.ones((2, 2), np.int32))
    assert np.isnan(combined).tolist() == [True, False]
    assert np.isnan(MODEL.logits(np.array([np.nan], np.float32))).all()


def test_logits_are_cut() -> None:
    logits = MODEL.logits(np.array([0, 0.001, 0.3, 0.999, 1], np.float32))
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, [-4, -4, logit(0.3), 4, 4], rtol=1e-5)
    wide = ContextModel(0, (), 0, 1, 100.0)
    assert np.isfinite(wide.logits(np.array([0, 1], np.float32))).all()


def test_many_malignant_neighbours_of_extreme_weight_give_a_probability_still() -> None:
    model = ContextModel(0, (1e6,), 0, 0, 4.0)
    mean = np.array([[4.0], [-4.0]], np.float32)
    assert model.combine(np.array([0.5, 0.5], np.float32), mean, np.full((2, 1), 8)).tolist() == [1, 0]


def test_what_a_patch_gets_does_not_depend_on_how_many_are_combined_at_once() -> None:
    random = np.random.default_rng(0)
    own = random.random(1000, np.float32)
    mean, count = random.normal(size=(1000, 2)).astype(np.float32), random.integers(0, 9, (1000, 2))
    together = MODEL.combine(own, mean, count)
    for size in (1, 7, 64):
        parts = [slice(start, start + size) for start in range(0, 1000, size)]
        apart = np.concatenate([MODEL.combine(own[p], mean[p], count[p]) for p in parts])
        assert apart.tobytes() == together.tobytes()


def test_the_card_says_the_same_numbers() -> None:
    card = Context(own=-0.4, rings=(0.9, 0.3), intercept=0.2, shrinkage=3.0, max_logit=4.0, evidence={})
    assert ContextModel.of(card) == MODEL
