"""Which patches a folder holds, by the names of its files."""

from __future__ import annotations

import time
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.names import PatchNames, is_image, natural_key, parse_many
from histoviewer.patches.patch import NO_LOCATION, UNKNOWN
from histoviewer.patches.progress import Progress
from histoviewer.patches.slide_files import slides_among
from histoviewer.patches.stamp import File, look_at_all, stamps_of
from histoviewer.patches.walk import Listing, Unreadable, Walk, below
from histoviewer.slides.base import readable

_PROGRESS_SECONDS = 0.1

_LOOKED_AT = 16
"""Files whose size and time are asked for, at first, before somebody may hear of it."""

_MOST_LOOKED_AT = 512
"""At a local disk's speed a millisecond; the next ones may lie on another."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """The patches of a folder, in reading order: by patient; loose ones, then those with a place by row.

    Attributes:
        files: relative POSIX paths below the folder.
        patients: names that ``patient`` points into, in natural order.
        patient, x, y, truth, stamp, file_size: columns, as in ``PatchColumns``.
        duplicates: files left out because a patch of the data set's grammar is there already by that name.
        whole_slides: files that are slides (``slides_among``).
        other_files: files that are neither those nor images.
        unreadable: what could not be entered or followed.
    """

    files: list[str]
    patients: tuple[str, ...]
    patient: NDArray[np.int32]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    truth: NDArray[np.int8]
    stamp: NDArray[np.int64]
    file_size: NDArray[np.int64]
    duplicates: int
    whole_slides: int
    other_files: int
    unreadable: tuple[Unreadable, ...]


def scan_folder(root: Path, progress: Progress | None = None) -> Scan:
    """Every patch below a folder.

    The public archive holds a second, nested copy of itself: a name of the grammar tells patient, place
    and class, so the same name again is the same patch, and the one higher up counts. Plain names may
    repeat in different folders. ``progress`` is told of the patches found so far, at most about ten times a
    second. Raises OSError when the folder cannot be listed, and what ``progress`` raises.
    """
    walk, found = Walk(root), _Found(root, progress)
    for listing in walk:
        found.add_listing(listing)
    return found.sorted(tuple(walk.unreadable))


def first_images(root: Path, count: int) -> list[Path]:
    """Some image files of the first folder at or below ``root`` that holds any; none where it cannot be
    listed. Takes no longer than listing a few folders: what is seen before all have been found."""
    try:
        for listing in Walk(root):
            images = sorted(filter(is_image, listing.names), key=natural_key)[:count]
            if images:
                return [root / listing.folder / name for name in images]
    except OSError:
        pass  # whoever opens the folder says why
    return []


def scan_file(path: Path, patient: str) -> Scan:
    """The one patch that a file is; ``patient`` where its name does not tell."""
    found = _Found(path.parent)
    found.add_listing(Listing("", patient, UNKNOWN, [path]))
    return found.sorted(())


class _Found:
    """Columns that grow. Numbers lie in ``array``s: an object a patch would be ten times the memory."""

    def __init__(self, root: Path, progress: Progress | None = None) -> None:
        self._root = root
        self._progress = progress
        self._told = time.monotonic()
        self.files: list[str] = []
        self.patients: dict[str, int] = {}
        self.patient, self.x, self.y, self.truth = array("i"), array("i"), array("i"), array("b")
        self.changed, self.file_size = array("Q"), array("Q")
        self.located: defaultdict[str, set[str]] = defaultdict(set)  # of each patient the names
        self.duplicates = self.whole_slides = self.other_files = 0

    def add_listing(self, listing: Listing) -> None:
        self._tell()
        names = listing.names
        located = parse_many(names)
        self._add_located(listing, located)
        if len(located.names) < len(names):
            self._add_plain(listing, sorted({*names}.difference(located.names)))

    def _add_located(self, listing: Listing, said: PatchNames) -> None:
        said = self._first_of_their_names(said)
        truths = said.truths
        if UNKNOWN in truths:
            truths = [listing.truth if truth == UNKNOWN else truth for truth in truths]
        numbers = {patient: self._number(readable(patient)) for patient in dict.fromkeys(said.patients)}
        self._add(listing, said.names, [numbers[one] for one in said.patients], said.x, said.y, truths)

    def _first_of_their_names(self, said: PatchNames) -> PatchNames:
        """Those of names that are not there yet; from now on they are."""
        if len({*said.patients}) == 1:  # as in a folder of the data set
            known = self.located[said.patients[0]]
            if known.isdisjoint(said.names):
                known.update(said.names)
                return said
        is_new = [
            name not in self.located[patient] for name, patient in zip(said.names, said.patients, strict=True)
        ]
        if not all(is_new):
            self.duplicates += is_new.count(False)
            said = said.picked(is_new)
        for name, patient in zip(said.names, said.patients, strict=True):
            self.located[patient].add(name)
        return said

    def _number(self, patient: str) -> int:
        """Of a patient's readable name."""
        return self.patients.setdefault(patient, len(self.patients))

    def _add_plain(self, listing: Listing, names: Sequence[str]) -> None:
        slides = {*slides_among(self._root / listing.folder, names)}
        plain = [name for name in names if name not in slides and is_image(name)]
        count = len(plain)
        self.whole_slides += len(slides)
        self.other_files += len(names) - len(slides) - count
        plain.sort(key=natural_key)
        nowhere, patient = count * [NO_LOCATION], [self._number(listing.patient)] if plain else []
        self._add(listing, plain, count * patient, nowhere, nowhere, count * [listing.truth])

    def _add(
        self,
        listing: Listing,
        names: Sequence[str],
        patient: Sequence[int],
        x: Sequence[int],
        y: Sequence[int],
        truth: Sequence[int],
    ) -> None:
        above = below(listing.folder, "")
        self.files += [above + name for name in names]
        for column, values in zip(
            (self.patient, self.x, self.y, self.truth), (patient, x, y, truth), strict=True
        ):
            column.extend(values)
        self._look_at(_files_of(listing, names))

    def _look_at(self, files: Sequence[File]) -> None:
        """Some at a time, the more the faster they answer: a slow share is to tell how far it is, and to be
        left."""
        first, count = 0, _LOOKED_AT
        while first < len(files):
            sizes, changed = look_at_all(files[first : first + count])
            self.file_size.extend(sizes)
            self.changed.extend(changed)
            first += count
            count = max(1, count // 2) if self._tell() else min(2 * count, _MOST_LOOKED_AT)

    def _tell(self) -> bool:
        """Whether somebody has been told."""
        if self._progress is None or time.monotonic() - self._told < _PROGRESS_SECONDS:
            return False
        self._progress(len(self.changed))
        self._told = time.monotonic()
        return True

    def sorted(self, unreadable: tuple[Unreadable, ...]) -> Scan:
        patients = sorted(self.patients, key=natural_key)
        rank = np.empty(len(patients), np.int32)
        rank[[self.patients[name] for name in patients]] = np.arange(len(patients), dtype=np.int32)
        patient = rank[np.array(self.patient, np.int32)]
        x, y = np.array(self.x, np.int32), np.array(self.y, np.int32)
        sizes = np.array(self.file_size, np.uint64)
        stamp = stamps_of(sizes, np.array(self.changed, np.uint64))
        order = np.lexsort((x, y, patient))  # stable: ties keep the order of the walk
        return Scan(
            files=list(map(self.files.__getitem__, order.tolist())),
            patients=tuple(patients),
            patient=patient[order],
            x=x[order],
            y=y[order],
            truth=np.array(self.truth, np.int8)[order],
            stamp=stamp[order],
            file_size=sizes.view(np.int64)[order],
            duplicates=self.duplicates,
            whole_slides=self.whole_slides,
            other_files=self.other_files,
            unreadable=unreadable,
        )


def _files_of(listing: Listing, names: Sequence[str]) -> Sequence[File]:
    """Those of these names, which mostly are all, in their order."""
    if names == listing.names:
        return listing.files
    by_name = {file.name: file for file in listing.files}
    return [by_name[name] for name in names]
