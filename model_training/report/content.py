"""What a report is made from, and what is computed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.model_card import Metric, OperatingPoint
from model_training.answers import Answers
from model_training.calibration import UNCALIBRATED, Calibration
from model_training.config import Keep
from model_training.dataset import LEAK
from model_training.evaluation import RESAMPLES, compare, evaluate, figures, operating_points
from model_training.history import Epoch, better_before, chosen, read_history
from model_training.reliability import equal_mass_calibration_error
from model_training.report.patients_table import PatientRow, patients_table
from model_training.report.plots import Judged
from model_training.report.words import setback_words

Cell = str | float | Metric | None

FEWEST = 10
FEW = (
    "Only {patients} patients: the intervals, which draw whole patients, cannot tell how far these figures "
    "are from those of many."
)
"""Said of fewer than FEWEST."""

OWN, COMBINED, BEFORE = "own answer", "with neighbours", "before calibration"


@dataclass(frozen=True, slots=True)
class Table:
    """A further table of a report.

    Attributes:
        title: its heading.
        columns: their headings.
        rows: text, numbers or figures with an interval; None for an empty cell.
        note: a sentence below the heading; may be empty.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReportContent:
    """What training, evaluation and cross-validation hand to ``write_report``.

    Attributes:
        title: of the report.
        about: a sentence that says what was judged by what.
        answers: of the patches that the figures are of; their probability as the finished network gives it,
            calibrated if it is.
        threshold: a probability at or above it is positive.
        combined, combined_threshold: the same answers with their neighbours', float32 (n,), and what they are
            held against; None where there are none.
        uncalibrated: float32 (n,), what the network said before it was calibrated; None where nothing was
            done, or where it is not known any more.
        calibration: what was done.
        is_calibrated_by_fold: the answers of each fold were calibrated by those of the other folds, and
            ``calibration`` is what the final network of the recipe gets.
        settings: of the training; mappings may hold mappings.
        split: role -> patients, patches, malignant; see ``dataset.describe_split``.
        is_leaky: patches, not patients, were split.
        warnings: sentences that whoever reads the figures must read first.
        histories: name -> ``history.jsonl`` of each training that the answers come from.
        keep: which epoch's weights their phases ended with; see ``TrainingConfig``.
        tables: further ones.
        seed, resamples: of the bootstrap.
    """

    title: str
    about: str
    answers: Answers
    threshold: float
    combined: NDArray[np.float32] | None = None
    combined_threshold: float | None = None
    uncalibrated: NDArray[np.float32] | None = None
    calibration: Calibration = UNCALIBRATED
    is_calibrated_by_fold: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    split: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    is_leaky: bool = False
    warnings: tuple[str, ...] = ()
    histories: Mapping[str, Path] = field(default_factory=dict)
    keep: Keep = "best"
    tables: tuple[Table, ...] = ()
    seed: int = 0
    resamples: int = RESAMPLES

    @property
    def every_warning(self) -> tuple[str, ...]:
        """The warnings, the leak first."""
        patients = self.evaluated["patients"]
        few = (FEW.format(patients=patients),) if patients < FEWEST else ()
        return (*((LEAK,) if self.is_leaky else ()), *few, *self.warnings)

    @property
    def evaluated(self) -> Mapping[str, int]:
        """Patients, patches and malignant patches that the figures are of."""
        answers = self.answers
        return {
            "patients": len(np.unique(answers.patients)),
            "patches": len(answers),
            "malignant": int(answers.truth.sum()),
        }

    @property
    def kinds(self) -> tuple[Judged, ...]:
        """The own answers, and those with neighbours if there are any."""
        own = self._judged(OWN, self.answers.probability, self.threshold)
        if self.combined is None:
            return (own,)
        threshold = self.threshold if self.combined_threshold is None else self.combined_threshold
        return (own, self._judged(COMBINED, self.combined, threshold))

    @property
    def stages(self) -> tuple[Judged, ...]:
        """What reliability is looked at of: before calibration, then what the network says now."""
        if self.uncalibrated is None:
            return self.kinds
        return (self._judged(BEFORE, self.uncalibrated, self.threshold), *self.kinds)

    def _judged(self, name: str, probability: NDArray[np.float32], threshold: float) -> Judged:
        return Judged(name, self.answers.truth, probability, self.answers.patients, threshold)


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """How far one kind of answer is from frequencies.

    Attributes:
        name: of the kind.
        ece: over bins of equal width; its interval lies high, see ``evaluate``.
        ece_equal_mass: over bins of equally many patches.
        brier: mean squared error.
    """

    name: str
    ece: Metric
    ece_equal_mass: float
    brier: Metric


