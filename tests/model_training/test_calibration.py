from __future__ import annotations

import logging
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model_training.answers import logit, sigmoid
from model_training.calibration import (
    MIN_PATCHES,
    SLOPES,
    UNCALIBRATED,
    Calibration,
    fit_calibration,
    fold_into,
)
from model_training.features import compile_for_cpu, run_over, to_openvino
from model_training.network import build_network
from model_training.reliability import expected_calibration_error
from tests.helpers.tiny_bundle import TINY


def overconfident(count: int, *, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Log odds twice as far from 0 as they should be, and one too high; and the truth."""
    random = np.random.default_rng(seed)
    right = random.normal(-1, 2, count)
    truth = (random.random(count) < sigmoid(right)).astype(np.int8)
    return (2 * right + 1).astype(np.float32), truth


def test_what_was_done_to_the_log_odds_is_undone() -> None:
    odds, truth = overconfident(20_000)
    found = fit_calibration(odds, truth)
    assert found.method == "platt"
    assert found.slope == pytest.approx(0.5, abs=0.02)
    assert found.intercept == pytest.approx(-0.5, abs=0.05)


def test_the_fit_is_the_one_of_logistic_regression() -> None:
    odds, truth = overconfident(5_000)
    found = fit_calibration(odds, truth)
    expected = LogisticRegression(C=1e9, tol=1e-10).fit(odds[:, None], truth)
    assert found.slope == pytest.approx(expected.coef_[0, 0], rel=2e-3)
    assert found.intercept == pytest.approx(expected.intercept_[0], abs=2e-3)


def test_calibrated_probabilities_agree_with_frequencies_and_keep_their_order() -> None:
    odds, truth = overconfident(20_000)
    other_odds, other_truth = overconfident(20_000, seed=1)
    before = sigmoid(other_odds)
    after = fit_calibration(odds, truth).calibrated(before)
    assert after.dtype == np.float32
    assert expected_calibration_error(other_truth, after) < 0.02
    assert expected_calibration_error(other_truth, before) > 0.08
    assert (np.diff(after[np.argsort(before)]) >= 0).all()


def test_answers_without_a_mistake_get_a_finite_slope(caplog: pytest.LogCaptureFixture) -> None:
    truth = np.repeat(np.array([0, 1], np.int8), 50)
    wide = fit_calibration(np.where(truth == 1, 2, -2).astype(np.float32), truth)
    assert 1 < wide.slope < SLOPES[1]
    assert not caplog.records
    narrow = fit_calibration(np.where(truth == 1, 0.01, -0.01).astype(np.float32), truth)
    assert narrow.slope == SLOPES[1]
    assert "ended at its bound of 10" in caplog.text


def test_answers_that_are_the_wrong_way_round_keep_their_order_and_are_told_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odds, truth = overconfident(2_000)
    assert fit_calibration(-odds, truth).slope == SLOPES[0]
    assert "ended at its bound of 0.1" in caplog.text


@pytest.mark.parametrize("malignant", [0, MIN_PATCHES - 1])
def test_too_few_patches_of_a_class_leave_probabilities_as_they_are(
    malignant: int, caplog: pytest.LogCaptureFixture
) -> None:
    truth = np.zeros(200, np.int8)
    truth[:malignant] = 1
    caplog.set_level(logging.INFO)
    found = fit_calibration(overconfident(200)[0], truth)
    assert found is UNCALIBRATED
    assert f"stay uncalibrated: {malignant} malignant" in caplog.text
    probability = np.array([0, 0.3, 1], np.float32)
    assert np.array_equal(found.calibrated(probability), probability)


def test_the_folded_network_answers_calibrated_in_both_engines() -> None:
    keras.utils.set_random_seed(0)
    network = build_network(TINY.network)
    pixels = np.random.default_rng(0).integers(0, 256, (24, 50, 50, 3), np.uint8)
    before = np.asarray(network(pixels, training=False))[:, 0]
    # A random network saturates: bring its answers to where a difference would show.
    fold_into(network, Calibration(1 / float(np.abs(logit(before)).max()), 0.1, "platt"))
    before = np.asarray(network(pixels, training=False))[:, 0]
    assert np.ptp(before) > 0.01

    calibration = Calibration(0.6, -1.25, "platt")
    expected = calibration.calibrated(before)
    fold_into(network, calibration)
    assert np.asarray(network(pixels, training=False))[:, 0] == pytest.approx(expected, abs=1e-6)
    compiled = compile_for_cpu(to_openvino(network))
    assert run_over(compiled, pixels)[:, 0] == pytest.approx(expected, abs=1e-5)


def test_no_calibration_leaves_the_network_as_it_is(tmp_path: Path) -> None:
    network = build_network(TINY.network)
    network.save_weights(tmp_path / "before.weights.h5")
    before = network.get_weights()
    fold_into(network, UNCALIBRATED)
    assert all(map(np.array_equal, network.get_weights(), before))
