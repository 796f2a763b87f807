"""What DATA is: sources give the pixels, result files the truth of what was reviewed in them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.opening import is_folder, open_source
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns, PatchSource
from histoviewer.patches.stamp import file_stamp
from histoviewer.results.reviews import SUFFIX, UNSURE, Review, Reviewed, read_reviews

_SQUARE = ("x", "y", "width", "height")
"""Columns that say what a patch covers."""

_MOST_NAMED = 5
"""Patches in one line of the log."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSource:
    """A source with the truth of its patches.

    Attributes:
        source: gives their pixels.
        truth: int8 (n,), BENIGN or MALIGNANT by the latest review, else by the source's own names; UNKNOWN
            where neither says, or the reviewer was unsure.
        is_reviewed: bool (n,), whether the truth is a review's.
    """

    source: PatchSource
    truth: NDArray[np.int8]
    is_reviewed: NDArray[np.bool_]


def open_sources(paths: Sequence[Path], *, input_size: int, mpp: float) -> list[LabelledSource]:
    """Folders of patches, and slides with the result files (``.histo``) that hold their reviews.

    ``mpp``: the model's. The same path again is the same data. Raises SourceError for what cannot be opened,
    for a slide without reviews and for reviews without a source; ResultError for a damaged result file.
    """
    distinct = {path.absolute(): path for path in paths}.values()
    reviewed = {path: read_reviews(path) for path in distinct if path.suffix == SUFFIX}
    places = [path for path in distinct if path not in reviewed]
    if not places:
        raise SourceError(_without_pixels(reviewed))
    sources = [_opened(path, reviewed.values(), input_size=input_size, mpp=mpp) for path in places]
    for source in sources:
        for line in (*source.notes, *source.problems):
            log.info("%s: %s", source.path, line)
    truths = [source.columns.truth.copy() for source in sources]
    decided = _apply(reviewed, sources, truths)
    return [LabelledSource(*parts) for parts in zip(sources, truths, decided, strict=True)]


def _without_pixels(reviewed: dict[Path, Reviewed]) -> str:
    path, found = next(iter(reviewed.items()))
    return (
        f"{path} holds reviews, but no pixels: name the folder or the slide that it is of, too "
        f"(where {found.columns.file(0)} is)."
    )


def _opened(path: Path, reviewed: Iterable[Reviewed], *, input_size: int, mpp: float) -> PatchSource:
    if is_folder(path) or not path.exists():
        return open_source(path, input_size=input_size, model_mpp=mpp)
    named = [found for found in reviewed if list(found.columns.files) == [path.name]]
    stamp = file_stamp(path)
    # Two slides may have one name: the result file that was made of this very file goes first.
    facts = next((one.facts for one in sorted(named, key=lambda one: one.columns.stamp[0] != stamp)), None)
    if facts is None:
        raise SourceError(
            f"{path} has no labels: expected a folder of labelled patches, or with a slide its result file "
            f"(NAME{SUFFIX}) that holds reviews."
        )
    # The grid that the viewer laid over it: the same cells, hence the same pixels.
    return open_source(
        path,
        input_size=input_size,
        model_mpp=mpp,
        mpp=facts.mpp if facts.scale_origin == "user" else None,
        stride=round(facts.stride * facts.mpp / mpp),
        tissue_only=facts.tissue_only,
    )


Place = tuple[str | int, ...]
"""What a patch is known by in its source and in a result file."""


def _places(source: PatchSource) -> Callable[[PatchColumns, int], Place]:
    """How patches of a source are known: by file and place, on a slide also by the square they cover."""
    names = ("x", "y") if source.kind == "folder" else _SQUARE
    return lambda columns, row: (
        columns.file(row),
        *(int(getattr(columns, name)[row]) for name in names),
    )


