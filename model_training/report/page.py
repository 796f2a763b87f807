"""The report as one page of HTML: style and pictures within, nothing fetched, fit to be printed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from html import escape
from typing import Any

from histoviewer.inference.model_card import Metric, OperatingPoint
from model_training.history import Epoch
from model_training.report.content import BEFORE, OWN, Cell, Findings, ReportContent, Table
from model_training.report.plot_style import DOTS_PER_INCH
from model_training.report.plots import Judged
from model_training.report.settings_rows import settings_rows
from model_training.report.style import STYLE
from model_training.report.words import (
    CAPTIONS,
    DIFFERENCES,
    FIGURES,
    FOLD_HEADINGS,
    FOLDS,
    FOOTER,
    LEARNING,
    LEARNING_CAPTIONS,
    OPERATING_POINTS,
    OWN_MEANS,
    PATIENT_HEADINGS,
    RESEARCH_ONLY,
    TRAINING_FIGURES,
    UNDEFINED,
    calibration_words,
    fold_errors_words,
    gap_words,
    interval_words,
)

CSS_DOTS_PER_INCH = 96
KEY_FIGURES = ("roc_auc", "balanced_accuracy", "f1", "ece")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file's content, and its name without ending."""

    name: str
    png: bytes

    @property
    def width(self) -> int:
        """CSS pixels, so that text has the size that it was set in."""
        dots = int.from_bytes(self.png[16:20], "big")  # of the header chunk, which is always the first
        return round(dots * CSS_DOTS_PER_INCH / DOTS_PER_INCH)


