"""What an output folder needs to know of a result file in it: whose it is, and its rows of the summary.

Both lie in the file itself. So they come and go with it, and calls that write into one folder at the same
time need no lock of their own.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from histoviewer.errors import ResultError
from histoviewer.patches.names import RESULTS
from histoviewer.results.schema import has_table
from histoviewer.results.sqlite_file import end_writing, open_for_reading, open_for_writing, sqlite_errors
from histoviewer.translation import _

SUFFIX = RESULTS

_TABLE = "CREATE TABLE IF NOT EXISTS output (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
_OWNER, _SUMMARY = "owner", "summary"

Row = Mapping[str, str]
"""A row of the summary: column -> text."""


def owner_of(path: Path) -> str | None:
    """The mark of the source that claimed a result file; None where nobody did, or there is no file.

    Raises ResultError when the file is damaged, foreign or newer.
    """
    if not _is_there(path):
        return None
    with open_for_reading(path, may_be_empty=True) as connection:
        return _value(connection, _OWNER)


def claim(path: Path, owner: str) -> bool:
    """Make a result file, or one that nobody has claimed, this owner's; False where it is another's.

    Raises ResultError as ``ResultStore.open``.
    """
    with _writing(path) as connection:
        connection.execute(_TABLE)
        connection.execute("INSERT OR IGNORE INTO output VALUES (?, ?)", (_OWNER, owner))
        return _value(connection, _OWNER) == owner


def check(path: Path) -> None:
    """Read the whole of a result file, if there is one. Raises ResultError when it is damaged anywhere."""
    if not _is_there(path):
        return
    with open_for_reading(path, may_be_empty=True) as connection:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)


def keep_rows(path: Path, rows: Sequence[Row]) -> None:
    """Put the rows of the summary into their result file, in place of older ones. Raises ResultError."""
    with _writing(path) as connection:
        connection.execute(_TABLE)
        listed = _listed(connection)
        since = listed["since"] if listed else time.time_ns()
        text = json.dumps({"since": since, "rows": [dict(row) for row in rows]})
        connection.execute("INSERT OR REPLACE INTO output VALUES (?, ?)", (_SUMMARY, text))


def kept_rows(path: Path) -> list[Row]:
    """What ``keep_rows`` put there last; nothing where there is no such file. Raises as ``owner_of``."""
    listed = _read_listed(path)
    return listed["rows"] if listed else []


def all_kept_rows(folder: Path) -> tuple[list[Row], list[ResultError]]:
    """The rows of every result file in a folder, in the order in which the files came to it, and why there
    are none of a file."""
    found, problems = [], []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            if listed := _read_listed(path):
                found.append((listed["since"], listed["rows"]))
        except ResultError as error:
            problems.append(error)
    return [row for _since, rows in sorted(found, key=lambda one: one[0]) for row in rows], problems


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_for_writing(path)
    try:
        with sqlite_errors(path):
            yield connection
            connection.execute("COMMIT")
    finally:
        end_writing(connection)


def _read_listed(path: Path) -> dict[str, Any] | None:
    if not _is_there(path):
        return None
    with open_for_reading(path, may_be_empty=True) as connection:
        return _listed(connection)


def _listed(connection: sqlite3.Connection) -> dict[str, Any] | None:
    text = _value(connection, _SUMMARY)
    if text is None:
        return None
    try:
        listed = json.loads(text)
        return {"since": listed["since"], "rows": list(listed["rows"])}
    except (ValueError, KeyError, TypeError) as error:
        raise sqlite3.DatabaseError(_("its rows of the summary cannot be read")) from error


def _value(connection: sqlite3.Connection, key: str) -> str | None:
    """None also in a file that was never in an output folder."""
    if not has_table(connection, "output"):
        return None
    found = connection.execute("SELECT value FROM output WHERE key = ?", (key,)).fetchone()
    return str(found[0]) if found else None
