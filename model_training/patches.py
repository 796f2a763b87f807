"""The labelled patches of all sources in one order: what is known of them, then their pixels."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.patch import NO_LOCATION, UNKNOWN, PatchSource, waiting_blocks
from model_training.progress import Progress, Reading, silent
from model_training.sources import LabelledSource, open_sources

MOST_UNREADABLE = 0.1
"""Share of the patches that may be unreadable; beyond, the folder is damaged or the wrong one. A single one
is always let go."""

SQUARE_MARK = "#xywh="
"""In the name of a slide's patch, between the slide and the square."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class PatchFacts:
    """What is known of labelled patches without reading them, in a fixed order.

    Attributes:
        files: name of each patch, no two alike: its path below the folder; with that before it where there
            are several sources; a slide's with the square behind it (``a.svs#xywh=0,400,400,400``).
        patients: name of each patch's patient, str (n,).
        truth: int8 (n,), 1 = malignant.
        x, y: int32 (n,), place on the patient's slide in level-0 pixels; NO_LOCATION where unknown.
    """

    files: tuple[str, ...]
    patients: NDArray[np.str_]
    truth: NDArray[np.int8]
    x: NDArray[np.int32]
    y: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.truth)

    def rows_of(self, patients: Collection[str]) -> NDArray[np.intp]:
        """Rows of the patches of these patients, ascending."""
        return np.flatnonzero(np.isin(self.patients, sorted(patients)))


@dataclass(frozen=True, slots=True, eq=False)
class PatchList:
    """Patches that can be read.

    Attributes:
        facts: what is known of them.
        sources: where they are, in the same order.
        rows: of each source, intp, the rows that are meant, ascending.
        reviewed: ``files`` of those whose truth is a review.
    """

    facts: PatchFacts
    sources: tuple[PatchSource, ...]
    rows: tuple[NDArray[np.intp], ...]
    reviewed: frozenset[str]


def list_patches(paths: Sequence[Path], *, input_size: int, mpp: float) -> PatchList:
    """Every labelled patch of the sources, without reading them. Raises as ``open_sources``, and SourceError
    where there is none."""
    labelled = open_sources(paths, input_size=input_size, mpp=mpp)
    rows = _rows_once(labelled)
    if not any(map(len, rows)):
        raise SourceError(
            f"No labelled patch in {', '.join(map(str, paths))}: expected names or folders that tell the "
            "class (0 and 1, benign and malignant), or reviews."
        )
    parts = [_facts(one, some, is_alone=len(labelled) == 1) for one, some in zip(labelled, rows, strict=True)]
    facts = _joined(parts)
    is_reviewed = np.concatenate([one.is_reviewed[some] for one, some in zip(labelled, rows, strict=True)])
    reviewed = frozenset(facts.files[row] for row in np.flatnonzero(is_reviewed).tolist())
    return PatchList(facts, tuple(one.source for one in labelled), rows, reviewed)


def _rows_once(labelled: Sequence[LabelledSource]) -> tuple[NDArray[np.intp], ...]:
    """The labelled rows of each source; a name of the data set's grammar again is the same patch again."""
    seen: set[str] = set()
    rows = []
    for one in labelled:
        known = np.flatnonzero(one.truth != UNKNOWN)
        is_again = np.array([name in seen for name in _located_names(one.source, known)], bool)
        if is_again.any():
            message = "%s: patches that are in an earlier folder, too, counted once: %d"
            log.info(message, one.source.path, np.count_nonzero(is_again))
        rows.append(known[~is_again])
        # A reviewer was unsure of those that had a truth and have none now: no copy of them counts either.
        decided = np.flatnonzero((one.truth != UNKNOWN) | (one.source.columns.truth != UNKNOWN))
        seen.update(_located_names(one.source, decided))
        seen.discard("")
    return tuple(rows)


