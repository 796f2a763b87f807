"""The numbers of a report: how well the answers agree with the truth."""

from __future__ import annotations


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % score interval of a share (Wilson, JASA 1927); None of nothing.

    It is of the patches counted, as if each had been drawn by itself: it says nothing of other patients.
    """
    if not whole:
        return None
    from scipy.stats import binomtest  # half a second, which the window need not wait for

    interval = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)
