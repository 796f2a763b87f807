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
from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT, NO_LOCATION, UNKNOWN
from histoviewer.results.agreement import Agreement, Confusion, agreement_with, is_disputed, ratio
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


class RowCounter:
    """Counts rows of a store at one threshold after another: what no threshold changes is counted once.

    Good for as long as the store stays as it is. Owned by the store's thread.
    """

    def __init__(self, store: ResultStore, rows: NDArray[np.intp] | None = None) -> None:
        """``rows``: those to count; None for all."""
        which = slice(None) if rows is None else rows
        self._probability = store.probability[which].copy()  # a run goes on writing into the store's
        self._areas = _Areas(store, which)
        is_judged = ~np.isnan(self._probability)
        review, truth = store.review[which], store.columns.truth[which]
        self._decided = np.flatnonzero(is_judged & (review != NO_REVIEW))
        self._decided_as = review[self._decided]
        self._of_truth = tuple(self._probability[is_judged & (truth == kind)] for kind in (MALIGNANT, BENIGN))
        judged = int(np.count_nonzero(is_judged))
        total = float(np.sum(self._probability, where=is_judged, dtype=np.float64))
        self._of_all = {
            "patches": len(self._probability),
            "judged": judged,
            "failed": int(np.count_nonzero(store.failed[which])),
            "truncated": _among(store.truncated, rows),
            "reviewed": int(np.count_nonzero(review != NO_REVIEW)),
        }
        self._judged_mm2 = self._areas.of(is_judged)
        self._mean = ratio(total, judged)

    def at(self, threshold: float) -> Counts:
        """Counts and areas: a millisecond for a million."""
        is_malignant = is_positive(self._probability, threshold)
        malignant, judged = int(np.count_nonzero(is_malignant)), self._of_all["judged"]
        return Counts(
            **self._of_all,
            malignant=malignant,
            benign=judged - malignant,
            malignant_share=ratio(malignant, judged),
            judged_mm2=self._judged_mm2,
            malignant_mm2=self._areas.of(is_malignant),
            mean_probability=self._mean,
            corrected=int(np.count_nonzero(self._is_corrected(threshold))),
        )

    def _is_corrected(self, threshold: float) -> NDArray[np.bool_]:
        return is_disputed(self._probability[self._decided], self._decided_as, threshold)

    def confusion_at(self, threshold: float) -> Confusion:
        """The judged ones with a truth."""
        hits, alarms = (int(np.count_nonzero(is_positive(p, threshold))) for p in self._of_truth)
        malignant, benign = map(len, self._of_truth)
        return Confusion(hits=hits, misses=malignant - hits, alarms=alarms, rejections=benign - alarms)


def count_rows(store: ResultStore, threshold: float, rows: NDArray[np.intp] | None = None) -> Counts:
    """Counts and areas of these rows, or of all."""
    return RowCounter(store, rows).at(threshold)


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


def write_folder_summary(folder: Path) -> list[ResultError]:
    """Write ``summary.csv`` over every result file in the folder, whichever call made it. Returns why any of
    them is missing from it.

    Rows are in the result files before this is called. Reading them once more after the swap finds those
    of another call whose own summary ours has just replaced. Raises ResultError as ``write_summary_csv``.
    """
    written: list[Row] | None = None
    while (found := all_kept_rows(folder))[0] != written:
        written = found[0]
        _write_rows(folder / "summary.csv", written)
    return found[1]


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


class _Areas:
    """Area of the slide that selected patches stand for: each for at most a step of the grid, so that
    nothing counts twice. Nearly all are such a step, and only counted."""

    def __init__(self, store: ResultStore, which: slice | NDArray[np.intp]) -> None:
        self._step, self._mm = store.facts.stride, store.facts.mpp / 1000
        width, height = store.width[which], store.height[which]
        # Sizes are whole pixels, a stride need not be: less than a pixel short is a whole step.
        whole, is_loose = math.floor(self._step), store.columns.x[which] == NO_LOCATION
        self._others = np.flatnonzero((width < whole) | (height < whole) | is_loose)
        most = np.where(is_loose[self._others], np.inf, self._step)
        self._other_areas = np.minimum(width[self._others], most) * np.minimum(height[self._others], most)

    def of(self, is_selected: NDArray[np.bool_]) -> float:
        """mm²; bool (n,)."""
        is_other = is_selected[self._others]
        steps = np.count_nonzero(is_selected) - np.count_nonzero(is_other)
        return float(steps * self._step**2 + self._other_areas[is_other].sum()) * self._mm**2


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
