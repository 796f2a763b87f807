"""How many patches have which probability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 40
"""Equal parts of 0 to 1."""


def bin_counts(probability: NDArray[np.float32]) -> NDArray[np.intp]:
    """Of float32 (n,) probabilities those in each bin, intp (BINS,); NaN = not judged."""
    bins = np.minimum(probability[~np.isnan(probability)] * BINS, BINS - 1).astype(np.intp)
    return np.bincount(bins, minlength=BINS)
