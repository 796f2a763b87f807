"""Which patches a folder holds, by the names of its files."""

from __future__ import annotations

import time
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.names import is_image, is_whole_slide, natural_key, parse_name
from histoviewer.patches.patch import NO_LOCATION, UNKNOWN
from histoviewer.patches.progress import Progress
from histoviewer.patches.stamp import file_size, file_stamp
from histoviewer.patches.walk import Listing, Unreadable, Walk, below
from histoviewer.slides.base import readable

_PROGRESS_SECONDS = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """The patches of a folder, in reading order: by patient; loose ones, then those with a place by row.

    Attributes:
        files: relative POSIX paths below the folder.
        patients: names that ``patient`` points into, in natural order.
        patient, x, y, truth, stamp, file_size: columns, as in ``PatchColumns``.
        duplicates: files left out because a patch of the data set's grammar is there already by that name.
        whole_slides: files that are whole-slide images.
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
    walk, found = Walk(root), _Found(progress)
    for listing in walk:
        found.add_listing(listing)
    return found.sorted(tuple(walk.unreadable))


def scan_file(path: Path, patient: str) -> Scan:
    """The one patch that a file is; ``patient`` where its name does not tell."""
    found = _Found()
    found.add_listing(Listing("", patient, UNKNOWN, {path.name: path}))
    return found.sorted(())


class _Found:
    """Columns that grow. Numbers lie in ``array``s: an object a patch would be ten times the memory."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._told = time.monotonic()
        self.files: list[str] = []
        self.patients: dict[str, int] = {}
        self.patient, self.x, self.y, self.truth = array("i"), array("i"), array("i"), array("b")
        self.stamp, self.file_size = array("q"), array("q")
        self.located: set[str] = set()
        self.duplicates = self.whole_slides = self.other_files = 0

    def add_listing(self, listing: Listing) -> None:
        self._tell()
        plain = []
        for name in sorted(listing.files):
            if is_whole_slide(name):
                self.whole_slides += 1
            elif not is_image(name):
                self.other_files += 1
            elif not self._add_located(listing, name):
                plain.append(name)
        for name in sorted(plain, key=natural_key):
            self._add(listing, name, listing.patient, NO_LOCATION, NO_LOCATION, listing.truth)

    def _add_located(self, listing: Listing, name: str) -> bool:
        said = parse_name(name.rpartition(".")[0])
        if said is None:
            return False
        if name in self.located:
            self.duplicates += 1
            return True
        self.located.add(name)
        truth = listing.truth if said.truth == UNKNOWN else said.truth
        self._add(listing, name, readable(said.patient), said.x, said.y, truth)
        return True

    def _add(self, listing: Listing, name: str, patient: str, x: int, y: int, truth: int) -> None:
        self.files.append(below(listing.folder, name))
        self.patient.append(self.patients.setdefault(patient, len(self.patients)))
        self.x.append(x)
        self.y.append(y)
        self.truth.append(truth)
        self.stamp.append(file_stamp(listing.files[name]))
        self.file_size.append(file_size(listing.files[name]))
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None and time.monotonic() - self._told >= _PROGRESS_SECONDS:
            self._progress(len(self.files))
            self._told = time.monotonic()

    def sorted(self, unreadable: tuple[Unreadable, ...]) -> Scan:
        patients = sorted(self.patients, key=natural_key)
        rank = np.empty(len(patients), np.int32)
        rank[[self.patients[name] for name in patients]] = np.arange(len(patients), dtype=np.int32)
        patient = rank[np.array(self.patient, np.int32)]
        x, y = np.array(self.x, np.int32), np.array(self.y, np.int32)
        order = np.lexsort((x, y, patient))  # stable: ties keep the order of the walk
        return Scan(
            files=[self.files[i] for i in order],
            patients=tuple(patients),
            patient=patient[order],
            x=x[order],
            y=y[order],
            truth=np.array(self.truth, np.int8)[order],
            stamp=np.array(self.stamp, np.int64)[order],
            file_size=np.array(self.file_size, np.int64)[order],
            duplicates=self.duplicates,
            whole_slides=self.whole_slides,
            other_files=self.other_files,
            unreadable=unreadable,
        )
