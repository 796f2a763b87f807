"""A bundle's folder appears whole or not at all, and takes the place of an older one in the same way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from histoviewer.errors import SourceError, reason_of
from model_training.run_folder import make_folder

_OF_A_BUNDLE = re.compile(
    r"card\.json|network-\w+\.(xml|bin)|keras-network\.json|keras-weights-\w+\.npz|patch-index\.npz"
)


def check_replaceable(folder: Path) -> None:
    """Raises SourceError unless a bundle can be written at ``folder``: nothing is there, or nothing but
    another bundle, and its place can be written to."""
    place = folder.resolve()
    _restore(place)
    if place.exists():
        others = sorted(entry.name for entry in _entries(place) if not _OF_A_BUNDLE.fullmatch(entry.name))
        if others:
            raise SourceError(
                f"{folder} holds something else than a bundle ({others[0]}), which would be lost. Choose "
                "another --output."
            )
    draft = _beside(place, "part")
    make_folder(draft)
    shutil.rmtree(draft)  # also what a killed run left


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """An empty folder to fill; it takes the place of ``folder`` when the block ends without an error.

    It lies beside it. After an error what was at ``folder`` is untouched. After a kill, too, but for the
    moment between two renamings, and then the next call puts the older one back. Raises as
    ``check_replaceable``.
    """
    check_replaceable(folder)
    place = folder.resolve()
    draft = _beside(place, "part")
    draft.mkdir()
    try:
        yield draft
        _swap(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _swap(draft: Path, place: Path) -> None:
    older = _beside(place, "old")
    try:
        if place.exists():
            place.rename(older)
        draft.rename(place)
    except OSError as error:
        _restore(place)
        raise SourceError(
            f"Cannot put the bundle in its place {place}: {reason_of(error)}. Close what has it open, then "
            "give the same command."
        ) from error
    shutil.rmtree(older, ignore_errors=True)


def _restore(place: Path) -> None:
    """Put back what was renamed and not yet replaced; remove it where it was."""
    older = _beside(place, "old")
    if older.exists() and place.exists():
        shutil.rmtree(older, ignore_errors=True)
    elif older.exists():
        older.rename(place)


def _entries(place: Path) -> list[Path]:
    try:
        return list(place.iterdir())
    except OSError as error:
        raise SourceError(
            f"Cannot make the folder {place}: {reason_of(error)}. Choose another --output."
        ) from error


def _beside(place: Path, kind: str) -> Path:
    return place.with_name(f".{place.name}.{kind}")
