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
from model_training.completeness import whole_patients
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
        threshold: float64 (n,), of the highest balanced accuracy of the own answers of all other groups, the
            same for each kind of answer: neighbours change how sure an answer is, not what it is held
            against. One number a group, NaN as above.
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
    OWN, AVERAGED and COMBINED; what neighbours say is learnt on whole slides alone, and where the others have
    none the plain average stands in. Raises SourceError unless there are two groups.

    What the networks of the other folds were trained on includes the patients held out here: for the few
    numbers that are fitted on their answers that is taken to make no difference.
    """
    names = np.unique(groups).tolist()
    if len(names) < 2:
        raise SourceError("Cannot fit on other patients: expected answers of two or more folds or patients.")
    neighbourhood = neighbourhood_of(answers)  # nobody has neighbours in another group
    is_whole = rows_of_whole_slides(answers, neighbourhood)
    found = {kind: _nothing(len(answers)) for kind in (OWN, AVERAGED, COMBINED)}
    for name in names if held_out is None else held_out:
        is_out = groups == name
        by_others = _by_others(answers, neighbourhood, is_out, is_whole)
        threshold = best_threshold(answers.truth[~is_out], by_others[OWN][~is_out])
        for kind, probability in by_others.items():
            found[kind].probability[is_out] = probability[is_out]
            found[kind].threshold[is_out] = threshold
    return found


def rows_of_whole_slides(answers: Answers, neighbourhood: Neighbourhood) -> NDArray[np.bool_]:
    """Which patches are of a patient whose slide is there as a whole, (n,)."""
    count = surrounded(neighbourhood, answers.probability).count[:, 0]
    return np.isin(answers.patients, whole_patients(answers, count))


def _nothing(count: int) -> CrossFitted:
    return CrossFitted(np.full(count, np.nan, np.float32), np.full(count, np.nan))


def _by_others(
    answers: Answers,
    neighbourhood: Neighbourhood,
    is_out: NDArray[np.bool_],
    is_whole: NDArray[np.bool_],
) -> dict[str, NDArray[np.float32]]:
    """Everybody's answers, float32 (n,), by what is fitted on those who are not held out."""
    others = answers[~is_out]
    own = fit_calibration(others.logit, others.truth).calibrated(answers.probability)
    patches = surrounded(neighbourhood, own)
    teaching = is_whole & ~is_out
    model = fit_context(patches[teaching], answers.truth[teaching])
    return {OWN: own, AVERAGED: averaged(patches), COMBINED: in_context(patches, model)}
