"""The files of one input: what the command line, the demo and the window's exports write."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from histoviewer.errors import ResultError
from histoviewer.inference.eight_views import in_eight_views
from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.names import HEATMAP as HEATMAP
from histoviewer.patches.patch import PatchSource
from histoviewer.results.colormaps import DEFAULT_COLORMAP
from histoviewer.results.csv import write_csv
from histoviewer.results.geojson import PACKED_SUFFIX, SUFFIX, geojson_suffix, write_geojson
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.heatmap_png import write_heatmap_png
from histoviewer.results.outputs import SUFFIX as RESULT_SUFFIX
from histoviewer.results.report.content import ReportContent
from histoviewer.results.report.writing import report_content, write_report
from histoviewer.results.store import ResultStore
from histoviewer.translation import _, plural, translated

FORMATS = ("csv", "geojson", "html", "png")
USUAL_FORMATS = ("csv", "png")
"""Those written where nobody says which."""


def result_path(folder: Path, name: str) -> Path:
    """NAME.histo in the output folder."""
    return folder / f"{name}{RESULT_SUFFIX}"


def write_reports(
    folder: Path,
    source: PatchSource,
    store: ResultStore,
    card: ModelCard,
    *,
    name: str,
    threshold: float,
    formats: Collection[str],
    replaces_older: bool = False,
) -> tuple[list[Path], list[ResultError]]:
    """Write NAME.csv, NAME.html, heat maps and regions; returns what was written, and why others were not.

    A source on one slide has NAME.heatmap.png and NAME.geojson; a folder of several patients one
    NAME.PATIENT.heatmap.png and NAME.PATIENT.geojson each, if any of their patches was judged; loose patches
    have no place and so neither. A large NAME.geojson is packed, as NAME.geojson.gz. The table comes first:
    it is the shortest to write, and holds everything. With ``replaces_older`` this input was reported here
    before, with other answers: as soon as something is written, its files of then are removed, so that none
    contradicts another; one that could not be replaced stays.
    """
    reports: list[Report] = []
    if "csv" in formats:
        write_table = partial(write_csv, store=store, threshold=threshold, model_title=card.title)
        reports.append((_table_path(folder, name), write_table))
    if "html" in formats:
        write_page = partial(
            write_input_report, source=source, store=store, card=card, name=name, threshold=threshold
        )
        reports.append((folder / f"{name}{REPORT}", write_page))
    if "geojson" in formats:
        reports += _regions(folder, source, store, card, name, threshold)
    if "png" in formats:
        reports += _heatmaps(folder, source, store, name, threshold)
    written: list[Path] = []
    problems: list[ResultError] = []
    older = _own_paths(folder, name, source) if replaces_older else set()
    for path, write in reports:
        older.discard(path)
        try:
            write(path)
        except ResultError as error:
            problems.append(error)
            continue
        written.append(path)
        problems += _remove(older)  # at once: Ctrl+C may follow
        older = set()
    return written, problems


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


REPORT = ".html"

_ENDINGS = (HEATMAP, SUFFIX, PACKED_SUFFIX)
"""Of the files that a slide has."""

Report = tuple[Path, Callable[[Path], None]]


def _heatmaps(
    folder: Path, source: PatchSource, store: ResultStore, name: str, threshold: float
) -> list[Report]:
    return [
        (
            folder / f"{stem}{HEATMAP}",
            partial(write_slide_heatmap, source=source, store=store, slide=slide, threshold=threshold),
        )
        for slide, stem in _stems(folder, source, name).items()
        if _is_judged(source, store, slide)
    ]


def _regions(
    folder: Path, source: PatchSource, store: ResultStore, card: ModelCard, name: str, threshold: float
) -> list[Report]:
    return [
        (
            folder / f"{stem}{geojson_suffix(len(source.rows(slide)))}",
            partial(
                write_slide_geojson, source=source, store=store, slide=slide, threshold=threshold, card=card
            ),
        )
        for slide, stem in _stems(folder, source, name).items()
        if _is_judged(source, store, slide)
    ]


def _is_judged(source: PatchSource, store: ResultStore, slide: str) -> bool:
    return not np.isnan(store.probability[source.rows(slide)]).all()


def _stems(folder: Path, source: PatchSource, name: str) -> dict[str, str]:
    """How the files of each slide are called: NAME, or NAME.PATIENT where there are several. Where an input
    is itself called so, a few digits of the patient's checksum go with it."""
    slides = list(source.slides())
    most = longest_name(folder) - max(len(ending) for ending in _ENDINGS)
    stems = {}
    for slide in slides:
        mark = hashlib.sha256(os.fsencode(slide)).hexdigest()[:6]
        stem = name if len(slides) == 1 else shortened(f"{name}.{slide}", most=most, mark=mark)
        if stem != name and result_path(folder, stem).exists():
            stem = shortened(f"{stem}-{mark}", most=most, mark=mark)
        stems[slide] = stem
    return stems


def _table_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.csv"


