from __future__ import annotations

import numpy as np
import pytest

from model_training.reliability import (
    equal_mass_calibration_error,
    expected_calibration_error,
    reliability,
)


def test_calibration_error_is_zero_when_probability_is_frequency() -> None:
    probability = np.repeat(np.float32([0.25, 0.75]), 4)
    truth = np.array([1, 0, 0, 0, 1, 1, 1, 0], np.int8)
    for error in (expected_calibration_error, equal_mass_calibration_error):
        assert error(truth, probability) == pytest.approx(0)
        assert error(1 - truth, probability) == pytest.approx(0.5)


def test_bins_of_equal_mass_see_what_one_wide_bin_hides() -> None:
    # Half of the patches are said too high by 0.02, half too low by 0.02: all in the lowest bin.
    probability = np.repeat(np.float32([0.02, 0.06]), 1000)
    truth = np.zeros(2000, np.int8)
    truth[1000:1080] = 1
    assert expected_calibration_error(truth, probability) == pytest.approx(0, abs=1e-6)
    assert equal_mass_calibration_error(truth, probability) == pytest.approx(0.02, abs=1e-6)


def test_bins_without_patches_are_left_out_and_certainty_is_in_the_last() -> None:
    table = reliability(np.array([0, 1, 1], np.int8), np.array([0.01, 1, 1], np.float32))
    assert table.count.tolist() == [1, 2]
    assert table.probability == pytest.approx([0.01, 1])
    assert table.frequency.tolist() == [0, 1]
