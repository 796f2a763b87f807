"""Counts, areas and figures against the truth, of an input or of one patient."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.csv_text import defused, writer_of
from histoviewer.patches.patch import BENIGN, MALIGNANT, NO_LOCATION, UNKNOWN
from histoviewer.results.agreement import Agreement, agreement_with, ratio
from histoviewer.results.outputs import Row, all_kept_rows
from histoviewer.results.reviews import NO_REVIEW
from histoviewer.results.store import ResultStore, is_positive
from histoviewer.staging import staged
from histoviewer.translation import _


@dataclass(frozen=True, slots=True)
class Counts:
    """What some patches amount to at a threshold.

    Attributes:
        patches: all of them, judged, failed or waiting.
        truncated: judged though smaller than a patch.
        malignant, benign: of those judged.
        malignant_share: of those judged, 0-1; None where there are none.
        judged_mm2, malignant_mm2: area; overlapping patches each count for their own step of the grid.
        mean_probability: of those judged.
        reviewed: patches that a person decided of, be it that they are unsure.
        corrected: reviewed ones whose class, benign or malignant, is not the model's answer.
    """

    patches: int
    judged: int
    failed: int
    truncated: int
    malignant: int
    benign: int
    malignant_share: float | None
    judged_mm2: float
    malignant_mm2: float
    mean_probability: float | None
    reviewed: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of some patches at a threshold."""

    counts: Counts
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class SummaryEntry:
    """One row of ``summary.csv``.

    Attributes:
        level: a whole input, or one patient of it.
        input: NAME of the input's outputs.
        patient: empty for an input.
        mpp, scale_origin: µm per level-0 pixel, and who says so.
        model: its title.
        run: the run's id.
        role: what the patient was to the model: "train", "validation", "test", or empty: not of its data.
            Of an input that holds several, "mixed".
    """

    level: Literal["input", "patient"]
    input: str
    patient: str
    summary: Summary
    mpp: float
    scale_origin: str
    model: str
    threshold: float
    run: str
    role: str


def count_rows(store: ResultStore, threshold: float, rows: NDArray[np.intp] | None = None) -> Counts:
    """Counts and areas of these rows, or of all: some milliseconds for a million."""
    which = slice(None) if rows is None else rows
    probability = store.probability[which]
    is_judged = ~np.isnan(probability)
    is_malignant = is_positive(probability, threshold)
    judged, malignant = int(np.count_nonzero(is_judged)), int(np.count_nonzero(is_malignant))
    judged_mm2, malignant_mm2 = _areas_mm2(store, which, (is_judged, is_malignant))
    review = store.review[which]
    is_decided = is_judged & ((review == BENIGN) | (review == MALIGNANT))
    total = float(np.sum(probability, where=is_judged, dtype=np.float64))
    return Counts(
        patches=len(probability),
        judged=judged,
        failed=int(np.count_nonzero(store.failed[which])),
        truncated=_among(store.truncated, rows),
        malignant=malignant,
        benign=judged - malignant,
        malignant_share=ratio(malignant, judged),
        judged_mm2=judged_mm2,
        malignant_mm2=malignant_mm2,
        mean_probability=ratio(total, judged),
        reviewed=int(np.count_nonzero(review != NO_REVIEW)),
        corrected=int(np.count_nonzero(is_decided & (is_malignant != (review == MALIGNANT)))),
    )


def summarise(store: ResultStore, threshold: float, rows: NDArray[np.intp] | None = None) -> Summary:
    """All figures of these rows, or of all."""
    which = np.arange(len(store.columns)) if rows is None else rows
    is_known = (store.columns.truth[which] != UNKNOWN) & ~np.isnan(store.probability[which])
    known = which[is_known]
    truth = store.columns.truth[known] == MALIGNANT
    return Summary(
        counts=count_rows(store, threshold, rows),
        agreement=agreement_with(truth, store.probability[known], threshold),
    )


def summary_entries(
    name: str, store: ResultStore, threshold: float, role_of: Callable[[str], str | None]
) -> list[SummaryEntry]:
    """One for the input called ``name``, then one for each of its patients, in their order.

    ``role_of``: what a patient was to the model, as ``ModelCard.role_of``.
    """
    patients = store.columns.patients
    roles = [role_of(patient) or "" for patient in patients]
    whole = roles[0] if len(set(roles)) == 1 else "mixed"
    patient = store.columns.patient
    by_patient = np.argsort(patient, kind="stable")
    ends = np.cumsum(np.bincount(patient, minlength=len(patients)))
    entries = [_entry("input", name, "", whole, store, threshold, None)]
    start = 0
    for patient_name, role, end in zip(patients, roles, ends.tolist(), strict=True):
        rows = by_patient[start:end]
        entries.append(_entry("patient", name, patient_name, role, store, threshold, rows))
        start = end
    return entries