def page(content: ReportContent, findings: Findings, pictures: Sequence[Picture], *, created: str) -> str:
    """The whole document. ``created``: ISO date."""
    shown = {picture.name: _figure(picture, content) for picture in pictures}
    learning = [html for name, html in shown.items() if name.startswith(LEARNING)]
    body = [
        _header(content, findings, created),
        _key_figures(content, findings),
        _subjects(content),
        _figures(content, findings, shown),
        _operating_points(content, findings),
        _calibration(content, findings, shown),
        _folds(findings),
        *(_further(table) for table in content.tables),
        _training(content, findings, learning),
        _patients(content, findings, shown),
        _settings(content),
        _footer(content),
    ]
    title = escape(content.title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def _header(content: ReportContent, findings: Findings, created: str) -> str:
    warnings = "".join(
        f'<p class="warning" role="note"><strong>Mind:</strong> {escape(text)}</p>'
        for text in findings.warnings
    )
    return (
        f"<header><h1>{escape(content.title)}</h1>"
        f'<p class="about">{escape(content.about)}</p>'
        f'<p class="quiet">{escape(created)} · {RESEARCH_ONLY}</p></header>{warnings}'
    )


def _key_figures(content: ReportContent, findings: Findings) -> str:
    kind = content.kinds[-1]
    tiles = "".join(
        f"<div><dt>{FIGURES[name][0]}</dt><dd>{_cell(findings.metrics[kind.name][name])}</dd></div>"
        for name in KEY_FIGURES
    )
    who = f"{kind.name}, threshold {kind.threshold:g}"
    intro = f'<p class="quiet">{who}; below: 95 % intervals. {OWN_MEANS}</p>'
    return _section("In short", f"<dl>{tiles}</dl>", intro=intro)


def _subjects(content: ReportContent) -> str:
    roles = {**content.split, "judged in this report": content.evaluated}
    rows = [
        (
            role,
            counts["patients"],
            counts["patches"],
            counts["malignant"],
            f"{counts['malignant'] / counts['patches']:.1%}" if counts["patches"] else None,
        )
        for role, counts in roles.items()
    ]
    headings = ("", "patients", "patches", "malignant patches", "share malignant")
    return _section("Patients and patches", _table(headings, rows))


def _figures(content: ReportContent, findings: Findings, shown: Mapping[str, str]) -> str:
    kinds = [kind.name for kind in content.kinds]
    headings = ("figure", *kinds, *(["difference"] if findings.gain else []), _Words("what it is"))
    rows = []
    for name, (label, meaning) in FIGURES.items():
        is_missing = [name == "precision" and not kind.calls_any(kind.threshold) for kind in content.kinds]
        values: list[Any] = [
            UNDEFINED if missing else findings.metrics[kind][name]
            for kind, missing in zip(kinds, is_missing, strict=True)
        ]
        if findings.gain:
            values.append(None if any(is_missing) else _Signed(findings.gain[name]))
        rows.append((label, *values, _Words(meaning)))
    note = " ".join([interval_words(content.resamples), *([DIFFERENCES] if findings.gain else [])])
    drawn = "".join(shown[name] for name in ("roc", "precision-recall", "confusion", "probabilities"))
    return _section(
        "Figures", f"<p>{note}</p>" + _table(headings, rows) + f'<div class="pictures">{drawn}</div>'
    )


def _operating_points(content: ReportContent, findings: Findings) -> str:
    headings = ("threshold", "sensitivity", "specificity", "precision")
    tables = []
    for kind in content.kinds:
        rows, used = _with_used(findings.points[kind.name], findings.metrics[kind.name], kind)
        tables.append(_table(headings, rows, caption=kind.name, marked=used))
    intro = f"<p>{OPERATING_POINTS}</p>"
    return _section("Operating points", f'<div class="pair">{"".join(tables)}</div>', intro=intro)


def _with_used(
    points: Iterable[OperatingPoint], metrics: Mapping[str, Metric], kind: Judged
) -> tuple[list[tuple[str | float, ...]], int]:
    """Rows with the threshold in use among the others, and its place."""
    threshold = round(kind.threshold, 4)
    used = OperatingPoint(
        threshold, metrics["recall"].value, metrics["specificity"].value, metrics["precision"].value
    )
    others = [point for point in points if point.threshold != threshold]
    ordered = sorted([*others, used], key=lambda point: point.threshold)
    rows: list[tuple[str | float, ...]] = [
        (
            f"{p.threshold:.2f}",
            p.sensitivity,
            p.specificity,
            p.precision if kind.calls_any(p.threshold) else UNDEFINED,
        )
        for p in ordered
    ]
    return rows, ordered.index(used)


def _calibration(content: ReportContent, findings: Findings, shown: Mapping[str, str]) -> str:
    errors = {row.name: row.ece.value for row in findings.calibration}
    words = calibration_words(
        content.calibration,
        is_by_fold=content.is_calibrated_by_fold,
        is_worse=errors[OWN] > errors.get(BEFORE, 1),
        error=errors[content.kinds[-1].name],
    )
    headings = ("", "ECE, bins of equal width", "ECE, bins of equal mass", "Brier score")
    table = _table(headings, [tuple(_fields(row)) for row in findings.calibration])
    by_fold = [row.ece for row in findings.folds if row.ece is not None]
    below = f"<p>{fold_errors_words(by_fold)}</p>" if len(by_fold) > 1 else ""
    return _section("Calibration", f"<p>{words}</p>{table}{below}{shown['reliability']}")


def _folds(findings: Findings) -> str:
    if not findings.folds:
        return ""
    rows = [astuple(row) for row in findings.folds]
    intro = f"<p>{FOLDS}</p>"
    return _section("Folds", _table(FOLD_HEADINGS, rows), intro=intro)


def _further(table: Table) -> str:
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return _section(table.title, _table(table.columns, table.rows), intro=note)


def _training(content: ReportContent, findings: Findings, learning: Sequence[str]) -> str:
    if not findings.histories:
        return ""
    headings = (
        "",
        "kept epoch",
        *(
            f"{figure}, {side}"
            for figure in ("ROC AUC", "accuracy", "loss")
            for side in ("training", "validation")
        ),
        "difference in ROC AUC",
    )
    rows = [(name, *_gap(epoch)) for name, epoch in findings.kept.items()]
    gaps = [gap for epoch in findings.kept.values() if (gap := _auc_gap(epoch)) is not None]
    words = f"<p>{gap_words(sum(gaps) / len(gaps), is_leaky=content.is_leaky)}</p>" if gaps else ""
    words += f'<p class="quiet">{TRAINING_FIGURES}</p>'
    title = "Training against validation" if gaps else "Training"
    return _section(title, words + _table(headings, rows) + "".join(learning))


def _auc_gap(epoch: Epoch) -> float | None:
    return None if epoch.val_auc is None else epoch.auc - epoch.val_auc


def _gap(epoch: Epoch) -> tuple[Cell, ...]:
    gap = _auc_gap(epoch)
    return (
        f"{epoch.phase}, {epoch.epoch}",
        epoch.auc,
        epoch.val_auc,
        epoch.accuracy,
        epoch.val_accuracy,
        epoch.loss,
        epoch.val_loss,
        None if gap is None else _signed(gap),
    )


def _patients(content: ReportContent, findings: Findings, shown: Mapping[str, str]) -> str:
    kind = content.kinds[-1]
    rows = [tuple(_fields(row)) for row in findings.patients]
    intro = f"<p>{kind.name.capitalize()}, at the threshold {kind.threshold:g}.</p>{shown['patients']}"
    return _section("Patient by patient", _table(PATIENT_HEADINGS, rows), intro=intro)


def _settings(content: ReportContent) -> str:
    if not content.settings:
        return ""
    rows = [(name, _Words(value)) for name, value in settings_rows(content.settings)]
    return _section("Settings", _table(("setting", _Words("value")), rows))


def _footer(content: ReportContent) -> str:
    bootstrap = f"Bootstrap: {content.resamples} draws, seed {content.seed}."
    return f"<footer><p>{FOOTER} {bootstrap}</p></footer>"


class _Words(str):
    """A cell of running text, which is set to the left."""


class _Signed:
    """A difference, with its sign."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric


def _section(title: str, content: str, *, intro: str = "") -> str:
    return f"<section><h2>{escape(title)}</h2>{intro}{content}</section>"


def _fields(row: Any) -> list[Any]:
    """A dataclass's values, not taken apart further."""
    return [getattr(row, name) for name in row.__slots__]


def _table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str = "",
    marked: int | None = None,
) -> str:
    head = "".join(f'<th scope="col"{_class(heading)}>{escape(heading)}</th>' for heading in headings)
    lines = []
    for place, row in enumerate(rows):
        first, *others = row
        cells = "".join(f"<td{_class(value)}>{_cell(value)}</td>" for value in others)
        mark = ' class="marked"' if place == marked else ""
        lines.append(f'<tr{mark}><th scope="row">{_cell(first)}</th>{cells}</tr>')
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="table"><table>{title}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _class(value: object) -> str:
    return ' class="words"' if isinstance(value, _Words) else ""


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case Metric():
            return _interval(value, "{:.3f}".format)
        case _Signed():
            return _interval(value.metric, _signed)
        case float():
            return f"{value:.3f}"
        case int():
            return f"{value:,}"
        case _:
            return escape(str(value))


def _signed(value: float) -> str:
    return f"{value:+z.3f}".replace("-", "−")


def _interval(metric: Metric, said: Callable[[float], str]) -> str:
    """A figure and its interval, unless that leaves the figure itself out, as the calibration error's may."""
    if not metric.low <= metric.value <= metric.high:
        return said(metric.value)
    return f'{said(metric.value)} <span class="interval">{said(metric.low)} to {said(metric.high)}</span>'


def _figure(picture: Picture, content: ReportContent) -> str:
    caption = escape(CAPTIONS.get(picture.name, LEARNING_CAPTIONS[content.keep]))
    source = base64.b64encode(picture.png).decode()
    return (
        f'<figure><img width="{picture.width}" src="data:image/png;base64,{source}" alt="{caption}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
