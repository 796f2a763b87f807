"""What the report says in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model_training.calibration import Calibration
from model_training.config import Keep
from model_training.history import Epoch

FIGURES = {
    "roc_auc": ("ROC AUC", "chance that a malignant patch gets the higher probability of two"),
    "average_precision": ("average precision", "area under the precision-sensitivity curve"),
    "balanced_accuracy": ("balanced accuracy", "mean of sensitivity and specificity"),
    "recall": ("sensitivity (recall)", "share of malignant patches called malignant"),
    "specificity": ("specificity", "share of benign patches called benign"),
    "precision": ("precision", "share of the patches called malignant that are"),
    "f1": ("F1", "harmonic mean of precision and sensitivity"),
    "accuracy": ("accuracy", "share of patches called what they are"),
    "brier": ("Brier score", "mean squared error of the probability; lower is better"),
    "ece": ("calibration error (ECE)", "mean gap between probability and frequency; lower is better"),
}
"""Name of each figure, and what it is."""

LEARNING = "learning"
"""What the names of a training's pictures begin with."""

UNVALIDATED = f"{LEARNING}-without-validation"
"""Name of the picture of trainings without validation patients."""

CAPTIONS = {
    "roc": (
        "Each point of the curve is a threshold; the dot is the one in use. Band: 95 % of the own answer's "
        "curves when patients are drawn anew."
    ),
    "precision-recall": "How many calls are right (precision) when so many malignant patches are found.",
    "confusion": "Rows are the truth, columns what the network calls a patch at the threshold.",
    "probabilities": "What lies on the wrong side of the line is misjudged.",
    "reliability": (
        "Each dot is a bin of probabilities; its distance from the line is how far they are from "
        "frequencies. The larger the dot, the more patches. Below: where probabilities lie."
    ),
    "patients": (
        "Each dot is a patient. The fewer patches, the more chance decides; the names are of those judged "
        "worse than chance explains, the farthest off, where there is room."
    ),
    UNVALIDATED: (
        "Of the patients trained on alone: nobody was kept apart for validation, and the network that is "
        "kept is that of the last epoch."
    ),
}

LEARNING_CAPTIONS: Mapping[Keep, str] = {
    "best": (
        "The network that is kept is, of the last phase, the epoch with the highest ROC AUC on validation "
        "patients; the last phase goes on from the epoch that is marked in the one before."
    ),
    "last": "The network that is kept is that of the last epoch, as the recipe says.",
}
"""Of a training with validation patients, by what it keeps."""

PATIENT_HEADINGS = (
    "patient",
    "patches",
    "malignant",
    "called malignant",
    "true positive",
    "false positive",
    "true negative",
    "false negative",
    "sensitivity",
    "specificity",
    "ROC AUC",
    "mean probability",
    "Brier score",
)
FOLD_HEADINGS = ("fold", "patients", "patches", "malignant", "ROC AUC", "balanced accuracy", "F1", "ECE")

OWN_MEANS = "Own answer: what the network says of each patch alone, without its neighbours on the slide."
UNDEFINED = "– (none called malignant)"
"""In place of the precision where no patch is called malignant: a share of nothing."""

FREQUENCY_ERROR = 0.03
"""Calibration error up to which a probability can be read as a frequency."""

OPERATING_POINTS = "What other thresholds would give on the same patches; the one in use is marked."
FOLDS = "The own answers, fold by fold, at one threshold."
DIFFERENCES = (
    "Where the interval of a difference leaves out 0, the choice of patients alone does not explain it."
)
TRAINING_FIGURES = (
    "Training figures are taken while the epoch runs: with dropout, with patches that are turned, mirrored "
    "and restained, and over weights that still change. The finished network does better on the same "
    "patches. The loss of training weighs the classes, that of validation does not."
)
RESEARCH_ONLY = "Research use only, not for diagnosis."
FOOTER = (
    "Made by HistoViewer's training module. For research only: not a medical device, not for diagnosis. "
    "Figures hold for the data set, the staining and the scanner they were measured on."
)