@dataclass(frozen=True, slots=True)
class FoldRow:
    """The own answers of one fold, at the one threshold of all."""

    fold: int
    patients: int
    patches: int
    malignant: int
    roc_auc: float | None
    balanced_accuracy: float | None
    f1: float | None
    ece: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the answers of a report amount to.

    Attributes:
        metrics: kind of answer -> its figures.
        gain: how much higher each figure is with neighbours; empty without them.
        points: kind of answer -> its operating points.
        calibration: a row for each stage.
        patients: a row for each, of the kind of answer that counts: with neighbours where there are any.
        folds: a row for each; empty without folds.
        histories: name -> epochs.
        kept: name -> the epoch that the training ended with.
        warnings: the content's, and of each training that ended below what it had reached before.
    """

    metrics: Mapping[str, Mapping[str, Metric]]
    gain: Mapping[str, Metric]
    points: Mapping[str, tuple[OperatingPoint, ...]]
    calibration: tuple[CalibrationRow, ...]
    patients: tuple[PatientRow, ...]
    folds: tuple[FoldRow, ...]
    histories: Mapping[str, tuple[Epoch, ...]]
    kept: Mapping[str, Epoch]
    warnings: tuple[str, ...]


def findings_of(content: ReportContent) -> Findings:
    """Raises SourceError where a history cannot be read, or unless both classes occur."""
    kinds = content.kinds
    last = kinds[-1]
    histories = {name: read_history(path) for name, path in content.histories.items()}
    kept = {name: chosen(epochs, content.keep) for name, epochs in histories.items()}
    stages = {kind.name: _metrics(content, kind) for kind in content.stages}
    return Findings(
        metrics={kind.name: stages[kind.name] for kind in kinds},
        gain=_gain(content),
        points={kind.name: operating_points(kind.truth, kind.probability, steps=20) for kind in kinds},
        calibration=tuple(
            CalibrationRow(
                kind.name,
                stages[kind.name]["ece"],
                equal_mass_calibration_error(kind.truth, kind.probability),
                stages[kind.name]["brier"],
            )
            for kind in content.stages
        ),
        patients=patients_table(content.answers, last.probability, last.threshold),
        folds=_folds(content),
        histories=histories,
        kept=kept,
        warnings=(
            *content.every_warning,
            *(
                setback_words(name, kept[name], best)
                for name, epochs in histories.items()
                if (best := better_before(epochs, content.keep)) is not None
            ),
        ),
    )


def _metrics(content: ReportContent, kind: Judged) -> Mapping[str, Metric]:
    return evaluate(
        kind.truth,
        kind.probability,
        kind.patients,
        threshold=kind.threshold,
        seed=content.seed,
        resamples=content.resamples,
    )


def _gain(content: ReportContent) -> Mapping[str, Metric]:
    if len(content.kinds) < 2:
        return {}
    own, combined = content.kinds
    return compare(
        own.truth,
        (own.probability, combined.probability),
        own.patients,
        thresholds=(own.threshold, combined.threshold),
        seed=content.seed,
        resamples=content.resamples,
    )


def _folds(content: ReportContent) -> tuple[FoldRow, ...]:
    numbers = np.unique(content.answers.fold)
    return tuple(_fold(content, number) for number in numbers.tolist()) if len(numbers) > 1 else ()


def _fold(content: ReportContent, number: int) -> FoldRow:
    answers = content.answers[content.answers.fold == number]
    malignant = int(answers.truth.sum())
    has_both = 0 < malignant < len(answers)
    found = figures(answers.truth, answers.probability, content.threshold) if has_both else {}
    return FoldRow(
        fold=number,
        patients=len(np.unique(answers.patients)),
        patches=len(answers),
        malignant=malignant,
        **{name: found.get(name) for name in ("roc_auc", "balanced_accuracy", "f1", "ece")},
    )
