"""The walk over a folder's folders, whatever nesting, links and permissions they have."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Literal

from histoviewer.patches.names import class_of_folder, natural_key
from histoviewer.patches.patch import UNKNOWN
from histoviewer.patches.stamp import File
from histoviewer.slides.base import readable

_HAS_DESCRIPTORS = os.scandir in os.supports_fd


@dataclass(frozen=True, slots=True)
class Listing:
    """One folder of a walk.

    Attributes:
        folder: relative POSIX path below the root, empty for the root itself.
        patient: name of the nearest folder at or above it that is not a class.
        truth: of the plain patches in it, where its name is a class.
        files: in the order of their names; hidden ones are left out. Until the walk goes on they can be asked
            for size and time; they do not know in which folder they lie.
        is_link: whether it was reached by a symbolic link.
    """

    folder: str
    patient: str
    truth: int
    files: Sequence[File] = ()
    is_link: bool = False

    @property
    def names(self) -> list[str]:
        """Those of its files, sorted."""
        return [file.name for file in self.files]


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
            with ExitStack() as is_open:
                files, folders = self._listed(listing.folder, is_open)
                for child in _children(listing, folders):
                    (links if child.is_link else waiting).append(child)
                yield replace(listing, files=files)

    def _first(self) -> Listing:
        name = readable_name(self._root)
        # A number as the root's own name may count something: its neighbours are not known.
        return Listing("", name, UNKNOWN if name.isdecimal() else class_of_folder(name))

    def _listed(self, folder: str, is_open: ExitStack) -> tuple[list[File], dict[str, bool]]:
        """A folder's files in the order of their names, and its folders: whether each is a link."""
        files: list[File] = []
        folders: dict[str, bool] = {}
        try:
            entries = self._entries(folder, is_open)
        except OSError as error:
            if not folder:
                raise
            self.unreadable.append(Unreadable(folder, "folder", _reason(error)))
            return files, folders
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            try:
                # Almost all are; the rest of what one can be is looked at more closely.
                kind = "file" if entry.is_file(follow_symlinks=False) else _kind(entry)
            except OSError as error:
                is_what: Literal["link", "entry"] = "link" if entry.is_symlink() else "entry"
                self.unreadable.append(Unreadable(below(folder, name), is_what, _reason(error)))
                continue
            if kind == "folder":
                folders[name] = entry.is_symlink()
            elif kind == "file":
                files.append(entry)
        files.sort(key=attrgetter("name"))
        return files, folders

    def _entries(self, folder: str, is_open: ExitStack) -> list[os.DirEntry[str]]:
        path = self._root / folder
        identity = _identity(path)
        if identity in self._seen:
            return []
        self._seen.add(identity)
        # What is asked of an open folder's files later is not looked for along the whole path again: a sixth
        # of the time of asking. Windows has told it with the names.
        place: Path | int = is_open.enter_context(_descriptor(path)) if _HAS_DESCRIPTORS else path
        with os.scandir(place) as entries:
            return list(entries)


@contextmanager
def _descriptor(folder: Path) -> Iterator[int]:
    """An open folder's number, for as long as it is open."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield number
    finally:
        os.close(number)


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
