import pytest

from histoviewer.gui.formatting import count_text, duration_text, percent_text, significant

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


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, f"1{NARROW}s"), (59.4, f"59{NARROW}s"), (59.6, "1:00"), (75, "1:15"), (3725, "1:02:05")],
)
def test_time_left(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
