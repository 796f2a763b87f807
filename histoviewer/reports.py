"""The files of one input: what the command line, the demo and the window's exports write."""

from __future__ import annotations

import hashlib
import os
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
from histoviewer.results.outputs import SUFFIX
from histoviewer.results.store import ResultStore
from histoviewer.translation import _, plural

FORMATS = ("csv", "png")
LATER_FORMATS = ("geojson", "html")
"""Known to the command line, not written yet."""

HEATMAP = ".heatmap.png"


def result_path(folder: Path, name: str) -> Path:
    """NAME.histo in the output folder."""
    return folder / f"{name}{SUFFIX}"


def write_reports(
    folder: Path,
    source: PatchSource,
    store: ResultStore,
    card: ModelCard,
    *,
    name: str,
    threshold: float,
    formats: Collection[str],
    is_unchanged: bool = False,
) -> tuple[list[Path], list[ResultError]]:
    """Write NAME.csv and the heat maps; returns what was written, and why others could not be.

    A source on one slide has NAME.heatmap.png; a folder of several patients one
    NAME.PATIENT.heatmap.png each; loose patches have no place and so no heat map. Older heat maps of NAME
    that were not written anew are removed, so that none lies beside a table of other answers; unless
    ``is_unchanged``: the answers are those of the last time, and so the heat maps that hold.
    """
    pictures = _heatmaps(folder, source, store, name, threshold) if "png" in formats else []
    drawn, problems = _write_each(pictures)
    if not is_unchanged:
        problems += _remove_other_heatmaps(folder, name, drawn)
    table: list[Report] = []
    if "csv" in formats:
        write_table = partial(write_csv, store=store, threshold=threshold, model_title=card.title)
        table.append((folder / f"{name}.csv", write_table))
    written, table_problems = _write_each(table)
    return [*written, *drawn], [*table_problems, *problems]


def shortened(name: str, *, most: int, mark: str) -> str:
    """``name`` in at most ``most`` bytes of a file name; one that is cut ends in ``-mark``."""
    if len(os.fsencode(name)) <= most:
        return name
    while len(os.fsencode(f"{name}-{mark}")) > most:
        name = name[:-1]
    return f"{name}-{mark}"


def longest_name(folder: Path) -> int:
    """Bytes that a file name in the folder may have."""
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):  # Windows has no pathconf
        return 255


Report = tuple[Path, Callable[[Path], None]]


def _heatmaps(
    folder: Path, source: PatchSource, store: ResultStore, name: str, threshold: float
) -> list[Report]:
    slides = list(source.slides())
    most = longest_name(folder) - len(HEATMAP)
    reports: list[Report] = []
    for slide in slides:
        whole = name if len(slides) == 1 else f"{name}.{slide}"
        mark = hashlib.sha256(os.fsencode(slide)).hexdigest()[:6]
        stem = shortened(whole, most=most, mark=mark)
        write = partial(write_slide_heatmap, source=source, store=store, slide=slide, threshold=threshold)
        reports.append((folder / f"{stem}{HEATMAP}", write))
    return reports


def _remove_other_heatmaps(folder: Path, name: str, drawn: Collection[Path]) -> list[ResultError]:
    problems = []
    for path in sorted(_heatmaps_there(folder, name) - set(drawn)):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            message = _("Cannot remove {path}, a heat map of an earlier run: {reason}. Remove it yourself.")
            problems.append(ResultError(message.format(path=path, reason=error.strerror)))
    return problems


def _heatmaps_there(folder: Path, name: str) -> set[Path]:
    """NAME.heatmap.png and NAME.PATIENT.heatmap.png, but none of an input that is itself called so."""
    found = set()
    for path in folder.glob(f"*{HEATMAP}"):
        stem = path.name.removesuffix(HEATMAP)
        is_ours = stem == name or (stem.startswith(f"{name}.") and not _is_of_other(folder, name, stem))
        if is_ours and path.is_file():
            found.add(path)
    return found


def _is_of_other(folder: Path, name: str, stem: str) -> bool:
    """An input whose name begins as NAME does may have the heat map: "p.1" has "p.1.9036", "p" has not."""
    parts = stem.removeprefix(f"{name}.").split(".")
    longer = (".".join([name, *parts[: i + 1]]) for i in range(len(parts)))
    return any(result_path(folder, other).exists() for other in longer)


MOST_FAILURES_TOLD = 10
"""Unreadable patches of one input that are named; the CSV names all."""


def failure_lines(name: str, source: PatchSource, store: ResultStore) -> list[str]:
    """What to tell of the patches of an input that could not be judged."""
    failures = store.failures
    told = list(failures)[:MOST_FAILURES_TOLD]
    lines = [f"{name}: {source.columns.file(row)}: {failures[row]}" for row in told]
    more = len(failures) - len(told)
    if more:
        message = plural(
            "{name}: and {count} more patch that could not be judged; see the note column",
            "{name}: and {count} more patches that could not be judged; see the note column",
            more,
        )
        lines.append(message.format(name=name, count=more))
    return lines


def _write_each(reports: list[Report]) -> tuple[list[Path], list[ResultError]]:
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
