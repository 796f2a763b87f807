"""What the answers of a cross-validation say of its recipe: the facts that a card takes from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.context import ContextModel
from model_training.answers import Answers
from model_training.calibration import Calibration, fit_calibration
from model_training.context import fit_context, neighbourhood_of, surrounded
from model_training.cross_fit import OWN, cross_fit, rows_of_whole_slides
from model_training.crossvalidation import OutOfFold
from model_training.evaluation import best_threshold
from model_training.quantisation import agreement_of, is_good_enough
from model_training.whole_slides import WholeSlides, judge_whole_slides


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """Answers about every patient by networks that have not seen them, and what was fitted on them.

    ``own``, ``honest`` and ``slides`` are for figures: each fold's, or slide's, by numbers fitted on the
    others. ``calibration``, ``context`` and ``threshold`` are for the final network: fitted on all.

    Attributes:
        answers: of the arithmetic that is shipped.
        precision: that arithmetic, "int8" or "f32".
        own: float32 (n,), calibrated: of each patch alone.
        honest: the figures that depend on a threshold, of ``own`` at the thresholds that suit the other folds
            best: balanced accuracy, F1, recall, specificity, precision and accuracy.
        slides: what neighbours change, on whole slides: nowhere else do they say what they say on a slide.
        calibration: of the network's own answers.
        context: on top of calibrated ones; None where there are no slides, or where it does not help on them.
        threshold: in hundredths, of the highest balanced accuracy of ``own``: figures at it have seen the
            patients that they are of, those in ``honest`` have not.
        agreement: int8 against float32: share of equal decisions at 0.5, ROC AUC lost.
    """

    answers: Answers
    precision: str
    own: NDArray[np.float32]
    honest: Mapping[str, float]
    slides: WholeSlides
    calibration: Calibration
    context: ContextModel | None
    threshold: float
    agreement: Mapping[str, float]


def assess(found: OutOfFold, *, allow_int8: bool = True) -> Assessment:
    """Calibrate, look at neighbours, choose the arithmetic: int8 where it agrees with float32 and may be
    shipped. Raises SourceError unless there are two folds."""
    agreement = agreement_of(found.exact.probability, found.quantised.probability, found.exact.truth)
    is_int8 = allow_int8 and is_good_enough(agreement)
    answers = found.quantised if is_int8 else found.exact
    own = cross_fit(answers, answers.fold)[OWN]
    calibration = fit_calibration(answers.logit, answers.truth)
    slides = judge_whole_slides(answers)
    return Assessment(
        answers=answers,
        precision="int8" if is_int8 else "f32",
        own=own.probability,
        honest=own.figures(answers.truth),
        slides=slides,
        calibration=calibration,
        context=_context(answers, calibration) if slides.helps else None,
        threshold=best_threshold(answers.truth, own.probability),
        agreement=agreement,
    )


def _context(answers: Answers, calibration: Calibration) -> ContextModel:
    neighbourhood = neighbourhood_of(answers)
    is_whole = rows_of_whole_slides(answers, neighbourhood)
    patches = surrounded(neighbourhood, calibration.calibrated(answers.probability))
    return fit_context(patches[is_whole], answers.truth[is_whole])