SMALL_GAP = 0.02
"""In ROC AUC, between training and validation patients: what another choice of patients would make."""


def interval_words(resamples: int) -> str:
    """Where intervals come from."""
    return (
        f"With 95 % intervals from {resamples} draws of whole patients: patches of one patient resemble each "
        "other, so that the number of patients, not of patches, says how sure a figure is."
    )


def gap_words(gap: float, *, is_leaky: bool) -> str:
    """What a gap in ROC AUC between training and validation means."""
    if is_leaky:
        return (
            "Both sides show the same patients: however small the gap between them, it is no evidence "
            "against overfitting."
        )
    if gap <= SMALL_GAP:
        return (
            "Validation patients are judged about as well as those trained on: no sign that patches were "
            "learnt by heart. It says nothing about other laboratories, stains and scanners."
        )
    return (
        f"Patients trained on are judged better than validation patients, by {gap:.3f} in ROC AUC: a part of "
        "what was learnt holds for them alone. Neither says anything about other laboratories, stains and "
        "scanners."
    )


def setback_words(name: str, kept: Epoch, best: Epoch) -> str:
    """That a training's last phase ended below what an earlier one had reached."""
    return (
        f"{name[:1].upper()}{name[1:]}: the network that is kept ({kept.phase}, epoch {kept.epoch}) has a "
        f"ROC AUC of {kept.val_auc:.3f} on validation patients, below the {best.val_auc:.3f} that an earlier "
        f"phase had reached ({best.phase}, epoch {best.epoch}). Fine-tuning did not help here: try a lower "
        "--fine-tune-rate, or --fine-tune none."
    )


def fold_errors_words(errors: Sequence[float]) -> str:
    """How far the calibration error of single folds is from that of all."""
    above = f" In single folds it is above {FREQUENCY_ERROR}." if max(errors) > FREQUENCY_ERROR else ""
    return (
        f"By fold the ECE of the own answer is {min(errors):.3f} to {max(errors):.3f} (bins of equal width): "
        f"errors of opposite sign cancel when all folds are pooled, as in the rows above.{above}"
    )


def calibration_words(calibration: Calibration, *, is_by_fold: bool, is_worse: bool, error: float) -> str:
    """What was done to probabilities, and how to read their ``error``."""
    done = _of_folds(calibration) if is_by_fold else _of_network(calibration)
    if is_worse:
        done += (
            " On the patients of this report that made the error larger: where the patients it was fitted on "
            "have another share of malignant patches, it shifts all probabilities."
        )
    not_met = "" if error <= FREQUENCY_ERROR else f": not met here, where it is {error:.3f}"
    return (
        f"{done} Up to an error of about {FREQUENCY_ERROR} a probability can be read as a frequency, among "
        f"patients of whom as many patches are malignant as here{not_met}. The interval of the ECE lies too "
        "high: each draw of patients leaves some out and counts others twice, and that alone makes the "
        "measured error larger. Where the interval would not even hold the figure itself, it is left out."
    )


def _of_network(calibration: Calibration) -> str:
    if calibration.method == "none":
        return "Nothing was done to the network's probabilities."
    return f"The network's {_line(calibration)}, as fitted on patients not trained on."


def _of_folds(calibration: Calibration) -> str:
    of_figures = (
        "In the figures of this report each fold's probabilities were calibrated by what the other folds say "
        "(Platt 1999)."
    )
    if calibration.method == "none":
        return f"{of_figures} Nothing is done to those of the final network."
    return f"{of_figures} The final network's {_line(calibration)}, as fitted on the answers of all folds."


def _line(calibration: Calibration) -> str:
    return (
        f"log odds are multiplied by {calibration.slope:.3f} and {calibration.intercept:+.3f} is added "
        "(Platt 1999)"
    )
