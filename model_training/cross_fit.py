"""Answers that nothing fitted on their own patients has touched: calibration, neighbours and threshold are
of the other folds, or of the other patients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.neighbours import Neighbourhood
from model_training.answers import Answers
from model_training.calibration import fit_calibration
from model_training.context import averaged, fit_context, in_context, neighbourhood_of, surrounded
from model_training.evaluation import best_threshold, figures

OWN, AVERAGED, COMBINED = "own", "averaged", "combined"
"""A patch's answer alone, with its neighbours' plain mean, and with the fitted weights of its neighbours."""

AT_THRESHOLD = ("balanced_accuracy", "f1", "recall", "specificity", "precision", "accuracy")
"""Figures that depend on a threshold."""


@dataclass(frozen=True, slots=True, eq=False)
class CrossFitted:
    """One kind of answer about patches whose group had no part in what was fitted.

    Attributes:
        probability: float32 (n,); NaN for groups that were not asked for.
        threshold: float64 (n,), of the highest balanced accuracy of the same kind of answer in all other
            groups; one number a group, NaN as above.
    """

    probability: NDArray[np.float32]
    threshold: NDArray[np.float64]

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Whether each patch is positive at the threshold of the others, (n,)."""
        return self.probability >= self.threshold

    def figures(self, truth: NDArray[np.int8]) -> dict[str, float]:
        """Those of AT_THRESHOLD, at the thresholds of the others. Both classes must occur."""
        found = figures(truth, self.decided.astype(np.float32), 0.5)
        return {name: float(found[name]) for name in AT_THRESHOLD}


def cross_fit(
    answers: Answers, groups: NDArray[np.generic], held_out: Iterable[object] | None = None
) -> Mapping[str, CrossFitted]:
    """Hold out one group after the other, and judge it by what is fitted on all the others.

    ``answers``: as the networks gave them, uncalibrated. ``groups``: (n,), the fold or the patient of each
    patch; a patient lies in one group. ``held_out``: the groups that are asked for; all by default. Returns
    OWN, AVERAGED and COMBINED. Raises SourceError unless there are two groups.
    """
    names = np.unique(groups).tolist()
    if len(names) < 2:
        raise SourceError("Cannot fit on other patients: expected answers of two or more folds or patients.")
    neighbourhood = neighbourhood_of(answers)  # nobody has neighbours in another group
    found = {kind: _nothing(len(answers)) for kind in (OWN, AVERAGED, COMBINED)}
    for name in names if held_out is None else held_out:
        is_out = groups == name
        for kind, probability in _by_others(answers, neighbourhood, is_out).items():
            found[kind].probability[is_out] = probability[is_out]
            found[kind].threshold[is_out] = best_threshold(answers.truth[~is_out], probability[~is_out])
    return found


def _nothing(count: int) -> CrossFitted:
    return CrossFitted(np.full(count, np.nan, np.float32), np.full(count, np.nan))


def _by_others(
    answers: Answers, neighbourhood: Neighbourhood, is_out: NDArray[np.bool_]
) -> dict[str, NDArray[np.float32]]:
    """Everybody's answers, float32 (n,), by what is fitted on those who are not held out."""
    others = answers[~is_out]
    own = fit_calibration(others.logit, others.truth).calibrated(answers.probability)
    patches = surrounded(neighbourhood, own)
    model = fit_context(patches[~is_out], others.truth)
    return {OWN: own, AVERAGED: averaged(patches), COMBINED: in_context(patches, model)}
