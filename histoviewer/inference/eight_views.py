"""Judging a patch in all the ways in which it may lie under the microscope."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.classifier import Classifier

VIEWS = 8
"""Four quarter turns, each of them also mirrored: the symmetries of a square."""


class EightViews:
    """A ``Classifier`` that gives the mean of what another one says of a patch turned and mirrored.

    Tissue has no upright: which way it lies is chance, and so is what that does to an answer. Takes eight
    times as long. ``tests/benchmarks/bench_views.py`` measures what it is worth on patients not trained on.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self.card, self.engine, self.batch_size = classifier.card, classifier.engine, classifier.batch_size
        self.precision = in_eight_views(classifier.precision)

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See ``Classifier.predict``."""
        answers = np.stack([self._classifier.predict(view) for view in views(pixels)])
        mean: NDArray[np.float32] = answers.mean(axis=0, dtype=np.float64).astype(np.float32)
        return mean


def in_eight_views(precision: str) -> str:
    """How the arithmetic of a run is named, so that its answers are never mixed with those of one view."""
    return f"{precision}, eight views"


def views(pixels: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """The eight views of patches, uint8 RGB (n, s, s, 3) each, as they lie first."""
    for mirrored in (pixels, pixels[:, :, ::-1]):
        for turns in range(4):
            yield np.ascontiguousarray(np.rot90(mirrored, turns, axes=(1, 2)))
