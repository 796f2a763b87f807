import numpy as np
import pytest

from histoviewer.gui.formatting import (
    count_text,
    duration_text,
    percent_text,
    probability_text,
    significant,
    threshold_text,
)

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (1642, f"1{NARROW}642"), (1234567, f"1{NARROW}234{NARROW}567")],
)
def test_thousands_are_set_apart(count: int, text: str) -> None:
    assert count_text(count) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (6.48, "6.48"),
        (0.012345, "0.0123"),
        (0.00001234, "0.0000123"),
        (99.96, "100"),
        (999.6, f"1{NARROW}000"),
        (1234.5, f"1{NARROW}234"),
        (4.0, "4"),
    ],
)
def test_three_digits_are_enough(value: float, text: str) -> None:
    assert significant(value) == text


def test_a_share_is_per_cent() -> None:
    assert percent_text(0.09866) == f"9.87{NARROW}%"
    assert percent_text(1.0) == f"100{NARROW}%"
    assert percent_text(0.0) == f"0{NARROW}%"
    assert percent_text(0.00058) == f"0.058{NARROW}%"


def test_shares_below_each_other_have_the_same_decimals() -> None:
    assert [percent_text(share) for share in (0.442, 0.16, 0.25)] == [
        f"44.2{NARROW}%",
        f"16.0{NARROW}%",
        f"25.0{NARROW}%",
    ]
    assert percent_text(0.0999) == f"9.99{NARROW}%"
    assert percent_text(0.09996) == f"10.0{NARROW}%"


@pytest.mark.parametrize(
    ("probability", "threshold", "text"),
    [
        (0.934, 0.5, "0.93"),
        (0.497, 0.5, "0.497"),
        (0.5, 0.5, "0.500"),
        (0.4996, 0.5, "0.4996"),
        (0.49999, 0.5, "0.4999"),
        (np.float32(0.45), 0.45, "0.450"),
        (0.12345, 0.123456, "0.123"),
        (0.62349, 0.62346, "0.6235"),
        (0.62347, 0.62346, "0.6235"),
    ],
)
def test_a_probability_never_looks_like_the_other_class(
    probability: float, threshold: float, text: str
) -> None:
    assert probability_text(float(probability), threshold) == text


def test_a_threshold_is_written_as_it_was_set() -> None:
    assert [threshold_text(t) for t in (0.45, 0.455, 0.0, 1.0)] == ["0.45", "0.455", "0.00", "1.00"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, f"1{NARROW}s"), (59.4, f"59{NARROW}s"), (59.6, "1:00"), (75, "1:15"), (3725, "1:02:05")],
)
def test_time_left(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
