"""What the answers of a cross-validation say of its recipe: the facts that a card takes from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from histoviewer.inference.context import ContextModel
from model_training.answers import Answers
from model_training.calibration import Calibration, fit_calibration
from model_training.context import fit_context, neighbourhood_of, surrounded
from model_training.cross_fit import COMBINED, OWN, CrossFitted, cross_fit
from model_training.crossvalidation import OutOfFold
from model_training.evaluation import best_threshold
from model_training.quantisation import agreement_of, is_good_enough

WHOLE_SLIDE = 500
"""Patches of a patient from which on a slide counts as whole: sparse ones have 150 at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """Answers about every patient by networks that have not seen them, and what was fitted on them.

    ``own``, ``combined`` and ``decided`` are for figures: each fold's by numbers fitted on the other folds.
    ``calibration``, ``context`` and ``threshold`` are for the final network: fitted on all folds.

    Attributes:
        answers: of the arithmetic that is shipped.
        precision: that arithmetic, "int8" or "f32".
        own: float32 (n,), calibrated.
        combined: float32 (n,), with the neighbours taken into account.
        decided: "own", "combined" -> bool (n,), whether each patch is positive at the threshold that suits
            the other folds best.
        honest: "own", "combined" -> the figures that depend on a threshold, of ``decided``: balanced
            accuracy, F1, recall, specificity, precision and accuracy.
        calibration: of the network's own answers.
        context: on top of calibrated ones.
        threshold: in hundredths, of the highest balanced accuracy of ``combined``: figures at it have seen
            the patients that they are of, those in ``honest`` have not.
        agreement: int8 against float32: share of equal decisions at 0.5, ROC AUC lost.
    """

    answers: Answers
    precision: str
    own: NDArray[np.float32]
    combined: NDArray[np.float32]
    decided: Mapping[str, NDArray[np.bool_]]
    honest: Mapping[str, Mapping[str, float]]
    calibration: Calibration
    context: ContextModel
    threshold: float
    agreement: Mapping[str, float]


def assess(found: OutOfFold, *, allow_int8: bool = True) -> Assessment:
    """Calibrate, look at neighbours, choose the arithmetic: int8 where it agrees with float32 and may be
    shipped. Raises SourceError unless there are two folds."""
    agreement = agreement_of(found.exact.probability, found.quantised.probability, found.exact.truth)
    is_int8 = allow_int8 and is_good_enough(agreement)
    answers = found.quantised if is_int8 else found.exact
    by_others = cross_fit(answers, answers.fold)
    own, with_neighbours = by_others[OWN], by_others[COMBINED]
    calibration = fit_calibration(answers.logit, answers.truth)
    calibrated = surrounded(neighbourhood_of(answers), calibration.calibrated(answers.probability))
    kinds = {OWN: own, COMBINED: with_neighbours}
    return Assessment(
        answers=answers,
        precision="int8" if is_int8 else "f32",
        own=own.probability,
        combined=with_neighbours.probability,
        decided={name: kind.decided for name, kind in kinds.items()},
        honest={name: kind.figures(answers.truth) for name, kind in kinds.items()},
        calibration=calibration,
        context=fit_context(calibrated, answers.truth),
        threshold=best_threshold(answers.truth, with_neighbours.probability),
        agreement=agreement,
    )


@dataclass(frozen=True, slots=True)
class WholeSlide:
    """One patient whose slide is whole, by calibration, context and thresholds of all other patients.

    Attributes:
        patient, patches, malignant: who, how many, and how many of them by truth.
        roc_auc: of the patch's own answer, of its mean with the eight neighbours' mean, and of the context;
            None where a class is missing.
        balanced_accuracy: of the same three, each at the threshold that suits the others best; None as above.
    """

    patient: str
    patches: int
    malignant: int
    roc_auc: tuple[float | None, ...]
    balanced_accuracy: tuple[float | None, ...]


def whole_slides(answers: Answers) -> list[WholeSlide]:
    """What neighbours change on each patient who has a whole slide, left out one at a time.

    ``answers``: as the networks gave them, about patients not trained on.
    """
    names, counts = np.unique(answers.patients, return_counts=True)
    whole = names[counts >= WHOLE_SLIDE].tolist()
    if not whole:
        return []
    kinds = cross_fit(answers, answers.patients, whole).values()
    return [_whole_slide(answers, name, list(kinds)) for name in whole]


def _whole_slide(answers: Answers, patient: str, kinds: list[CrossFitted]) -> WholeSlide:
    rows = answers.patients == patient
    truth = answers.truth[rows]
    return WholeSlide(
        patient=patient,
        patches=len(truth),
        malignant=int(truth.sum()),
        roc_auc=tuple(roc_auc(truth, kind.probability[rows]) for kind in kinds),
        balanced_accuracy=tuple(_balanced_accuracy(truth, kind.decided[rows]) for kind in kinds),
    )


def roc_auc(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float | None:
    """None where a class is missing."""
    return float(sk.roc_auc_score(truth, probability)) if _has_both(truth) else None


def _balanced_accuracy(truth: NDArray[np.int8], decided: NDArray[np.bool_]) -> float | None:
    """None where a class is missing: the share of one class that is called right is another figure."""
    return float(sk.balanced_accuracy_score(truth, decided)) if _has_both(truth) else None


def _has_both(truth: NDArray[np.int8]) -> bool:
    return len(np.unique(truth)) > 1