SUMMARY_COLUMNS = (
    *("level", "input", "patient"),
    *(field.name for field in fields(Counts)),
    *(field.name for field in fields(Agreement)),
    *("mpp", "scale_origin", "model", "threshold", "run", "role"),
)


def write_summary_csv(path: Path, entries: Iterable[SummaryEntry]) -> None:
    """Write ``SUMMARY_COLUMNS``, a row an entry. An undefined figure is an empty cell.

    Areas are mm², shares 0-1. UTF-8, ``\\n``, dot decimals. Raises ResultError when the file cannot be
    written; what was at ``path`` is then untouched.
    """
    _write_rows(path, [summary_row(entry) for entry in entries])


def write_folder_summary(folder: Path) -> None:
    """Write ``summary.csv`` over every result file in the folder, whichever call made it.

    Rows are in the result files before this is called. Reading them once more after the swap finds those
    of another call whose own summary ours has just replaced. Raises ResultError as ``write_summary_csv``.
    """
    written: list[Row] | None = None
    while (rows := all_kept_rows(folder)) != written:
        _write_rows(folder / "summary.csv", rows)
        written = rows


def summary_row(entry: SummaryEntry) -> dict[str, str]:
    """Column -> cell of the summary, as it is written."""
    figures = {**asdict(entry.summary.counts), **asdict(entry.summary.agreement)}
    row = {name: _text(value) for name, value in figures.items()}
    for name in ("level", "input", "patient", "scale_origin", "model", "run", "role"):
        row[name] = defused(getattr(entry, name))
    return row | {"mpp": repr(float(entry.mpp)), "threshold": repr(float(entry.threshold))}


def _write_rows(path: Path, rows: Iterable[Row]) -> None:
    with staged(path) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="backslashreplace", newline="")
        writer = writer_of(text)
        writer.writerow(SUMMARY_COLUMNS)
        writer.writerows([row.get(name, "") for name in SUMMARY_COLUMNS] for row in rows)
        text.detach()


def _areas_mm2(
    store: ResultStore, which: slice | NDArray[np.intp], selections: Iterable[NDArray[np.bool_]]
) -> list[float]:
    """Area of the slide that selected patches stand for: each for at most a step of the grid, so that
    nothing counts twice. Nearly all are such a step, and only counted."""
    step, mm = store.facts.stride, store.facts.mpp / 1000
    width, height = store.width[which], store.height[which]
    # Sizes are whole pixels, a stride need not be: less than a pixel short is a whole step.
    is_loose = store.columns.x[which] == NO_LOCATION
    is_step = (width >= math.floor(step)) & (height >= math.floor(step)) & ~is_loose
    others = np.flatnonzero(~is_step)
    most = np.where(is_loose[others], np.inf, step)
    other_areas = np.minimum(width[others], most) * np.minimum(height[others], most)
    return [
        float(np.count_nonzero(selected & is_step) * step**2 + other_areas[selected[others]].sum()) * mm**2
        for selected in selections
    ]


def _among(marked: Iterable[int], rows: NDArray[np.intp] | None) -> int:
    """How many of the marked rows are among ``rows``."""
    found = np.fromiter(marked, np.intp)
    return len(found) if rows is None else int(np.isin(found, rows).sum())


def _entry(
    level: Literal["input", "patient"],
    name: str,
    patient: str,
    role: str,
    store: ResultStore,
    threshold: float,
    rows: NDArray[np.intp] | None,
) -> SummaryEntry:
    facts = store.facts
    return SummaryEntry(
        level=level,
        input=name,
        patient=patient,
        summary=summarise(store, threshold, rows),
        mpp=facts.mpp,
        scale_origin=facts.scale_origin,
        model=facts.model_title,
        threshold=threshold,
        run=store.run_id,
        role=role,
    )


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def role_text(role: str | None) -> str:
    """What a patient was to the model, for people: ``SummaryEntry.role``, or as ``ModelCard.role_of``."""
    known = {"train": _("trained on"), "validation": _("validation"), "test": _("test")}
    return known.get(role or "", _("not seen"))