def _apply(
    reviewed: dict[Path, Reviewed], sources: Sequence[PatchSource], truths: Sequence[NDArray[np.int8]]
) -> list[NDArray[np.bool_]]:
    """Put what was decided into the sources' truth; returns which rows of each have a decided one."""
    decided: dict[tuple[int, int], Review] = {}
    for path, found in reviewed.items():
        homes = _homes(found, sources, path)
        _tell(path, found, homes)
        for row, home in homes.items():
            earlier = decided.get(home)
            if earlier is None or earlier.time <= found.reviews[row].time:
                decided[home] = found.reviews[row]
    changed, given = 0, [np.zeros(len(truth), bool) for truth in truths]
    for (number, row), review in decided.items():
        truth = UNKNOWN if review.review == UNSURE else review.review
        changed += truth not in (UNKNOWN, truths[number][row])
        truths[number][row] = truth
        given[number][row] = truth != UNKNOWN
    if reviewed:
        log.info("patches whose truth the reviews give or change: %d", changed)
    return given


def _homes(found: Reviewed, sources: Sequence[PatchSource], path: Path) -> dict[int, tuple[int, int]]:
    """Reviewed row of a result file -> number of the source that has the patch, and its row there."""
    homes: dict[int, tuple[int, int]] = {}
    for number, source in enumerate(sources):
        if not _may_be_of(found, source, sources, path):
            continue
        place = _places(source)
        wanted = {place(found.columns, row): row for row in found.reviews}
        for row in range(len(source.columns)) if wanted else ():
            reviewed_row = wanted.get(place(source.columns, row))
            if reviewed_row is None:
                continue
            if reviewed_row in homes:
                other = sources[homes[reviewed_row][0]].path
                raise SourceError(
                    f"{path}: the review of {source.columns.file(row)} fits a patch in {other} and one in "
                    f"{source.path}. Give only the source that it is of."
                )
            homes[reviewed_row] = (number, row)
    return homes


def _may_be_of(found: Reviewed, source: PatchSource, sources: Sequence[PatchSource], path: Path) -> bool:
    """Whether reviews may be of this source. Raises SourceError where a slide has the name of the one that
    was reviewed, but is another file, as far as can be told."""
    if not _is_slide_of(found, source) or _is_same_file(found, source):
        return True
    if any(_is_slide_of(found, other) and _is_same_file(found, other) for other in sources):
        return False  # the slide itself is here, too
    if _has_same_tissue(found, source):
        log.warning(
            "%s: %s has another time or size than the file that was reviewed, but the same tissue: taken for "
            "a copy of it",
            *(path, source.path),
        )
        return True
    raise SourceError(
        f"{path} holds reviews of another {source.path.name} than {source.path}: size or time of the file "
        "differ. Give the slide that was reviewed, or a copy that keeps its time (cp -p)."
    )


def _is_slide_of(found: Reviewed, source: PatchSource) -> bool:
    return source.kind == "slide" and list(found.columns.files) == list(source.columns.files)


def _is_same_file(found: Reviewed, source: PatchSource) -> bool:
    """By the files' stamps; 0 where nothing is known of one."""
    stamps = (int(found.columns.stamp[0]), int(source.columns.stamp[0]))
    return stamps[0] == stamps[1] or 0 in stamps


def _has_same_tissue(found: Reviewed, source: PatchSource) -> bool:
    """Whether the same cells of the same grid hold tissue, and others none. Where every cell is judged they
    tell nothing but the slide's size."""
    if not found.facts.tissue_only or not isinstance(source, SlideSource):
        return False
    old, new = found.columns, source.columns
    is_same = all(np.array_equal(getattr(old, name), getattr(new, name)) for name in _SQUARE)
    return is_same and len(new) < source.cells


def _tell(path: Path, found: Reviewed, homes: dict[int, tuple[int, int]]) -> None:
    count = {value: sum(one.review == value for one in found.reviews.values()) for value in range(3)}
    log.info(
        "%s: %d malignant, %d benign, %d unsure (left out)",
        *(path, count[MALIGNANT], count[BENIGN], count[UNSURE]),
    )
    missing = [found.columns.file(row) for row in found.reviews if row not in homes]
    if missing:
        log.warning("%s: reviews of patches that no source has, left out: %s", path, _listed(missing))
    if found.outdated:
        log.warning("%s: reviews of patches that have changed since, left out: %d", path, found.outdated)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
