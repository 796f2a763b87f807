"""Which patch of an open source another person's patch is: copies of files have other times, and the folder
that was opened may lie higher or lower."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import PatchColumns
from histoviewer.results.patch_table import paired, places_of

_EVERY = 4096
"""Files between two looks at whether anybody still wants to know."""


class Unmatched(Enum):
    """Why a patch of another result file is none of those that are open."""

    NO_FILE = "no file of this name at this place in the folder"
    OTHER_CONTENT = "a file of this name and place, but of another size"
    SIZE_UNKNOWN = "a file of this name and place and another time, and one of the two sizes is not known"
    AMBIGUOUS = "several files of this name, size and place, here or there"
    OTHER_PLACE = "the file is the same, but has no patch just there: another scale or step"


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Attributes:
    row_of: their row -> ours.
    unmatched: reason -> how many of their rows; none that is zero.
    """

    row_of: Mapping[int, int]
    unmatched: Mapping[Unmatched, int]


def match(
    theirs: PatchColumns,
    rows: NDArray[np.intp],
    ours: PatchColumns,
    *,
    check: Callable[[], object] = lambda: None,
) -> Matching:
    """Find these rows of theirs among our patches.

    A file is the same where its name and size are, and its place in the folder as far as both sides know it:
    one path is the other's end. Where a size is not known (it was not kept by earlier programs) the time of
    modification must be the same. Several such files are none: nothing is guessed. ``check`` is called now
    and then and may raise.
    """
    numbers = rows if len(theirs.files) > 1 else np.zeros(len(rows), np.intp)
    asked = np.unique(numbers).tolist()
    names, own_names = _normal(theirs.files, check), _normal(ours.files, check)
    candidates = _Candidates(own_names, [names[number] for number in asked], check)
    found = {number: _file(theirs, number, ours, names, own_names, candidates) for number in asked}
    _give_up_shared(found, theirs, ours, names, own_names, check)
    file_of = [found[number] for number in numbers.tolist()]
    is_found = np.array([isinstance(file, int) for file in file_of], np.bool_)
    unmatched = {reason: file_of.count(reason) for reason in Unmatched}
    known = rows[is_found]
    their_places = places_of(theirs, [file for file in file_of if isinstance(file, int)], known)
    old, new = paired(their_places, places_of(ours, list(range(len(ours.files)))))
    unmatched[Unmatched.OTHER_PLACE] = len(known) - len(old)
    row_of = dict(zip(known[old].tolist(), new.tolist(), strict=True))
    return Matching(row_of, {reason: count for reason, count in unmatched.items() if count})


class _Candidates:
    """Files whose path is the end of a path that is asked for, or ends in it."""

    def __init__(self, names: Sequence[str], asked: Sequence[str], check: Callable[[], object]) -> None:
        """``asked``: all that will be; of others nothing is remembered."""
        wanted = set(asked)
        ends = {end for name in asked for end in _ends(name)}
        self._whole: dict[str, list[int]] = {}
        self._ending: dict[str, list[int]] = {}
        for number, name in enumerate(names):
            if number % _EVERY == 0:
                check()
            if name in ends:
                self._whole.setdefault(name, []).append(number)
            for end in wanted.intersection(_ends(name)):
                self._ending.setdefault(end, []).append(number)

    def of(self, name: str) -> list[int]:
        """Numbers of the files, each once."""
        shorter = (self._whole.get(end, ()) for end in _ends(name) if end != name)
        return [*self._ending.get(name, ()), *chain.from_iterable(shorter)]


def _ends(name: str) -> list[str]:
    """A path, and what is left of it without its first folder, its first two, and so on."""
    found = [name]
    while "/" in name:
        name = name.partition("/")[2]
        found.append(name)
    return found


def _file(
    theirs: PatchColumns,
    number: int,
    ours: PatchColumns,
    names: Sequence[str],
    own_names: Sequence[str],
    candidates: _Candidates,
) -> int | Unmatched:
    there = candidates.of(names[number])
    if not there:
        return Unmatched.NO_FILE
    verdicts = [_is_same(theirs, number, ours, other) for other in there]
    same = [other for other, verdict in zip(there, verdicts, strict=True) if verdict]
    if len(same) == 1:
        return same[0]
    if same:
        exact = [other for other in same if own_names[other] == names[number]]
        return exact[0] if len(exact) == 1 else Unmatched.AMBIGUOUS
    return Unmatched.SIZE_UNKNOWN if None in verdicts else Unmatched.OTHER_CONTENT


def _give_up_shared(
    found: dict[int, int | Unmatched],
    theirs: PatchColumns,
    ours: PatchColumns,
    names: Sequence[str],
    own_names: Sequence[str],
    check: Callable[[], object],
) -> None:
    """Where several of their files may be one of ours, decided or not, it is the one at the very same place,
    or none."""
    doubtful = {
        number: file
        for number, file in found.items()
        if not isinstance(file, Unmatched) and names[number] != own_names[file]
    }
    candidates = _Candidates(names, [own_names[file] for file in doubtful.values()], check)
    for number, file in doubtful.items():
        rivals = candidates.of(own_names[file])
        if any(other != number and _is_same(theirs, other, ours, file) for other in rivals):
            found[number] = Unmatched.AMBIGUOUS


def _is_same(theirs: PatchColumns, number: int, ours: PatchColumns, other: int) -> bool | None:
    """None where it cannot be told."""
    if theirs.stamp_of(number) == ours.stamp_of(other):
        return True
    size, own_size = theirs.file_size_of(number), ours.file_size_of(other)
    return size == own_size if size and own_size else None


def _normal(files: Sequence[str], check: Callable[[], object]) -> list[str]:
    """Systems write the same letters as other characters."""
    check()
    return [unicodedata.normalize("NFC", name) for name in files]
