"""How well each patient's patches were judged."""

from __future__ import annotations

import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from histoviewer.csv_text import defused, writer_of
from histoviewer.staging import staged
from model_training.answers import Answers


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient's patches; None where a figure needs patches that the patient has not.

    Attributes:
        patient: name.
        patches, malignant, positive: how many in all, by truth, and by the network at the threshold.
        true_positive, false_positive, true_negative, false_negative: how many of each.
        sensitivity, specificity: None without malignant, without benign patches.
        roc_auc: None unless both occur.
        mean_probability, brier: over all patches.
    """

    patient: str
    patches: int
    malignant: int
    positive: int
    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    sensitivity: float | None
    specificity: float | None
    roc_auc: float | None
    mean_probability: float
    brier: float


COLUMNS = tuple(field.name for field in fields(PatientRow))


def patients_table(
    answers: Answers, probability: NDArray[np.float32], threshold: float
) -> tuple[PatientRow, ...]:
    """A row for each patient, by name. ``probability``: float32 (n,), of the answers' patches."""
    return tuple(
        _row(str(name), answers.truth[rows], probability[rows], threshold)
        for name in np.unique(answers.patients)
        for rows in [answers.patients == name]
    )


def _row(
    patient: str, truth: NDArray[np.int8], probability: NDArray[np.float32], threshold: float
) -> PatientRow:
    confusion = sk.confusion_matrix(truth, probability >= threshold, labels=[0, 1])
    (true_negative, false_positive), (false_negative, true_positive) = confusion.tolist()
    malignant, benign = true_positive + false_negative, true_negative + false_positive
    return PatientRow(
        patient=patient,
        patches=len(truth),
        malignant=malignant,
        positive=true_positive + false_positive,
        true_positive=true_positive,
        false_positive=false_positive,
        true_negative=true_negative,
        false_negative=false_negative,
        sensitivity=true_positive / malignant if malignant else None,
        specificity=true_negative / benign if benign else None,
        roc_auc=float(sk.roc_auc_score(truth, probability)) if malignant and benign else None,
        mean_probability=float(probability.mean()),
        brier=float(np.mean((probability - truth) ** 2)),
    )


def write_patients_csv(path: Path, rows: tuple[PatientRow, ...]) -> None:
    """One row a patient: fractions with four decimals, empty where there is none; UTF-8, ``\\n``, dot
    decimals. Raises ResultError when the file cannot be written."""
    with staged(path) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="backslashreplace", newline="")
        writer = writer_of(text)
        writer.writerow(COLUMNS)
        writer.writerows([_cell(value) for value in astuple(row)] for row in rows)
        text.detach()  # flushes, and leaves the file open


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    return defused(value) if isinstance(value, str) else str(value)
