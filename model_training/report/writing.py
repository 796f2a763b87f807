"""The report of a training, an evaluation or a cross-validation: figures, pictures and one page of HTML."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from histoviewer.staging import staged
from model_training.config import Keep
from model_training.history import has_validation
from model_training.report import plots
from model_training.report.content import Findings, ReportContent, findings_of
from model_training.report.learning_plot import learning_figure, training_figure
from model_training.report.page import Picture, page
from model_training.report.patients_plot import patients_figure
from model_training.report.patients_table import write_patients_csv
from model_training.report.plot_style import png_of
from model_training.report.plots import Judged
from model_training.report.words import LEARNING, UNVALIDATED
from model_training.run_folder import make_folder

REPORT, METRICS, PATIENTS = "report.html", "metrics.json", "patients.csv"


def write_report(folder: Path, content: ReportContent) -> Findings:
    """Write ``report.html``, ``metrics.json``, ``patients.csv`` and the pictures into ``folder``.

    The page holds its pictures and needs nothing beside it. Each file appears whole or not at all, the page
    last. Raises SourceError where the folder cannot be made, a history cannot be read or only one class
    occurs, before anything is written; ResultError where a file cannot be.
    """
    findings = findings_of(content)
    make_folder(folder)
    created = datetime.now(UTC).date().isoformat()
    pictures = _pictures(content, findings)
    for picture in pictures:
        _write(folder / f"{picture.name}.png", picture.png)
    write_patients_csv(folder / PATIENTS, findings.patients)
    facts = json.dumps(_facts(content, findings, created), indent=1, ensure_ascii=False, allow_nan=False)
    _write(folder / METRICS, f"{facts}\n".encode())
    _write(folder / REPORT, page(content, findings, pictures, created=created).encode())
    return findings


def _write(path: Path, content: bytes) -> None:
    with staged(path) as file:
        file.write(content)


def _pictures(content: ReportContent, findings: Findings) -> tuple[Picture, ...]:
    kinds, last = content.kinds, content.kinds[-1]
    figures_of: dict[str, Figure] = {
        "roc": plots.roc_figure(kinds, seed=content.seed),
        "precision-recall": plots.precision_recall_figure(kinds),
        "confusion": plots.confusion_figure(last),
        "probabilities": plots.histogram_figure(last),
        "reliability": plots.reliability_figure(content.stages),
        "patients": patients_figure(findings.patients, last.name),
        **_learning(findings, content.keep),
    }
    return tuple(Picture(name, png_of(figure)) for name, figure in figures_of.items())


def _learning(findings: Findings, keep: Keep) -> dict[str, Figure]:
    """A picture of each training with validation patients, one of all those without."""
    with_validation = {name: e for name, e in findings.histories.items() if has_validation(e)}
    others = {name: e for name, e in findings.histories.items() if name not in with_validation}
    is_one = len(findings.histories) == 1
    pictures = {
        LEARNING if is_one else f"{LEARNING}-{place}": learning_figure(epochs, keep, "" if is_one else name)
        for place, (name, epochs) in enumerate(with_validation.items(), start=1)
    }
    return {**pictures, UNVALIDATED: training_figure(others)} if others else pictures


def _facts(content: ReportContent, findings: Findings, created: str) -> dict[str, Any]:
    """What ``metrics.json`` holds: everything of the page, unrounded where it was not rounded before."""
    facts = {
        "title": content.title,
        "created": created,
        "warnings": findings.warnings,
        "evaluated": content.evaluated,
        "thresholds": {kind.name: kind.threshold for kind in content.kinds},
        "metrics": {kind.name: _defined(kind, findings.metrics[kind.name]) for kind in content.kinds},
        "gain_with_neighbours": findings.gain,
        "operating_points": {
            kind.name: [_defined(kind, asdict(p), p.threshold) for p in findings.points[kind.name]]
            for kind in content.kinds
        },
        "calibration": content.calibration,
        "is_calibrated_by_fold": content.is_calibrated_by_fold,
        "calibration_errors": findings.calibration,
        "folds": findings.folds,
        "kept_epochs": findings.kept,
        "tables": content.tables,
        "split": content.split,
        "settings": content.settings,
        "bootstrap": {"seed": content.seed, "resamples": content.resamples},
    }
    plain: dict[str, Any] = _plain(facts)
    return plain


def _defined(kind: Judged, figures: Mapping[str, Any], threshold: float | None = None) -> dict[str, Any]:
    """Without a precision where no patch is called malignant; by default at the threshold in use."""
    is_any = kind.calls_any(kind.threshold if threshold is None else threshold)
    return {**figures, **({} if is_any else {"precision": None})}


def _plain(value: Any) -> Any:
    """For JSON, which has no NaN: a training can end with one as its loss."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    return None if isinstance(value, float) and not math.isfinite(value) else value
