"""How well probabilities agree with frequencies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """What was said and what was found, bin by bin; bins without patches are left out.

    Attributes:
        count: int (b,), patches of each bin.
        probability: float64 (b,), their mean probability.
        frequency: float64 (b,), the share of malignant ones among them.
    """

    count: NDArray[np.intp]
    probability: NDArray[np.float64]
    frequency: NDArray[np.float64]

    @property
    def error(self) -> float:
        """Mean gap between probability and frequency, weighted with patches."""
        gap = np.abs(self.probability - self.frequency)
        return float(np.average(gap, weights=self.count))


def bin_of(probability: NDArray[np.float32]) -> NDArray[np.intp]:
    """Which of BINS bins of equal width a probability falls into, from 0."""
    return np.minimum((probability * BINS).astype(np.intp), BINS - 1)


def reliability(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> Reliability:
    """Over bins of equal width."""
    return _over(bin_of(probability), truth, probability)


def expected_calibration_error(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float:
    """Mean gap between probability and frequency over equal-width bins (Guo et al. 2017)."""
    return reliability(truth, probability).error


def equal_mass_calibration_error(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float:
    """The same over bins that hold equally many patches (Nixon et al. 2019).

    Where most probabilities are close to 0 or 1, it looks there more closely than bins of equal width do.
    Patches of one probability share a bin.
    """
    edges = np.quantile(probability, np.arange(1, BINS) / BINS)
    return _over(np.searchsorted(edges, probability, side="left"), truth, probability).error


def _over(bins: NDArray[np.intp], truth: NDArray[np.int8], probability: NDArray[np.float32]) -> Reliability:
    count = np.bincount(bins, minlength=BINS)
    filled = np.flatnonzero(count)
    count = count[filled]
    return Reliability(
        count=count,
        probability=np.bincount(bins, weights=probability, minlength=BINS)[filled] / count,
        frequency=np.bincount(bins, weights=truth, minlength=BINS)[filled] / count,
    )
