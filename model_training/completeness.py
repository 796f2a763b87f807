"""Whose slide is there as a whole: only there do a patch's neighbours say what they say on a slide.

Subsets of the public data set, and regions that a person has marked, hold malignant patches side by side and
of the benign ones a few here and there. There the mere number of neighbours gives the truth away: figures
with neighbours would be far too good, and weights fitted on them would not suit a slide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model_training.answers import Answers

FEWEST_PATCHES = 100
FEWEST_OF_CLASS = 10
"""Patches of a class from which on their neighbours are counted."""

LEAST_NEIGHBOURS = 4.0
"""Of the eight places around a patch, on average: inside tissue nearly all are taken, at its edge half."""


def whole_patients(answers: Answers, count: NDArray[np.int32]) -> list[str]:
    """Patients whose patches of either class lie side by side, by name.

    ``count``: int (n,), how many of the eight places around each patch are taken.
    """
    names = np.unique(answers.patients).tolist()
    return [name for name in names if _is_whole(answers, count, answers.patients == name)]


def _is_whole(answers: Answers, count: NDArray[np.int32], rows: NDArray[np.bool_]) -> bool:
    if np.count_nonzero(rows) < FEWEST_PATCHES:
        return False
    truth, around = answers.truth[rows], count[rows]
    classes = [around[truth == verdict] for verdict in (0, 1)]
    return all(len(of) < FEWEST_OF_CLASS or of.mean() >= LEAST_NEIGHBOURS for of in classes)
