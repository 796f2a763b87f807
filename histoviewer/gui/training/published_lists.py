"""Published lists of patients: found beside the data, and what they say."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

SIDES = ("train", "validation", "test")

_MOST_ENTRIES = 5000
"""Of a folder that are looked at: some hold a quarter of a million patches."""

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PublishedLists:
    """Attributes:
    patients: side -> names.
    """

    patients: dict[str, tuple[str, ...]]

    def counts(self) -> tuple[int, ...]:
        """Patients of each of SIDES."""
        return tuple(len(self.patients[side]) for side in SIDES)

    def counts_within(self, patients: Collection[str]) -> tuple[int, ...]:
        """As ``counts``, of those who are among these."""
        return tuple(sum(name in patients for name in self.patients[side]) for side in SIDES)


def read_lists(path: Path) -> PublishedLists | None:
    """None where the file is none of lists of patients."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        facts = json.loads(path.read_text(encoding="utf-8"))
        sides = {side: facts[side] for side in SIDES}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not all(map(_is_list_of_names, sides.values())) or facts.get("unit", "patient") != "patient":
        return None
    return PublishedLists({side: tuple(names) for side, names in sides.items()})


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def find_lists(data: Sequence[Path]) -> Path | None:
    """The file of lists in a folder of the data, or beside it; None where there is none, or not only one."""
    folders = dict.fromkeys(place for path in data if path.is_dir() for place in (path, path.parent))
    found = [file for folder in folders for file in _json_files(folder) if read_lists(file) is not None]
    return found[0] if len(found) == 1 else None


def _json_files(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MOST_ENTRIES)]
    except OSError:
        return
    yield from (folder / name for name in sorted(names) if name.lower().endswith(".json"))
