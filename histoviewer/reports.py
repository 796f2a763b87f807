"""The files of one input: what the command line, the demo and the window's exports write."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.patch import PatchSource
from histoviewer.results.csv import write_csv
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.heatmap_png import write_heatmap_png
from histoviewer.results.store import ResultStore

FORMATS = ("csv", "png")
LATER_FORMATS = ("geojson", "html")
"""Known to the command line, not written yet."""


def result_path(folder: Path, name: str) -> Path:
    """NAME.histo in the output folder."""
    return folder / f"{name}.histo"


def write_reports(
    folder: Path,
    source: PatchSource,
    store: ResultStore,
    card: ModelCard,
    *,
    name: str,
    threshold: float,
    formats: Collection[str],
) -> list[Path]:
    """Write NAME.csv and the heat maps; returns what was written. Raises ResultError.

    A source on one slide has NAME.heatmap.png; a folder of several patients one
    NAME.PATIENT.heatmap.png each; loose patches have no place and so no heat map.
    """
    written = []
    if "csv" in formats:
        path = folder / f"{name}.csv"
        write_csv(path, store, threshold=threshold, model_title=card.title)
        written.append(path)
    if "png" in formats:
        written += _write_heatmaps(folder, source, store, name=name, threshold=threshold)
    return written


def _write_heatmaps(
    folder: Path, source: PatchSource, store: ResultStore, *, name: str, threshold: float
) -> list[Path]:
    slides = list(source.slides())
    written = []
    for slide in slides:
        stem = name if len(slides) == 1 else f"{name}.{slide}"
        path = folder / f"{stem}.heatmap.png"
        write_slide_heatmap(path, source, store, slide=slide, threshold=threshold)
        written.append(path)
    return written


def write_slide_heatmap(
    path: Path, source: PatchSource, store: ResultStore, *, slide: str, threshold: float
) -> None:
    """The heat map of one slide as a picture that lies on it exactly. Raises ResultError."""
    heatmap = Heatmap(store, source.rows(slide))
    write_heatmap_png(path, heatmap, source.slide(slide).dimensions, threshold=threshold)
