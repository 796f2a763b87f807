"""What goes into the report of an input, and its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from histoviewer.errors import SourceError
from histoviewer.patches.patch import PatchSource
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.regions import find_regions
from histoviewer.results.report.content import ReportContent, ReportSlide
from histoviewer.results.report.page import page
from histoviewer.results.report.pictures import close_up, overview
from histoviewer.results.reviewers import pair_figures, reviewer_figures
from histoviewer.results.runs import PIXELS_AS_STORED
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import RowCounter, count_rows, summary_entries
from histoviewer.staging import staged
from histoviewer.translation import _

MOST_SLIDES = 24
"""Slides with pictures in one report: those with the largest malignant areas."""

MOST_CLOSE_UPS = 6
"""Regions of a slide that are shown near by."""

_CLOSE_UP_PATCHES = 3
"""Patches along the side of such a picture."""

Facts = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def report_content(
    source: PatchSource,
    store: ResultStore,
    *,
    name: str,
    threshold: float,
    role_of: Callable[[str], str | None],
    model: Sequence[tuple[str, str]],
    command: str,
) -> ReportContent:
    """Gather all of it, in the language of the program.

    ``role_of``: what a patient was to the model, as ``ModelCard.role_of``. ``model``: names and values to say
    of it. ``command``: the call that does the same. A slide that cannot be read is left without pictures, and
    the report says so.
    """
    shown = _largest_slides(source, store, threshold)
    counter = RowCounter(store)
    found = counter.confusion_at(threshold)
    patients = summary_entries(name, store, threshold, role_of)[1:]
    has_table = len(patients) > 1 or found.total > 0
    return ReportContent(
        title=name,
        created=f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M %Z}",
        threshold=threshold,
        counts=counter.at(threshold),
        probabilities=store.probability,
        slides=[_slide(source, store, slide, threshold) for slide in shown],
        slides_left_out=sum(1 for _slide_name in source.slides()) - len(shown),
        patients=[
            (entry, _of_patient(store, number).confusion_at(threshold))
            for number, entry in enumerate(patients)
            if has_table
        ],
        confusion=found,
        reviewers=reviewer_figures(store, threshold),
        pairs=pair_figures(store),
        facts=[(_("Scale and run"), _run_facts(store, threshold)), (_("Model"), model)],
        command=command,
    )


def write_report(path: Path, content: ReportContent) -> None:
    """Write one HTML file that holds all of it. Raises ResultError when the file cannot be written; what was
    at ``path`` is then untouched."""
    with staged(path) as file:
        file.write(page(content).encode("utf-8", "backslashreplace"))


def _of_patient(store: ResultStore, number: int) -> RowCounter:
    return RowCounter(store, np.flatnonzero(store.columns.patient == number))


def _largest_slides(source: PatchSource, store: ResultStore, threshold: float) -> list[str]:
    """In their own order."""
    names = list(source.slides())
    if len(names) > MOST_SLIDES:
        areas = [count_rows(store, threshold, source.rows(name)).malignant_mm2 for name in names]
        chosen = sorted(np.argsort(-np.array(areas), kind="stable")[:MOST_SLIDES].tolist())
        names = [names[place] for place in chosen]
    return names


def _slide(source: PatchSource, store: ResultStore, name: str, threshold: float) -> ReportSlide:
    heatmap = Heatmap(store, source.rows(name))
    regions = find_regions(heatmap, threshold)
    side = _CLOSE_UP_PATCHES * store.facts.patch_size * store.facts.model_mpp / store.facts.mpp
    um = side * store.facts.mpp
    try:
        slide = source.slide(name)
        whole = overview(slide, heatmap, regions, threshold)
        near = [close_up(slide, region, side) for region in regions[:MOST_CLOSE_UPS]]
    except SourceError as error:
        return ReportSlide(name, None, regions, (), um, str(error))
    return ReportSlide(name, whole, regions, near, um)


def _run_facts(store: ResultStore, threshold: float) -> list[tuple[str, str]]:
    facts = store.facts
    return [
        (_("Scale"), f"{facts.mpp:g} µm/px ({_origin(facts.scale_origin)})"),
        (_("Judged at"), f"{facts.model_mpp:g} µm/px, {facts.patch_size} × {facts.patch_size} px"),
        (_("Step"), f"{facts.stride:g} px"),
        (_("Tissue only"), _("yes") if facts.tissue_only else _("no")),
        (_("Threshold"), repr(float(threshold))),
        (_("Pixels"), _pixels(facts.pixels)),
        (_("Computed by"), f"{facts.engine}, {facts.precision}"),
        (_("Run"), f"{store.run_id}, {facts.started}"),
        (_("Program"), f"HistoViewer {facts.app_version}"),
        (_("Result file"), store.path.name),
    ]


def _pixels(pixels: str) -> str:
    if pixels == PIXELS_AS_STORED:
        return _("as stored in the file: no display adjustment, no colour profile applied")
    return pixels


def _origin(origin: str) -> str:
    return {
        "file tag": _("file tag"),
        "objective power": _("objective power"),
        "user": _("given by a person"),
        "data set": _("data set"),
        "patch size": _("assumed for patches"),
    }.get(origin, origin)
