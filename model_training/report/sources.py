"""What a training, or a bundle, puts into a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.model_card import ModelCard
from model_training.answers import Answers
from model_training.assessment import Assessment
from model_training.bundle import shown_probability
from model_training.calibration import Calibration, calibration_of, fit_calibration
from model_training.config import TrainingConfig
from model_training.context import neighbourhood_of
from model_training.cross_fit import AT_THRESHOLD, AVERAGED, COMBINED, OWN, rows_of_whole_slides
from model_training.dataset import Dataset, Split, describe_split
from model_training.evaluation import best_threshold, evaluate, f1_threshold, figures
from model_training.features import compile_for_cpu, to_openvino
from model_training.history import read_history
from model_training.judging import judged
from model_training.report.content import Cell, ReportContent, Table
from model_training.report.words import FIGURES, UNDEFINED
from model_training.whole_slides import roc_auc

SLIDES = "what neighbours change is shown on whole slides"
NO_SLIDES = "no slide here is whole, so that nothing is said of what neighbours change"
NOT_WHOLE = (
    "Not every slide here is whole: where malignant patches lie closer together than benign ones, the mere "
    "number of neighbours gives the truth away, and figures with neighbours are too good."
)

WAYS = {OWN: "alone", AVERAGED: "plain average", COMBINED: "with neighbours"}
TOGETHER = ("roc_auc", "balanced_accuracy", "recall", "specificity", "f1", "ece")


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
        keep=config.keep,
        tables=(_thresholds(test.truth, probability, threshold, f1_threshold(validation.truth, chosen_on)),),
        seed=config.seed,
    )


def report_of_network(
    network: keras.Model, dataset: Dataset, split: Split, config: TrainingConfig, history: Path
) -> ReportContent:
    """The report of a network that has just been trained, with what it says of both other sides."""
    compiled = compile_for_cpu(to_openvino(network))
    validation = judged(compiled, dataset, split.rows(dataset, "validation"))
    test = judged(compiled, dataset, split.rows(dataset, "test"))
    return report_of_training(
        title=f"Training; {split.kind}",
        validation=validation,
        test=test,
        calibration=fit_calibration(validation.logit, validation.truth),
        config=config,
        split=describe_split(split, dataset),
        history=history,
        is_leaky=split.leaks,
    )


def report_of_folds(
    found: Assessment, config: TrainingConfig, histories: Mapping[int, Path]
) -> ReportContent:
    """The report of a cross-validation: every patient judged by a network that has not seen them.

    ``histories``: number of a fold -> ``history.jsonl`` of its training.
    """
    answers = found.answers
    return ReportContent(
        title=f"Cross-validation by patient, {len(np.unique(answers.fold))} folds",
        about=f"Networks of one recipe in {found.precision}, each asked about the patients that it was not "
        "trained on. The calibration of each fold is by the answers of the other folds. Figures are of each "
        f"patch alone; {SLIDES if found.slides.each else NO_SLIDES}.",
        answers=replace(answers, probability=found.own),
        threshold=found.threshold,
        uncalibrated=answers.probability,
        calibration=found.calibration,
        is_calibrated_by_fold=True,
        settings=_in_force(asdict(config), has_validation=False),
        tables=(
            _gaps(found, histories),
            *((_whole_slides(found), _slides_together(found, seed=config.seed)) if found.slides.each else ()),
            _choices(found),
            _agreement(found),
        ),
        histories={f"fold {fold}": path for fold, path in histories.items()},
        keep=config.keep,
        seed=config.seed,
    )


def _in_force(settings: Mapping[str, Any], *, has_validation: bool) -> Mapping[str, Any]:
    """A recipe's settings; where nobody is for validation, the last epoch is kept whatever it says."""
    return settings if has_validation else {**settings, "keep": "last"}


def _gaps(found: Assessment, histories: Mapping[int, Path]) -> Table:
    answers = found.answers
    rows: list[tuple[Cell, ...]] = []
    for fold, path in histories.items():
        last = read_history(path)[-1]
        held_out = answers[answers.fold == fold]
        accuracy = float(np.mean((held_out.probability >= 0.5) == held_out.truth))
        auc = roc_auc(held_out.truth, held_out.probability)
        rows.append((f"{fold}", last.accuracy, accuracy, last.auc, auc))
    return Table(
        title="Training against patients held out",
        columns=(
            "fold",
            "accuracy, training",
            "accuracy, held out",
            "ROC AUC, training",
            "ROC AUC, held out",
        ),
        rows=tuple(rows),
        note="Training: over the last epoch while it ran, with dropout and restained patches. Accuracy at "
        "0.5, before calibration.",
    )


