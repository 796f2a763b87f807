"""A command that is refused leaves no empty folder behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def unless_left_empty(folder: Path | None) -> Iterator[None]:
    """After an error, remove ``folder`` and those it lies in, as far as the block made them and nothing is in
    them. None: nothing is to be removed."""
    made = [] if folder is None else [place for place in (folder, *folder.parents) if not _is_there(place)]
    try:
        yield
    except BaseException:
        for place in made:
            _remove_if_empty(place)
        raise


def _is_there(place: Path) -> bool:
    """Also where that cannot be told."""
    try:
        place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):  # a name may hold what no system takes
        return True
    return True


def _remove_if_empty(place: Path) -> None:
    try:
        place.rmdir()
    except OSError:  # not there, or something is in it: then those that it lies in are not empty, either
        return