def _own_paths(folder: Path, name: str, source: PatchSource) -> set[Path]:
    """What this input may have written before, as far as the names of its heat maps are still known."""
    stems = {name, *_stems(folder, source, name).values()}
    ours = {_table_path(folder, name), folder / f"{name}{REPORT}"}
    return ours | {folder / f"{stem}{ending}" for stem in stems for ending in _ENDINGS}


def _remove(paths: Collection[Path]) -> list[ResultError]:
    problems = []
    for path in sorted(paths):
        try:
            if path.is_file():
                path.unlink()
        except OSError as error:
            message = _("Cannot remove {path}, of an earlier run: {reason}. Remove it yourself.")
            problems.append(ResultError(message.format(path=path, reason=error.strerror)))
    return problems


_MOST_WRITTEN_NAMED = 4
"""Files, of what was written, that are named one by one."""


def written_text(written: Sequence[Path], *, has_problems: bool) -> str:
    """What was written, in a few words."""
    if not written:
        return (
            _("nothing could be written")
            if has_problems
            else _("nothing to write: no heat map of loose patches")
        )
    pictures = [path for path in written if path.name.endswith(HEATMAP)]
    names = [path.name for path in written]
    if len(written) > _MOST_WRITTEN_NAMED and len(pictures) > 1:
        names = [path.name for path in written if path not in pictures]
        names.append(
            plural("{count} heat map", "{count} heat maps", len(pictures)).format(count=len(pictures))
        )
    return _("wrote {files}").format(files=", ".join(names))


MOST_FAILURES_TOLD = 10
"""Unreadable patches of one input that are named; the CSV names all."""


def size_note(store: ResultStore) -> str | None:
    """One line where most patches that were judged are smaller than what the model judges; else None.

    A few are at the borders of tissue. So many speak of a wrong scale.
    """
    judged = int(np.count_nonzero(~np.isnan(store.probability)))
    truncated = len(store.truncated)
    if 2 * truncated <= judged:
        return None
    message = _(
        "{truncated} of {judged} patches cover less than the square of {size:.0f} µm that the model judges, "
        "and were filled up with white: do not rely on their probabilities. Check the scale of {mpp:g} µm/px."
    )
    facts = store.facts
    size = facts.patch_size * facts.model_mpp
    return message.format(truncated=truncated, judged=judged, size=size, mpp=facts.mpp)


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


def write_slide_geojson(
    path: Path, source: PatchSource, store: ResultStore, *, slide: str, threshold: float, card: ModelCard
) -> None:
    """Patches and regions of one slide for QuPath. Raises ResultError."""
    write_geojson(
        path,
        store,
        source.rows(slide),
        threshold=threshold,
        bounds=source.slide(slide).bounds,
        model_title=card.title,
    )


def write_input_report(
    path: Path, source: PatchSource, store: ResultStore, card: ModelCard, *, name: str, threshold: float
) -> None:
    """All of an input on one page of HTML. Raises ResultError."""
    write_report(path, input_report(source, store, card, name=name, threshold=threshold))


def input_report(
    source: PatchSource, store: ResultStore, card: ModelCard, *, name: str, threshold: float
) -> ReportContent:
    """All that there is to say of an input."""
    return report_content(
        source,
        store,
        name=name,
        threshold=threshold,
        role_of=card.role_of,
        model=_model_rows(card),
        command=_command(source, store, threshold),
    )


def _model_rows(card: ModelCard) -> list[tuple[str, str]]:
    names = {"roc_auc": _("ROC AUC"), "balanced_accuracy": _("balanced accuracy"), "f1": _("F1")}
    figures = [(words, card.metrics[key].text) for key, words in names.items() if key in card.metrics]
    measured = plural(
        "{count} patient; 95 % intervals over patients; each patch alone",
        "{count} patients; 95 % intervals over patients; each patch alone",
        len(card.measured_on),
    )
    return [
        (_("Title"), f"{card.title}, {card.created}"),
        (_("Checksum (SHA-256)"), card.sha256),
        (_("Measured on"), measured.format(count=len(card.measured_on)) if figures else ""),
        *figures,
        (_("Trained on"), translated(card.data)),
        (_("For"), translated(card.intended_use)),
        (_("Limits"), translated(card.limits)),
        (_("Thanks"), translated(card.attribution)),
    ]


def _command(source: PatchSource, store: ResultStore, threshold: float) -> str:
    words = ["histoviewer", "classify", str(source.path), "--output", "DIR", "--formats", "html"]
    words += ["--threshold", repr(float(threshold))]
    if store.facts.scale_origin == "user":
        words += ["--mpp", f"{store.facts.mpp:g}"]
    return shlex.join([*words, *_run_words(source, store)])


def _run_words(source: PatchSource, store: ResultStore) -> list[str]:
    """Options by which a run differs from the usual one."""
    facts, words = store.facts, list[str]()
    stride = round(facts.stride * facts.mpp / facts.model_mpp)
    if source.kind == "slide" and stride != facts.patch_size:
        words += ["--stride", str(stride)]
    if source.kind == "slide" and not facts.tissue_only:
        words.append("--no-tissue-mask")
    words += ["--engine", facts.engine]  # without it, another machine may take another
    if facts.precision == in_eight_views(facts.precision.partition(",")[0]):
        words.append("--eight-views")
    return words
