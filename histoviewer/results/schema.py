"""The tables in the file of a store, and how ours are told from foreign and newer ones."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.translation import _

FORMAT = 1
"""``PRAGMA user_version``; a file with a higher one was written by a newer program."""

APPLICATION_ID = 0x48495354
"""``PRAGMA application_id``: "HIST", by which our own files are told from other SQLite files."""

_STATEMENTS = (
    # A run's patches are `patch_count` ids in a row from `first_patch`; runs over the same patches share
    # them. `file`, `patient`, `stamp` and `file_size` are the only ones of the source, where there is only
    # one: a million patches then need not repeat them.
    """
    CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        model_title TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        engine TEXT NOT NULL,
        precision TEXT NOT NULL,
        mpp REAL NOT NULL,
        scale_origin TEXT NOT NULL,
        model_mpp REAL NOT NULL,
        patch_size INTEGER NOT NULL,
        stride REAL NOT NULL,
        tissue_only INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        started TEXT NOT NULL,
        threshold REAL NOT NULL,
        first_patch INTEGER NOT NULL,
        patch_count INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        file TEXT,
        patient TEXT,
        stamp INTEGER,
        pixels TEXT NOT NULL DEFAULT '',
        file_size INTEGER
    )
    """,
    """
    CREATE TABLE patch (
        id INTEGER PRIMARY KEY,
        file TEXT,
        patient TEXT,
        x INTEGER NOT NULL,
        y INTEGER NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        truth INTEGER NOT NULL,
        stamp INTEGER,
        file_size INTEGER
    )
    """,
    # `probability` is NULL where the patch could not be judged; `note` then says why.
    """
    CREATE TABLE result (
        run INTEGER NOT NULL REFERENCES run (number),
        patch INTEGER NOT NULL REFERENCES patch (id),
        probability REAL,
        patch_probability REAL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (run, patch)
    ) WITHOUT ROWID
    """,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)

# What a person decided of a patch: a row a decision, the one with the highest number counts. Files that were
# made before there were reviews get the table when they are next written. It does not raise the format:
# programs that do not know it read and write all the rest as before.
_REVIEW_TABLE = """
    CREATE TABLE review (
        number INTEGER PRIMARY KEY,
        patch INTEGER NOT NULL REFERENCES patch (id),
        class TEXT NOT NULL CHECK (class IN ('benign', 'malignant', 'unsure', 'clear')),
        reviewer TEXT NOT NULL,
        time TEXT NOT NULL
    )
"""

# What was done to pixels before they were judged. Earlier programs leave it empty, and read past it.
_PIXELS_COLUMN = "ALTER TABLE run ADD COLUMN pixels TEXT NOT NULL DEFAULT ''"

# Bytes of the files, by which copies are known again. Earlier programs leave it empty, and read past it.
_SIZE_COLUMNS = tuple(f"ALTER TABLE {table} ADD COLUMN file_size INTEGER" for table in ("run", "patch"))


def create_tables(connection: sqlite3.Connection) -> None:
    """Make a blank file one of ours; within the transaction that is open."""
    for statement in (*_STATEMENTS, _REVIEW_TABLE):
        connection.execute(statement)


def add_missing_tables(connection: sqlite3.Connection) -> bool:
    """Give a file of an earlier program what it lacks; says whether that was anything."""
    missing = [] if has_table(connection, "review") else [_REVIEW_TABLE]
    if "pixels" not in column_names(connection, "run"):
        missing.append(_PIXELS_COLUMN)
    if "file_size" not in column_names(connection, "patch"):
        missing += _SIZE_COLUMNS
    for statement in missing:
        connection.execute(statement)
    return bool(missing)


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether the file has a table of this name: not all were there from the first program on."""
    sought = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (name,))
    return bool(sought.fetchone()[0])


def column_names(connection: sqlite3.Connection, table: str) -> set[str]:
    """Of a table: not all columns were there from the first program on."""
    return {str(name) for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def is_blank(connection: sqlite3.Connection, path: Path) -> bool:
    """Nothing is in the file yet. Raises ResultError when it is not ours, or newer than this program."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (application, version, tables) == (0, 0, 0):
        return True
    if application != APPLICATION_ID:
        message = _("{path} is not a result file of HistoViewer. Move it away, or choose another folder.")
        raise ResultError(message.format(path=path))
    if version > FORMAT:
        message = _("The result file {path} has format {found}; this program knows up to {known}. Update it.")
        raise ResultError(message.format(path=path, found=version, known=FORMAT))
    return False


def encoded(text: str) -> str | bytes:
    """Text for ``CAST(? AS TEXT)``: a file name may hold what is no valid Unicode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", sys.getfilesystemencodeerrors())
    return text


def decoded(text: bytes) -> str:
    """What ``encoded`` text was; the ``text_factory`` of our connections."""
    return text.decode("utf-8", sys.getfilesystemencodeerrors())
