"""Which patch of an open source another person's patch is: copies of files have other times, and the folder
that was opened may lie higher or lower."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

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
    found: dict[int, int | Unmatched] = {}
    candidates = _by_name(ours, check)
    for place, number in enumerate(np.unique(numbers).tolist()):
        if place % _EVERY == 0:
            check()
        found[number] = _file(theirs, number, ours, candidates)
    _give_up_shared(found, theirs, ours, check)
    file_of = [found[number] for number in numbers.tolist()]
    is_found = np.array([isinstance(file, int) for file in file_of], np.bool_)
    unmatched = {reason: file_of.count(reason) for reason in Unmatched}
    known = rows[is_found]
    their_places = places_of(theirs, [file for file in file_of if isinstance(file, int)], known)
    old, new = paired(their_places, places_of(ours, list(range(len(ours.files)))))
    unmatched[Unmatched.OTHER_PLACE] = len(known) - len(old)
    row_of = dict(zip(known[old].tolist(), new.tolist(), strict=True))
    return Matching(row_of, {reason: count for reason, count in unmatched.items() if count})


def _by_name(columns: PatchColumns, check: Callable[[], object]) -> dict[str, list[int]]:
    """Name of a file without its folders -> numbers of the files called so."""
    found: dict[str, list[int]] = {}
    for number, file in enumerate(columns.files):
        if number % _EVERY == 0:
            check()
        found.setdefault(_normal(file).rpartition("/")[2], []).append(number)
    return found


def _file(
    theirs: PatchColumns, number: int, ours: PatchColumns, candidates: Mapping[str, list[int]]
) -> int | Unmatched:
    name = _normal(theirs.files[number])
    there = [
        other
        for other in candidates.get(name.rpartition("/")[2], ())
        if _is_end(name, own := _normal(ours.files[other])) or _is_end(own, name)
    ]
    if not there:
        return Unmatched.NO_FILE
    verdicts = [_is_same(theirs, number, ours, other) for other in there]
    same = [other for other, verdict in zip(there, verdicts, strict=True) if verdict]
    if len(same) == 1:
        return same[0]
    if same:
        exact = [other for other in same if _normal(ours.files[other]) == name]
        return exact[0] if len(exact) == 1 else Unmatched.AMBIGUOUS
    return Unmatched.SIZE_UNKNOWN if None in verdicts else Unmatched.OTHER_CONTENT


def _give_up_shared(
    found: dict[int, int | Unmatched],
    theirs: PatchColumns,
    ours: PatchColumns,
    check: Callable[[], object],
) -> None:
    """Where several of their files may be one of ours, decided or not, it is the one at the very same place,
    or none."""
    candidates = _by_name(theirs, check)
    for place, (number, file) in enumerate(found.items()):
        if place % _EVERY == 0:
            check()
        if isinstance(file, Unmatched) or _normal(theirs.files[number]) == _normal(ours.files[file]):
            continue
        rivals = candidates[_normal(theirs.files[number]).rpartition("/")[2]]
        if any(other != number and _may_be(theirs, other, ours, file) for other in rivals):
            found[number] = Unmatched.AMBIGUOUS


def _may_be(theirs: PatchColumns, number: int, ours: PatchColumns, file: int) -> bool:
    name, own = _normal(theirs.files[number]), _normal(ours.files[file])
    return (_is_end(name, own) or _is_end(own, name)) and bool(_is_same(theirs, number, ours, file))


def _is_same(theirs: PatchColumns, number: int, ours: PatchColumns, other: int) -> bool | None:
    """None where it cannot be told."""
    if theirs.stamp_of(number) == ours.stamp_of(other):
        return True
    size, own_size = theirs.file_size_of(number), ours.file_size_of(other)
    return size == own_size if size and own_size else None


def _is_end(path: str, of: str) -> bool:
    return path == of or of.endswith(f"/{path}")


def _normal(name: str) -> str:
    """Systems write the same letters as other characters."""
    return unicodedata.normalize("NFC", name)