def _located_names(source: PatchSource, rows: NDArray[np.intp]) -> list[str]:
    """File name of each row of a folder that has a place, "" for others."""
    columns = source.columns
    if source.kind != "folder":
        return [""] * len(rows)
    is_located = (columns.x[rows] != NO_LOCATION).tolist()
    pairs = zip(rows.tolist(), is_located, strict=True)
    return [columns.file(row).rpartition("/")[2] if located else "" for row, located in pairs]


def _facts(one: LabelledSource, rows: NDArray[np.intp], *, is_alone: bool) -> PatchFacts:
    columns = one.source.columns
    files = [columns.file(row) for row in rows.tolist()]
    if one.source.kind == "slide":
        boxes = np.stack([getattr(columns, side)[rows] for side in ("x", "y", "width", "height")], axis=1)
        pairs = zip(files, boxes.tolist(), strict=True)
        files = [f"{file}{SQUARE_MARK}{','.join(map(str, box))}" for file, box in pairs]
    return PatchFacts(
        files=tuple(files if is_alone else (f"{one.source.path.as_posix()}/{file}" for file in files)),
        patients=np.asarray(columns.patients)[columns.patient[rows]],
        truth=one.truth[rows],
        x=columns.x[rows],
        y=columns.y[rows],
    )


def _joined(parts: Sequence[PatchFacts]) -> PatchFacts:
    files = tuple(file for part in parts for file in part.files)
    names = [field.name for field in fields(PatchFacts) if field.name != "files"]
    return PatchFacts(
        files, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    )


def read_pixels(listed: PatchList, progress: Progress = silent) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Rows of the list that could be read, ascending, and their pixels uint8 RGB (n, s, s, 3).

    Truncated patches are filled up with white, as the viewer does, and counted in the log; unreadable ones
    are named there and left out. The sources are closed then. Raises SourceError where too many are.
    """
    reading = _Reading(len(listed.facts), listed.sources[0].input_size, progress)
    start = 0
    for source, rows in zip(listed.sources, listed.rows, strict=True):
        with closing(source):
            reading.read(source, rows, start)
        start += len(rows)
    return reading.finish()


class _Reading:
    """Pixels that fill up."""

    def __init__(self, count: int, side: int, progress: Progress) -> None:
        self._pixels = np.empty((count, side, side, 3), np.uint8)
        self._is_read = np.zeros(count, bool)
        self._progress = progress
        self._done = self._failed = self._truncated = 0

    def read(self, source: PatchSource, rows: NDArray[np.intp], start: int) -> None:
        """Read these rows of a source into the places from ``start`` on."""
        place = np.full(len(source.columns), -1, np.intp)
        place[rows] = np.arange(start, start + len(rows))
        for block in waiting_blocks(source, rows):
            read = source.read(block)
            self._pixels[place[read.patches]] = read.pixels
            self._is_read[place[read.patches]] = True
            self._truncated += len(read.truncated)
            for row, reason in read.failures.items():
                log.warning("left out %s: %s", source.columns.file(row), reason)
            self._failed += len(read.failures)
            self._check(source)
            self._done += len(block.patches)
            self._progress(Reading(self._done, len(self._pixels)))

    def finish(self) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        log.info(
            "read %d patches: %d truncated, filled up with white; %d unreadable, left out",
            *(len(self._pixels), self._truncated, self._failed),
        )
        rows = np.flatnonzero(self._is_read)
        return rows, taken(self._pixels, rows)

    def _check(self, source: PatchSource) -> None:
        total = len(self._pixels)
        if self._failed > max(1, MOST_UNREADABLE * total):
            raise SourceError(
                f"More than {MOST_UNREADABLE:.0%} of the {total} patches are unreadable, the last of them in "
                f"{source.path}. Mend or remove what is named above."
            )


def taken(pixels: NDArray[np.uint8], rows: NDArray[np.intp]) -> NDArray[np.uint8]:
    """These ascending rows, moved up in place: a copy of all would double the memory."""
    for place, row in enumerate(rows.tolist()):
        if place != row:
            pixels[place] = pixels[row]
    return pixels[: len(rows)]
