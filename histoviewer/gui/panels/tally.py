"""Counts of a source and of all its slides at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import NO_LOCATION, PatchSource
from histoviewer.results.store import is_positive


class Tally:
    """How many patches of a source and of each of its slides are judged, and are malignant.

    It is counted anew ten times a second, hence in one pass over all patches, however many the slides.
    """

    def __init__(self, source: PatchSource, probability: NDArray[np.float32], slides: Sequence[str]) -> None:
        """``probability``: (n,), NaN where not judged; kept as given, so the owner may write into it."""
        self._probability = probability
        self._groups = 1 + len(slides)
        self._group = _groups(source, slides)
        self._is_one_slide = len(slides) > 0 and bool((self._group == 1).all())
        self._patches = self._sums(np.ones(len(self._group), np.bool_))

    def count(self, threshold: float) -> NDArray[np.intp]:
        """intp (3, 1 + slides): patches, judged and malignant ones, of the source and of each slide."""
        judged = self._sums(~np.isnan(self._probability))
        malignant = self._sums(is_positive(self._probability, threshold))
        return np.stack((self._patches, judged, malignant))

    def count_of(self, is_counted: NDArray[np.bool_]) -> NDArray[np.intp]:
        """intp (1 + slides,): of how many rows of the source and of each slide this (n,) is true."""
        return self._sums(is_counted)

    def _sums(self, is_counted: NDArray[np.bool_]) -> NDArray[np.intp]:
        total = np.count_nonzero(is_counted)
        if self._groups == 1:
            return np.array([total], np.intp)
        if self._is_one_slide:
            return np.array([total, total, *[0] * (self._groups - 2)], np.intp)
        sums = np.bincount(self._group[is_counted], minlength=self._groups)
        sums[0] = total
        return sums


def _groups(source: PatchSource, slides: Sequence[str]) -> NDArray[np.intp]:
    """1 + place among ``slides`` of the slide each row lies on, 0 where it lies on none of them."""
    columns = source.columns
    if not set(slides) <= set(columns.patients):
        return _groups_by_rows(source, slides)
    place = {name: group for group, name in enumerate(slides, start=1)}
    of_patient = np.array([place.get(name, 0) for name in columns.patients], np.intp)
    return np.where(columns.x == NO_LOCATION, 0, of_patient[columns.patient])


def _groups_by_rows(source: PatchSource, slides: Sequence[str]) -> NDArray[np.intp]:
    groups = np.zeros(len(source.columns), np.intp)
    for group, name in enumerate(slides, start=1):
        groups[source.rows(name)] = group
    return groups
