"""What the answers of a cross-validation say of its recipe: the facts that a card takes from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from histoviewer.inference.context import ContextModel
from model_training.answers import Answers, logit, sigmoid
from model_training.calibration import Calibration, cross_fitted, fit_calibration
from model_training.context import combined, cross_fitted_context, fit_context, neighbourhood_of
from model_training.crossvalidation import OutOfFold
from model_training.evaluation import best_threshold
from model_training.quantisation import MAX_AUC_LOSS, MIN_AGREEMENT

WHOLE_SLIDE = 500
"""Patches of a patient from which on a slide counts as whole: sparse ones have 150 at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """Answers about every patient by networks that have not seen them, and what was fitted on them.

    ``own`` and ``combined`` are for figures: each fold's by numbers fitted on the other folds.
    ``calibration``, ``context`` and ``threshold`` are for the final network: fitted on all folds.

    Attributes:
        answers: of the arithmetic that is shipped.
        precision: that arithmetic, "int8" or "f32".
        own: float32 (n,), calibrated.
        combined: float32 (n,), with the neighbours taken into account.
        calibration: of the network's own answers.
        context: on top of calibrated ones.
        threshold: in hundredths, of the highest balanced accuracy of ``combined``. One number of hundreds of
            patients: choosing it on the other folds alone changes little, see ``threshold_of_others``.
        agreement: int8 against float32: share of equal decisions at 0.5, ROC AUC lost.
    """

    answers: Answers
    precision: str
    own: NDArray[np.float32]
    combined: NDArray[np.float32]
    calibration: Calibration
    context: ContextModel
    threshold: float
    agreement: Mapping[str, float]


def assess(found: OutOfFold) -> Assessment:
    """Calibrate, look at neighbours, choose the arithmetic: int8 where it agrees with float32."""
    agreement = agreement_of(found)
    is_int8 = agreement["decisions"] >= MIN_AGREEMENT and agreement["auc_loss"] <= MAX_AUC_LOSS
    answers = found.quantised if is_int8 else found.exact
    own = cross_fitted(answers)
    with_neighbours = cross_fitted_context(answers, own, answers.fold)
    calibration = fit_calibration(answers.logit, answers.truth)
    return Assessment(
        answers=answers,
        precision="int8" if is_int8 else "f32",
        own=own,
        combined=with_neighbours,
        calibration=calibration,
        context=fit_context(answers, calibration.calibrated(answers.probability)),
        threshold=best_threshold(answers.truth, with_neighbours),
        agreement=agreement,
    )


def agreement_of(found: OutOfFold) -> dict[str, float]:
    """How int8 compares with float32 on patients that neither was trained nor quantised on."""
    exact, quantised = found.exact.probability, found.quantised.probability
    truth = found.exact.truth
    return {
        "decisions": float(np.mean((exact >= 0.5) == (quantised >= 0.5))),
        "auc_loss": float(sk.roc_auc_score(truth, exact) - sk.roc_auc_score(truth, quantised)),
        "largest_difference": float(np.abs(exact - quantised).max()),
    }


def threshold_of_others(answers: Answers, probability: NDArray[np.float32]) -> dict[str, float]:
    """Balanced accuracy and F1 where each fold's threshold is the best one of the other folds."""
    positive = np.zeros(len(answers), bool)
    for fold in np.unique(answers.fold):
        is_out = answers.fold == fold
        threshold = best_threshold(answers.truth[~is_out], probability[~is_out])
        positive[is_out] = probability[is_out] >= threshold
    return {
        "balanced_accuracy": float(sk.balanced_accuracy_score(answers.truth, positive)),
        "f1": float(sk.f1_score(answers.truth, positive)),
    }


@dataclass(frozen=True, slots=True)
class WholeSlide:
    """One patient whose slide is whole, by a context that was fitted on all others.

    Attributes:
        patient, patches, malignant: who, how many, and how many of them by truth.
        roc_auc: of the patch's own answer, of its mean with the eight neighbours' mean, and of the context.
        balanced_accuracy: of the same three at one threshold.
    """

    patient: str
    patches: int
    malignant: int
    roc_auc: tuple[float, ...]
    balanced_accuracy: tuple[float, ...]


def whole_slides(answers: Answers, own: NDArray[np.float32], *, threshold: float) -> list[WholeSlide]:
    """What neighbours change on each patient who has a whole slide, left out one at a time.

    ``own``: float32 (n,), calibrated answers about patients not trained on.
    """
    names, counts = np.unique(answers.patients, return_counts=True)
    whole = names[counts >= WHOLE_SLIDE].tolist()
    return [_left_out(answers, own, name, threshold=threshold) for name in whole]


def _left_out(answers: Answers, own: NDArray[np.float32], patient: str, *, threshold: float) -> WholeSlide:
    is_out = answers.patients == patient
    model = fit_context(answers[~is_out], own[~is_out])
    alone, others = answers[is_out], own[is_out]
    three = (others, averaged(alone, others), combined(alone, others, model))
    return WholeSlide(
        patient=patient,
        patches=len(alone),
        malignant=int(alone.truth.sum()),
        roc_auc=tuple(float(sk.roc_auc_score(alone.truth, p)) for p in three),
        balanced_accuracy=tuple(
            float(sk.balanced_accuracy_score(alone.truth, p >= threshold)) for p in three
        ),
    )


def averaged(answers: Answers, probability: NDArray[np.float32]) -> NDArray[np.float32]:
    """The plain rival: the mean of a patch's logit and the mean of its eight neighbours', float32 (n,)."""
    own = logit(probability)
    mean, count = neighbourhood_of(answers).rings_of(own, np.arange(len(answers)))
    return sigmoid(np.where(count[:, 0] > 0, (own + mean[:, 0]) / 2, own))
