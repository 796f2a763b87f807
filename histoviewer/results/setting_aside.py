"""Damaged result files make room for new ones, and are kept."""

from __future__ import annotations

import os
from itertools import chain, count
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.results.sqlite_file import LEFT_BESIDE
from histoviewer.translation import _


def set_aside(path: Path) -> Path:
    """Rename a result file to NAME.histo.damaged, and what SQLite left beside it; returns where it is now.

    Nothing is deleted: whoever knows how may still get something out of it. Raises ResultError.
    """
    places = (path.with_name(f"{path.name}.damaged{number}") for number in chain([""], count(2)))
    aside = next(place for place in places if not os.path.lexists(place))
    try:
        path.rename(aside)
        for ending in LEFT_BESIDE:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        message = _("Cannot rename the damaged {path}: {reason}. Move it away.")
        raise ResultError(message.format(path=path, reason=error.strerror)) from error
    return aside
