"""Numbers on the command line: what makes no sense is refused by the parser."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

_HIGHEST = 2**31 - 1


def number(text: str) -> float:
    """0 or more, and finite."""
    return _number(text, is_right=lambda value: value >= 0, expected="0 or more")


def positive_number(text: str) -> float:
    """More than 0, and finite."""
    return _number(text, is_right=lambda value: value > 0, expected="more than 0")


def share_below_one(text: str) -> float:
    """From 0 to less than 1."""
    return _number(text, is_right=lambda value: 0 <= value < 1, expected="from 0 to less than 1")


def count(text: str) -> int:
    """A whole number, 0 or more."""
    return _whole(text, least=0)


def positive_count(text: str) -> int:
    """A whole number, 1 or more."""
    return _whole(text, least=1)


def at_least_two(text: str) -> int:
    """A whole number, 2 or more."""
    return _whole(text, least=2)


def _number(text: str, *, is_right: Callable[[float], bool], expected: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not is_right(value):
        raise argparse.ArgumentTypeError(f"expected a number, {expected}, got {text!r}")
    return value


def _whole(text: str, *, least: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= _HIGHEST:
        raise argparse.ArgumentTypeError(f"expected a whole number, {least} or more, got {text!r}")
    return value