def _whole_slides(found: Assessment) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (slide.patient, f"{slide.patches}", f"{slide.malignant}", *slide.roc_auc, *slide.balanced_accuracy)
        for slide in found.slides.each
    ]
    return Table(
        title="Whole slides, left out one at a time",
        columns=(
            "patient",
            "patches",
            "malignant",
            *(f"ROC AUC {way}" for way in WAYS.values()),
            *(f"balanced accuracy {way}" for way in WAYS.values()),
        ),
        rows=tuple(rows),
        note="Calibration, weights of neighbours and the one threshold are of all other patients. Plain "
        "average: the mean of a patch's log odds and the mean of its eight neighbours'. Empty where a "
        "patient has patches of one class alone. Only where benign patches lie side by side as malignant "
        "ones do is a slide whole; elsewhere the number of neighbours alone would give the truth away.",
    )


def _slides_together(found: Assessment, *, seed: int) -> Table:
    slides = found.slides
    rows: list[tuple[Cell, ...]] = []
    for kind, probability in slides.probability.items():
        metrics = evaluate(
            slides.answers.truth,
            probability,
            slides.answers.patients,
            threshold=found.threshold,
            seed=seed,
        )
        rows.append((WAYS[kind], *(metrics[name] for name in TOGETHER)))
    return Table(
        title="The same slides, all patches together",
        columns=("answer", *(FIGURES[name][0] for name in TOGETHER)),
        rows=tuple(rows),
        note=f"Of {len(slides.each)} slides at {found.threshold:g}: so few that the intervals say little.",
    )


def _choices(found: Assessment) -> Table:
    one = figures(found.answers.truth, found.own, found.threshold)
    rows: list[tuple[Cell, ...]] = [
        (f"{found.threshold:g}, the best for all", *_cells(one, AT_THRESHOLD)),
        ("for each fold the best for the others", *_cells(found.honest, AT_THRESHOLD)),
    ]
    return Table(
        title="What the choice of the threshold on the same patients does to the figures",
        columns=("threshold", *(FIGURES[name][0] for name in AT_THRESHOLD)),
        rows=tuple(rows),
    )


def _agreement(found: Assessment) -> Table:
    return Table(
        title="int8 against float32",
        columns=("equal decisions at 0.5", "ROC AUC lost", "largest difference"),
        rows=(tuple(found.agreement[name] for name in ("decisions", "auc_loss", "largest_difference")),),
        note="On patients that neither was trained nor quantised on.",
    )


def _thresholds(
    truth: NDArray[np.int8], probability: NDArray[np.float32], balanced: float, f1: float
) -> Table:
    names = ("recall", "specificity", "precision", "balanced_accuracy", "f1")
    rows: list[tuple[Cell, ...]] = []
    for purpose, threshold in (("balanced accuracy (in use)", balanced), ("F1", f1)):
        found = figures(truth, probability, threshold)
        rows.append((purpose, f"{threshold:g}", *_cells(found, names)))
    return Table(
        title="Thresholds",
        columns=("best for", "threshold", *(FIGURES[name][0] for name in names)),
        rows=tuple(rows),
        note="Chosen on validation patients; what they give on the patients of this report.",
    )


def _cells(found: Mapping[str, float], names: Sequence[str]) -> tuple[Cell, ...]:
    """These figures; of nobody called malignant there is no precision."""
    is_none_called = found["recall"] == 0 and found["specificity"] == 1
    return tuple(
        UNDEFINED if name == "precision" and is_none_called else float(found[name]) for name in names
    )


def report_of_bundle(card: ModelCard, answers: Answers) -> ReportContent:
    """The report of a bundle's network on patches that it has judged, at the card's threshold."""
    calibration = calibration_of(card.calibration)
    is_calibrated = calibration.method != "none"
    settings = {name: value for name, value in card.training.items() if name != "patches"}
    shown = shown_probability(card, answers)
    return ReportContent(
        title=f"Evaluation of {card.title}",
        about=f"The network of {card.title} as the viewer uses it, on patients chosen for this evaluation.",
        answers=answers,
        threshold=card.threshold,
        combined=None if card.context is None else shown,
        uncalibrated=calibration.undone(answers.probability) if is_calibrated else None,
        calibration=calibration,
        settings=_in_force(settings, has_validation=bool(card.split.get("validation"))),
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
    if card.context is not None and not rows_of_whole_slides(answers, neighbourhood_of(answers)).all():
        warnings.append(NOT_WHOLE)
    return (*warnings, card.limits)
