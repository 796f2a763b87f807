"""What a training, or a bundle, puts into a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.model_card import ModelCard
from model_training.answers import Answers
from model_training.calibration import Calibration, calibration_of
from model_training.config import TrainingConfig
from model_training.evaluation import best_threshold, f1_threshold, figures
from model_training.report_content import Cell, ReportContent, Table
from model_training.report_words import FIGURES


def report_of_training(
    *,
    title: str,
    validation: Answers,
    test: Answers,
    calibration: Calibration,
    config: TrainingConfig,
    split: Mapping[str, Mapping[str, int]],
    history: Path,
    is_leaky: bool = False,
    warnings: tuple[str, ...] = (),
) -> ReportContent:
    """The report of one training, on its test patients.

    ``validation`` and ``test``: what the network says before ``calibration``, which may be none. The
    threshold is chosen on validation patients.
    """
    chosen_on = calibration.calibrated(validation.probability)
    probability = calibration.calibrated(test.probability)
    threshold = best_threshold(validation.truth, chosen_on)
    return ReportContent(
        title=title,
        about=f"A network, judged on its test {'patches' if is_leaky else 'patients'}: neither training nor "
        "the choice of epoch, threshold or calibration has seen them.",
        answers=replace(test, probability=probability),
        threshold=threshold,
        uncalibrated=None if calibration.method == "none" else test.probability,
        calibration=calibration,
        settings=asdict(config),
        split=split,
        is_leaky=is_leaky,
        warnings=warnings,
        histories={"training": history},
        tables=(_thresholds(test.truth, probability, threshold, f1_threshold(validation.truth, chosen_on)),),
        seed=config.seed,
    )


def _thresholds(
    truth: NDArray[np.int8], probability: NDArray[np.float32], balanced: float, f1: float
) -> Table:
    names = ("recall", "specificity", "precision", "balanced_accuracy", "f1")
    rows: list[tuple[Cell, ...]] = []
    for purpose, threshold in (("balanced accuracy (in use)", balanced), ("F1", f1)):
        found = figures(truth, probability, threshold)
        rows.append((purpose, f"{threshold:g}", *(float(found[name]) for name in names)))
    return Table(
        title="Thresholds",
        columns=("best for", "threshold", *(FIGURES[name][0] for name in names)),
        rows=tuple(rows),
        note="Chosen on validation patients; what they give on the patients of this report.",
    )


def report_of_bundle(card: ModelCard, answers: Answers) -> ReportContent:
    """The report of a bundle's network on patches that it has judged, at the card's threshold."""
    calibration = calibration_of(card.calibration)
    is_calibrated = calibration.method != "none"
    settings = {name: value for name, value in card.training.items() if name != "patches"}
    return ReportContent(
        title=f"Evaluation of {card.title}",
        about=f"The network of {card.title} as the viewer uses it, on patients chosen for this evaluation.",
        answers=answers,
        threshold=card.threshold,
        uncalibrated=calibration.undone(answers.probability) if is_calibrated else None,
        calibration=calibration,
        settings=settings,
        split=card.training.get("patches", {}),
        warnings=_warnings(card, answers),
        seed=card.training["seed"],
    )


def _warnings(card: ModelCard, answers: Answers) -> tuple[str, ...]:
    patients = np.unique(answers.patients).tolist()
    warnings = []
    for role, what_for in (
        ("train", "trained on"),
        ("validation", "validated on, so that epoch and threshold suit them"),
    ):
        seen = [patient for patient in patients if card.role_of(patient) == role]
        if seen:
            warnings.append(
                f"{len(seen)} of these {len(patients)} patients were {what_for}: these figures are too good."
            )
    return (*warnings, card.limits)
