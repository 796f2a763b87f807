"""Opening the file of a store, its write lock, and what SQLite's errors mean to a person."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from histoviewer.errors import ResultError
from histoviewer.results import schema
from histoviewer.translation import _

LEFT_BESIDE = ("-wal", "-shm", "-journal")
"""Ends of the names of what SQLite may leave beside a file: it belongs to that file and to no other."""

_LOCK_WAIT = 1.0
"""Seconds to wait for somebody who is just closing the file."""

_STEPS = 100_000
"""Of SQLite's machine, between two looks at whether a reading is still wanted."""

_NO_SHARED_MEMORY = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL)
"""What SQLite answers where a write-ahead log's index cannot be shared, as on a network's file system."""

_DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""What SQLite answers over broken pages, missing tables, and what is no database."""


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises over a file into a ResultError of one line."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a defect of ours, not of the file
    except sqlite3.Error as error:
        raise ResultError(_explanation(error).format(path=path, error=error)) from error


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection that holds the file's write lock, tables ready; ``end_writing`` closes it.

    The lock is an open transaction: readers go on reading, a second writer gets a ResultError, and it
    ends with the process however that ends.
    """
    with sqlite_errors(path):
        # Opened in one thread, handed to another: never used by two at once.
        connection = sqlite3.connect(path, timeout=_LOCK_WAIT, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def open_for_reading(path: Path, *, may_be_empty: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing, not even in a folder where nothing may be written.

    With ``may_be_empty`` also one without tables, to a file that nothing has got into yet.
    """
    if not path.is_file():
        raise ResultError(_("There is no result file {path}. A classification writes one.").format(path=path))
    with sqlite_errors(path), closing(_connect_read_only(path)) as connection:
        if schema.is_blank(connection, path) and not may_be_empty:
            raise nothing_in(path)
        yield connection


@contextmanager
def checked(connection: sqlite3.Connection, check: Callable[[], object]) -> Iterator[None]:
    """``check`` is called every few milliseconds of reading within; what it raises ends that."""
    raised: list[Exception] = []

    def call() -> int:
        try:
            check()
        except Exception as error:  # noqa: BLE001 - it is raised once more, below
            raised.append(error)
        return len(raised)

    connection.set_progress_handler(call, _STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def nothing_in(path: Path) -> ResultError:
    """Of a result file without a run."""
    return ResultError(
        _("The result file {path} is empty: nothing was classified into it.").format(path=path)
    )


def end_writing(connection: sqlite3.Connection) -> None:
    """Close, and leave one single file behind, without the write-ahead log."""
    # Somebody may be reading, or the disk be full: then the log stays beside the file, which is as valid.
    with suppress(sqlite3.OperationalError):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


@contextmanager
def committed(connection: sqlite3.Connection) -> Iterator[None]:
    """What is done within is committed, in the transaction that is open or a new one; where that fails,
    nothing is changed. The lock goes with it: see ``open_for_writing``."""
    try:
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def is_damage(error: ResultError) -> bool:
    """Whether the error is about what is in the file, and not about its place, its lock or the disk."""
    return isinstance(error.__cause__, sqlite3.Error) and _primary_code(error.__cause__) in _DAMAGE


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.text_factory = schema.decoded
    is_blank = _is_blank_even_unshared(connection, path)
    _prefer_write_ahead_log(connection)
    connection.execute("BEGIN IMMEDIATE")
    if _add_tables(connection, path, is_blank=is_blank):
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")


def _add_tables(connection: sqlite3.Connection, path: Path, *, is_blank: bool) -> bool:
    if is_blank and schema.is_blank(connection, path):  # nobody was faster
        schema.create_tables(connection)
        return True
    return schema.add_missing_tables(connection)


def _is_blank_even_unshared(connection: sqlite3.Connection, path: Path) -> bool:
    try:
        return schema.is_blank(connection, path)
    except sqlite3.OperationalError as error:
        if _primary_code(error) not in _NO_SHARED_MEMORY:
            raise
    # A file with its log was left where the log's index cannot be shared. Alone, SQLite needs none.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    is_blank = schema.is_blank(connection, path)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA locking_mode = NORMAL")
    return is_blank


def _prefer_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Cheap commits, and readers beside the writer; where it cannot be had, the journal SQLite keeps."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    # A killed process costs nothing that was committed; a power failure may, but never the file.
    connection.execute("PRAGMA synchronous = NORMAL")


def connect_existing(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there: none is made. Raises sqlite3.Error."""
    return sqlite3.connect(f"{_uri(path)}?mode=rw", uri=True, timeout=_LOCK_WAIT, isolation_level=None)


def _uri(path: Path) -> str:
    location = quote(path.absolute().as_posix(), safe="/:", errors=sys.getfilesystemencodeerrors())
    return f"file://{'' if location.startswith('/') else '/'}{location}"


def _connect_read_only(path: Path) -> sqlite3.Connection:
    uri = f"{_uri(path)}?mode=ro"
    try:
        return _connect_readable(uri)
    except sqlite3.OperationalError as error:
        is_forbidden = _primary_code(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        if not is_forbidden or path.with_name(f"{path.name}-wal").exists():
            raise
    # Marked as having a log, but there is none, and none can be made here: so nobody is writing.
    return _connect_readable(f"{uri}&immutable=1")


def _connect_readable(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=_LOCK_WAIT, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    connection.text_factory = schema.decoded
    return connection


def _primary_code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


def _explanation(error: sqlite3.Error) -> str:
    match _primary_code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _("The result file {path} is in use by another HistoViewer. Wait until that has finished.")
        case sqlite3.SQLITE_FULL:
            return _("Cannot write the result file {path}: the disk is full. Free some space on it.")
        case sqlite3.SQLITE_IOERR:
            return _("Cannot write the result file {path}: {error}. Check the disk and the space left on it.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return _("Cannot open the result file {path}: {error}. Check that you may write in its folder.")
        case _:
            return _(
                "{path} is damaged, or no result file of HistoViewer: {error}. Move it away, start again."
            )
