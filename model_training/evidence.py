"""How good a network is, by patients that it has not seen: what a card says of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import keras
import numpy as np
import openvino
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.inference.context import ContextModel
from histoviewer.inference.model_card import Context, Metric, OperatingPoint
from model_training.answers import Answers
from model_training.assessment import Assessment, assess
from model_training.calibration import Calibration, fit_calibration
from model_training.crossvalidation import OutOfFold
from model_training.dataset import Dataset, Role, Split, split_warnings
from model_training.evaluation import best_threshold, evaluate, points_with_intervals
from model_training.features import compile_for_cpu, to_openvino
from model_training.judging import judged
from model_training.quantisation import MIN_AGREEMENT, agreeing, agreement_at

log = logging.getLogger(__name__)

NOBODY = (
    "There is nobody to measure the network on: DATA has no patients of its validation or test side. Give "
    "the data of the training or, where everybody was trained on, --crossvalidation of its recipe."
)
NO_CONTEXT = (
    "neighbours are left out of the bundle: there are too few whole slides to learn from, or they do not help"
)
SMALL_FOCI = (
    "Figures are of each patch alone. What is shown on a slide takes neighbours into account, as {slides} "
    "whole slides taught: that evens out single errors, and small groups of malignant patches among benign "
    "ones may be lost in it. The answer for the patch alone is kept beside."
)
SIDES: tuple[Role, Role] = ("validation", "test")
CARD_STEPS = 100
"""Operating points of a card are a hundredth apart, as a person moves the threshold."""


class SplitEvidence:
    """By the validation and test patients of the training itself.

    Attributes:
        calibration: of the network's answers, fitted on validation patients.
        facts: for the card's ``training``.
        warnings: for its ``limits``, a sentence each.
    """

    def __init__(self, network: keras.Model, dataset: Dataset, split: Split) -> None:
        """Raises SourceError where the split has no such patients."""
        if not all(len(split.rows(dataset, side)) for side in SIDES):
            raise SourceError(NOBODY)
        self._dataset, self._split = dataset, split
        answers = self._answers(compile_for_cpu(to_openvino(network)), "validation")
        self.calibration: Calibration = fit_calibration(answers.logit, answers.truth)
        self.facts: dict[str, Any] = {}
        self.warnings = split_warnings(split)

    def is_int8_good_enough(
        self, exact: openvino.Model, quantised: openvino.Model, sample: NDArray[np.uint8]
    ) -> bool:
        """On validation patients, not on the ``sample``; writes down how the two compare."""
        del sample
        rows = self._split.rows(self._dataset, "validation")
        agrees, agreement = agreeing(exact, quantised, self._dataset.pixels[rows], self._dataset.truth[rows])
        self.facts["int8_against_f32"] = agreement
        return agrees

    def measured(self, compiled: openvino.CompiledModel, *, seed: int, resamples: int) -> dict[str, Any]:
        """The card's fields that say how good the network is."""
        validation, test = self._answers(compiled, "validation"), self._answers(compiled, "test")
        threshold = best_threshold(validation.truth, validation.probability)
        metrics = evaluate(
            test.truth, test.probability, test.patients, threshold=threshold, seed=seed, resamples=resamples
        )
        return {
            "threshold": threshold,
            "metrics": metrics,
            "operating_points": card_points(test, seed=seed, resamples=resamples),
            "calibration": {**asdict(self.calibration), "fitted_on": "validation patients"},
        }

    def _answers(self, compiled: openvino.CompiledModel, side: Role) -> Answers:
        return judged(compiled, self._dataset, self._split.rows(self._dataset, side))


class FoldEvidence:
    """By networks of the same recipe that were trained on some of the patients and asked about the others.

    Attributes: as of ``SplitEvidence``; the calibration is fitted on the answers of all folds.
    """

    def __init__(self, found: OutOfFold, split: Split, *, allow_int8: bool = True) -> None:
        """Raises SourceError where the folds are of other patients than the training."""
        patients = set(found.exact.patients.tolist())
        if patients != set(split.train):
            raise SourceError(
                f"The cross-validation is of other patients than the training: "
                f"{', '.join(sorted(patients ^ set(split.train))[:5])} are in one of them only."
            )
        self._found = found
        self._assessment: Assessment = assess(found, allow_int8=allow_int8)
        slides = len(self._assessment.slides.each)
        self.warnings = () if self._assessment.context is None else (SMALL_FOCI.format(slides=slides),)
        self.calibration = self._assessment.calibration
        folds = len(np.unique(found.exact.fold))
        self.facts: dict[str, Any] = {
            "figures": f"{folds}-fold cross-validation by patient: each part of the patients judged by a "
            "network that the same recipe had made of the others; the bundled network has seen all of them",
            "int8_against_f32": dict(self._assessment.agreement),
        }

    def is_int8_good_enough(
        self, exact: openvino.Model, quantised: openvino.Model, sample: NDArray[np.uint8]
    ) -> bool:
        """On all folds, and of the network itself whether it decides alike on the ``sample``, uint8 RGB
        (n, s, s, 3): that needs neither truth nor patients it has not seen. Writes down how the two compare.

        Where they do not decide alike, calibration and figures become those of the folds in float32.
        """
        if self._assessment.precision != "int8":
            return False
        own = agreement_at(exact, quantised, sample, self._assessment.threshold)
        log.info("int8 against float32 of this network: %s", own)
        self.facts["int8_against_f32_of_this_network"] = own
        if own["decisions"] >= MIN_AGREEMENT:
            return True
        self._assessment = assess(self._found, allow_int8=False)
        self.calibration = self._assessment.calibration
        return False

    def measured(self, compiled: openvino.CompiledModel, *, seed: int, resamples: int) -> dict[str, Any]:
        """The card's fields that say how good the network is: figures of each patch alone, on all patients;
        what neighbours change, on whole slides, stands with the context."""
        del compiled
        found = self._assessment
        answers = replace(found.answers, probability=found.own)
        fields: dict[str, Any] = {
            "calibration": {**asdict(found.calibration), "fitted_on": "out-of-fold answers"},
            "threshold": found.threshold,
            "metrics": self._metrics(answers, seed=seed, resamples=resamples),
            "operating_points": card_points(answers, seed=seed, resamples=resamples),
        }
        if found.context is None:
            log.warning(NO_CONTEXT)
            return fields
        return fields | {"context": self._context(found.context, seed=seed, resamples=resamples)}

    def _context(self, model: ContextModel, *, seed: int, resamples: int) -> Context:
        slides = self._assessment.slides
        kinds = {
            name: self._metrics(replace(slides.answers, probability=p), seed=seed, resamples=resamples)
            for name, p in slides.probability.items()
        }
        evidence = {
            "figures": {kind: {name: asdict(m) for name, m in of.items()} for kind, of in kinds.items()},
            "whole_slides": [asdict(slide) for slide in slides.each],
            "thresholds_of_other_folds": dict(self._assessment.honest),
        }
        return Context(**asdict(model), evidence=evidence)

    def _metrics(self, answers: Answers, *, seed: int, resamples: int) -> Mapping[str, Metric]:
        return evaluate(
            answers.truth,
            answers.probability,
            answers.patients,
            threshold=self._assessment.threshold,
            seed=seed,
            resamples=resamples,
        )


def card_points(answers: Answers, *, seed: int, resamples: int) -> tuple[OperatingPoint, ...]:
    """Those of a card, of calibrated answers."""
    return points_with_intervals(
        answers.truth,
        answers.probability,
        answers.patients,
        steps=CARD_STEPS,
        seed=seed,
        resamples=resamples,
    )
