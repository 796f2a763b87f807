"""The files of one input: what the command line, the demo and the window's exports write."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.patch import PatchSource
from histoviewer.results.colormaps import DEFAULT_COLORMAP
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
) -> tuple[list[Path], list[ResultError]]:
    """Write NAME.csv and the heat maps; returns what was written, and why others could not be.

    A source on one slide has NAME.heatmap.png; a folder of several patients one
    NAME.PATIENT.heatmap.png each; loose patches have no place and so no heat map.
    """
    reports: list[tuple[Path, Callable[[Path], None]]] = []
    if "csv" in formats:
        write_table = partial(write_csv, store=store, threshold=threshold, model_title=card.title)
        reports.append((folder / f"{name}.csv", write_table))
    if "png" in formats:
        slides = list(source.slides())
        for slide in slides:
            stem = name if len(slides) == 1 else f"{name}.{slide}"
            write_picture = partial(
                write_slide_heatmap, source=source, store=store, slide=slide, threshold=threshold
            )
            reports.append((folder / f"{stem}.heatmap.png", write_picture))
    return _write_each(reports)


def _write_each(
    reports: list[tuple[Path, Callable[[Path], None]]],
) -> tuple[list[Path], list[ResultError]]:
    written, problems = [], []
    for path, write in reports:
        try:
            write(path)
        except ResultError as error:
            problems.append(error)
        else:
            written.append(path)
    return written, problems


def write_slide_heatmap(
    path: Path,
    source: PatchSource,
    store: ResultStore,
    *,
    slide: str,
    threshold: float,
    colormap: str = DEFAULT_COLORMAP,
) -> None:
    """The heat map of one slide as a picture that lies on it exactly. Raises ResultError."""
    heatmap = Heatmap(store, source.rows(slide))
    dimensions = source.slide(slide).dimensions
    write_heatmap_png(path, heatmap, dimensions, threshold=threshold, colormap=colormap)
