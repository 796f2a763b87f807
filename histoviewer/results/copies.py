"""A whole result file for somebody else, while the program goes on with its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.results.sqlite_file import open_for_reading, sqlite_errors
from histoviewer.staging import staged
from histoviewer.translation import _


def copy_result_file(path: Path, copy: Path) -> None:
    """Write all that is committed to ``path`` to a file of its own, whole or not at all.

    A copy made by other means while somebody is writing lacks what is in the log beside the file. Raises
    ResultError, also where both are the same file.
    """
    if copy.exists() and copy.samefile(path):
        message = _("{path} is the result file itself. Choose another name for the copy.")
        raise ResultError(message.format(path=copy))
    with open_for_reading(path) as connection:
        write_copy(connection, copy)


def write_copy(connection: sqlite3.Connection, copy: Path) -> None:
    """The same of a connection's database, also one in memory. Raises ResultError."""
    with staged(copy) as draft, sqlite_errors(copy), closing(sqlite3.connect(draft.name)) as written:
        connection.backup(written)
        written.execute("PRAGMA journal_mode = DELETE")  # one single file, wherever it is opened


def settle(path: Path) -> None:
    """Bring what has been committed out of the write-ahead log into the file itself, where whoever copies or
    backs it up finds it. From any thread, beside the one that writes. Raises ResultError."""
    with sqlite_errors(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
