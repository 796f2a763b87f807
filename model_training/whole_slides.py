"""What neighbours change on whole slides, each judged by what all other patients teach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from model_training.answers import Answers
from model_training.context import neighbourhood_of
from model_training.cross_fit import (
    AVERAGED,
    COMBINED,
    OWN,
    CrossFitted,
    cross_fit,
    rows_of_whole_slides,
)

KINDS = (OWN, AVERAGED, COMBINED)
FEWEST = 3
"""Whole slides from which on neighbours are looked at: each is judged by what two or more others teach."""


@dataclass(frozen=True, slots=True)
class WholeSlide:
    """One patient whose slide is whole, by calibration, neighbours and threshold of all other patients.

    Attributes:
        patient, patches, malignant: who, how many, and how many of them by truth.
        roc_auc: of the patch's own answer, of its mean with the eight neighbours' mean, and with the fitted
            weights of its neighbours; None where a class is missing.
        balanced_accuracy: of the same three, at one threshold; None as above.
    """

    patient: str
    patches: int
    malignant: int
    roc_auc: tuple[float | None, ...]
    balanced_accuracy: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WholeSlides:
    """All of them.

    Attributes:
        answers: of their patches.
        probability: OWN, AVERAGED, COMBINED -> float32 (n,), of the same patches; empty with fewer than
            FEWEST slides.
        each: slide by slide.
    """

    answers: Answers
    probability: Mapping[str, NDArray[np.float32]]
    each: tuple[WholeSlide, ...]

    @property
    def helps(self) -> bool:
        """Neighbours bring the probabilities nearer to the truth (log loss)."""
        truth = self.answers.truth
        if not self.probability or not _has_both(truth):
            return False
        combined, own = (sk.log_loss(truth, self.probability[kind]) for kind in (COMBINED, OWN))
        return bool(combined < own)


def judge_whole_slides(answers: Answers) -> WholeSlides:
    """``answers``: as the networks gave them, of all patients, none of whom was trained on."""
    rows = rows_of_whole_slides(answers, neighbourhood_of(answers))
    whole = np.unique(answers.patients[rows]).tolist()
    if len(whole) < FEWEST:
        return WholeSlides(answers[rows], {}, ())
    kinds = cross_fit(answers, answers.patients, whole)
    return WholeSlides(
        answers[rows],
        {name: kinds[name].probability[rows] for name in KINDS},
        tuple(_whole_slide(answers, name, kinds) for name in whole),
    )


def _whole_slide(answers: Answers, patient: str, kinds: Mapping[str, CrossFitted]) -> WholeSlide:
    rows = answers.patients == patient
    truth = answers.truth[rows]
    return WholeSlide(
        patient=patient,
        patches=len(truth),
        malignant=int(truth.sum()),
        roc_auc=tuple(roc_auc(truth, kinds[kind].probability[rows]) for kind in KINDS),
        balanced_accuracy=tuple(_balanced_accuracy(truth, kinds[kind].decided[rows]) for kind in KINDS),
    )


def roc_auc(truth: NDArray[np.int8], probability: NDArray[np.float32]) -> float | None:
    """None where a class is missing."""
    return float(sk.roc_auc_score(truth, probability)) if _has_both(truth) else None


def _balanced_accuracy(truth: NDArray[np.int8], decided: NDArray[np.bool_]) -> float | None:
    """None where a class is missing: the share of one class that is called right is another figure."""
    return float(sk.balanced_accuracy_score(truth, decided)) if _has_both(truth) else None


def _has_both(truth: NDArray[np.int8]) -> bool:
    return len(np.unique(truth)) > 1
