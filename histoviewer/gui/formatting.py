"""Numbers as the window writes them: three significant digits, thin thousands separators, units always."""

from __future__ import annotations

import math

import numpy as np

from histoviewer.results.store import is_positive

THIN_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


def count_text(count: int) -> str:
    """``1642`` -> ``1 642`` with a narrow no-break space."""
    return f"{count:,}".replace(",", THIN_SPACE)


def percent_text(share: float) -> str:
    """A share of one as per cent: 0.0987 -> ``9.87 %``, 0.16 -> ``16.0 %``.

    With its zeros, unlike ``significant``: shares stand below each other.
    """
    percent = float(f"{100 * share:.3g}")
    if percent < 1 or percent >= 100:
        return f"{significant(percent)}{THIN_SPACE}%"
    return f"{percent:.{1 if percent >= 10 else 2}f}{THIN_SPACE}%"


def significant(value: float, digits: int = 3) -> str:
    """Three significant digits without an exponent: 0.01234 -> ``0.0123``, 1234.5 -> ``1 234``."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 10**digits:
        return count_text(round(value))
    text = str(rounded)
    return f"{rounded:.12f}".rstrip("0") if "e" in text else text.removesuffix(".0")


def probability_text(probability: float, threshold: float) -> str:
    """Two decimals; three beside the threshold, and four where three would put it on the other side.

    Never a number that contradicts the class: 0.49996 is ``0.4999`` at a threshold of 0.5, not ``0.500``.
    """
    positive = bool(is_positive(np.array([probability], np.float32), threshold)[0])
    for digits in (2, 3, 4) if abs(probability - threshold) >= 0.01 else (3, 4):
        text = f"{probability:.{digits}f}"
        if (float(text) >= threshold) is positive:
            return text
    towards_class = math.ceil if positive else math.floor
    return f"{towards_class(probability * 1e4) / 1e4:.4f}"


def threshold_text(threshold: float) -> str:
    """Two decimals, or the three that it was set to: 0.45 -> ``0.45``, 0.455 -> ``0.455``."""
    text = f"{threshold:.3f}"
    return text.removesuffix("0")


def angle_text(degrees: float) -> str:
    """How a slide is turned, the shorter way round: 90 -> ``90°`` (clockwise), 350 -> ``−10°``."""
    shorter = 180 - (180 - degrees) % 360
    text = f"{abs(shorter):.1f}".removesuffix(".0")
    return f"−{text}°" if shorter < 0 and text != "0" else f"{text}°"


def duration_text(seconds: float) -> str:
    """``75`` -> ``1:15``; below a minute ``15 s``."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole}{THIN_SPACE}s"
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
