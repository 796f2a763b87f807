"""NAME of each input's outputs, so that no input overwrites another's, today or in a later call."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.reports import HEATMAP, longest_name, result_path, shortened
from histoviewer.results.outputs import SUFFIX, check, claim, owner_of
from histoviewer.results.sqlite_file import is_damage

SUMMARY = "summary"
"""summary.csv is everybody's: no input is called so."""

_LONGEST_ENDING = max(len(HEATMAP), len(f"{SUFFIX}.damaged99-journal"))


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a call.

    Attributes:
        path: as it was given or found.
        plain: its name without folder and ending; of a link, the name of what it leads to.
        is_shared: another input of the call has this name, too, or nobody may.
    """

    path: Path
    plain: str
    is_shared: bool


def inputs_of(paths: Sequence[Path]) -> list[Input]:
    """The inputs of one call."""
    plain = [_plain_name(path) for path in paths]
    counts = Counter(name.casefold() for name in plain)
    counts[SUMMARY] += 1
    return [Input(path, name, counts[name.casefold()] > 1) for path, name in zip(paths, plain, strict=True)]


def take_name(folder: Path, item: Input, *, on_damage: Callable[[Path], None] | None = None) -> str:
    """NAME of the input in the output folder; its result file is the input's own from now on.

    What the input was called before, at this path; else its plain name if nobody has it, or that with a few
    digits of its path's checksum. That it looks like another input is not enough to take its name: files of
    the same size and time need not be the same.
    With ``on_damage`` the result files are read whole, and it takes damaged ones away. Raises ResultError
    where a result file cannot be read or made.
    """
    mark = _mark(item.path)
    most = longest_name(folder) - _LONGEST_ENDING
    # Six digits of two paths are the same once in sixteen million; then more of them tell the two apart.
    marked = [_marked(item.plain, mark[:digits], most) for digits in (6, 12, 64)]
    plain = shortened(item.plain, most=most, mark=mark[:6])
    for name in (*marked, plain):
        path = result_path(folder, name)
        if on_damage and _is_damaged(path):
            on_damage(path)
        if owner_of(path) == mark:
            return name
    free = marked if item.is_shared else [plain, *marked]
    return next(name for name in free if _is_free(result_path(folder, name), mark))


def _is_damaged(path: Path) -> bool:
    try:
        check(path)
    except ResultError as error:
        if not is_damage(error):
            raise
        return True
    return False


def _is_free(path: Path, mark: str) -> bool:
    # Read first: a result file that another process is writing just now is somebody's.
    return owner_of(path) in (None, mark) and claim(path, mark)


def _plain_name(path: Path) -> str:
    resolved = Path(os.path.realpath(path))  # Path.resolve would not have a link to itself
    if resolved.is_dir():
        return resolved.name or "root"
    name = resolved.name
    for ending in (".ome.tiff", ".ome.tif"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return resolved.stem


def _marked(name: str, mark: str, most: int) -> str:
    whole = f"{name}-{mark}"
    return whole if len(os.fsencode(whole)) <= most else shortened(name, most=most, mark=mark)


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()
