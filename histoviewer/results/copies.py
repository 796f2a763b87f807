"""A whole result file for somebody else, while the program goes on with its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.results.sqlite_file import (
    LEFT_BESIDE,
    connect_existing,
    end_writing,
    is_damage,
    open_for_reading,
    open_for_writing,
    sqlite_errors,
)
from histoviewer.staging import staged
from histoviewer.translation import _


def copy_result_file(path: Path, copy: Path) -> None:
    """Write all that is committed to ``path`` to a file of its own, whole or not at all.

    A copy made by other means while somebody is writing lacks what is in the log beside the file. Raises
    ResultError, also where both are the same file, or ``copy`` is one that somebody is writing.
    """
    if copy.exists() and copy.samefile(path):
        message = _("{path} is the result file itself. Choose another name for the copy.")
        raise ResultError(message.format(path=copy))
    with open_for_reading(path) as connection:
        write_copy(connection, copy)
    settle(path)  # its writer may have closed it meanwhile, and left the log to the last one who reads


def write_copy(connection: sqlite3.Connection, copy: Path) -> None:
    """The same of a connection's database, also one in memory. Raises ResultError."""
    with staged(copy) as draft:
        with sqlite_errors(copy), closing(sqlite3.connect(draft.name)) as written:
            connection.backup(written)
            written.execute("PRAGMA journal_mode = DELETE")  # one single file, wherever it is opened
        _make_room(copy)


def settle(path: Path) -> None:
    """Bring what has been committed out of the write-ahead log into the file itself, where whoever copies or
    backs it up finds it. From any thread, beside the one that writes. Raises ResultError."""
    with sqlite_errors(path), closing(connect_existing(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _make_room(copy: Path) -> None:
    """Let a result file that is to be replaced have no writer, and leave no log that would be played into the
    new one. Raises ResultError where it is in use."""
    if not copy.exists():
        return
    try:
        end_writing(open_for_writing(copy))
    except ResultError as error:
        if not is_damage(error):
            raise
    for ending in LEFT_BESIDE:
        copy.with_name(copy.name + ending).unlink(missing_ok=True)
