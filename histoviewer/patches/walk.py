"""The walk over a folder's folders, whatever nesting, links and permissions they have."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from histoviewer.patches.names import class_of_folder, natural_key
from histoviewer.patches.patch import UNKNOWN
from histoviewer.slides.base import readable


@dataclass(frozen=True, slots=True)
class Listing:
    """One folder of a walk.

    Attributes:
        folder: relative POSIX path below the root, empty for the root itself.
        patient: name of the nearest folder at or above it that is not a class.
        truth: of the plain patches in it, where its name is a class.
        files: each by its name, in no particular order; hidden ones are left out.
        is_link: whether it was reached by a symbolic link.
    """

    folder: str
    patient: str
    truth: int
    files: dict[str, os.DirEntry[str] | Path] = field(default_factory=dict)
    is_link: bool = False

    @property
    def names(self) -> list[str]:
        """Those of its files."""
        return list(self.files)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a walk could not enter or follow.

    Attributes:
        path: relative POSIX path below the root, as the system gives it.
        kind: "link" leads nowhere or in circles; "entry" is what does not even tell whether it is a folder.
        reason: the system's.
    """

    path: str
    kind: Literal["folder", "link", "entry"]
    reason: str


class Walk:
    """Every folder below a root once: level by level, in natural order, folders behind links last.

    Links may form loops or lead to a folder that is there already, so a folder is known by what it is, not
    by its path. Nothing above the root is entered.

    Attributes:
        unreadable: after the walk, what could not be entered or followed.
    """

    def __init__(self, root: Path) -> None:
        self.unreadable: list[Unreadable] = []
        self._root = root
        self._seen: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[Listing]:
        """Raises OSError when the root itself cannot be listed."""
        self._seen = {_identity(parent) for parent in self._root.resolve().parents}
        waiting, links = deque([self._first()]), deque[Listing]()
        while waiting or links:
            listing = (waiting or links).popleft()
            for child in self._enter(listing):
                (links if child.is_link else waiting).append(child)
            yield listing

    def _first(self) -> Listing:
        name = readable_name(self._root)
        # A number as the root's own name may count something: its neighbours are not known.
        return Listing("", name, UNKNOWN if name.isdecimal() else class_of_folder(name))

    def _enter(self, listing: Listing) -> list[Listing]:
        """Fill in the folder's files; return its folders."""
        try:
            entries = self._entries(listing.folder)
        except OSError as error:
            if not listing.folder:
                raise
            self.unreadable.append(Unreadable(listing.folder, "folder", _reason(error)))
            return []
        folders: dict[str, bool] = {}
        for entry in entries:
            try:
                # Almost all are; the rest of what one can be is looked at more closely.
                kind = "file" if entry.is_file(follow_symlinks=False) else _kind(entry)
            except OSError as error:
                is_what: Literal["link", "entry"] = "link" if entry.is_symlink() else "entry"
                path = below(listing.folder, entry.name)
                self.unreadable.append(Unreadable(path, is_what, _reason(error)))
                continue
            if kind == "folder":
                folders[entry.name] = entry.is_symlink()
            elif kind == "file":
                listing.files[entry.name] = entry
        return _children(listing, folders)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        path = self._root / folder
        identity = _identity(path)
        if identity in self._seen:
            return []
        self._seen.add(identity)
        with os.scandir(path) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]


def below(folder: str, name: str) -> str:
    """POSIX path of a file in a folder of a listing."""
    return f"{folder}/{name}" if folder else name


def readable_name(path: Path) -> str:
    """The last part of an absolute path as valid text, never empty."""
    return readable(path.name) or "folder"


def _children(listing: Listing, folders: dict[str, bool]) -> list[Listing]:
    siblings = frozenset(folders)
    children = []
    for name in sorted(folders, key=natural_key):
        truth = class_of_folder(name, siblings)
        patient = readable(name) if truth == UNKNOWN else listing.patient
        children.append(Listing(below(listing.folder, name), patient, truth, is_link=folders[name]))
    return children


def _kind(entry: os.DirEntry[str]) -> str:
    """Says "folder", "file", or "" (a device). Raises OSError, also for a link to nowhere."""
    if entry.is_dir():
        return "folder"
    if entry.is_file():
        return "file"
    if entry.is_symlink():
        entry.stat()  # gives the reason
    return ""


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
