"""The patches of a source in the file of a store: their identity, writing and reading their columns."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import PatchColumns
from histoviewer.results.schema import column_names, encoded

_Value = TypeVar("_Value")

_CHUNK = 65_536
"""Rows that are Python objects at a time."""

_PLACE = ("x", "y", "width", "height")
_NUMBERS = np.dtype([*((name, np.int32) for name in _PLACE), ("truth", np.int8)])


def fingerprint(columns: PatchColumns) -> str:
    """Identity of a source's patches: hex sha256 over all their columns."""
    digest = hashlib.sha256()
    for names in (columns.files, columns.patients):
        digest.update("\0".join(names).encode("utf-8", "surrogatepass") + b"\0\0")
    for column in (columns.patient, columns.x, columns.y, columns.width, columns.height, columns.truth):
        digest.update(column.astype("<i4").tobytes())
    digest.update(columns.stamp.astype("<i8").tobytes())
    return digest.hexdigest()


def only(values: Sequence[_Value]) -> _Value | None:
    """The one name (or stamp) that serves all patches, or None where they have their own."""
    return values[0] if len(values) == 1 else None


def insert_patches(connection: sqlite3.Connection, columns: PatchColumns) -> int:
    """Write the columns; returns the id of the first patch. What serves all is left to the run."""
    (first,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM patch").fetchone()
    # Literal NULLs: binding None costs as much time as all the numbers of a row.
    file = "NULL" if only(columns.files) is not None else "CAST(? AS TEXT)"
    patient = "NULL" if only(columns.patients) is not None else "CAST(? AS TEXT)"
    stamp = "NULL" if len(columns.stamp) == 1 else "?"
    size = "NULL" if len(columns.file_size) == 1 else "?"
    connection.executemany(
        f"INSERT INTO patch (id, x, y, width, height, truth, file, patient, stamp, file_size) "
        f"VALUES (?, ?, ?, ?, ?, ?, {file}, {patient}, {stamp}, {size})",
        _patch_rows(int(first), columns),
    )
    return int(first)


def read_patches(connection: sqlite3.Connection, run: int) -> PatchColumns:
    """The patches of the run with this number, as the source gave them."""
    first, count, file, patient, stamp = connection.execute(
        "SELECT first_patch, patch_count, file, patient, stamp FROM run WHERE number = ?", (run,)
    ).fetchone()
    numbers = np.fromiter(_select(connection, ", ".join(_NUMBERS.names or ()), first, count), _NUMBERS)
    files = [file] if file is not None else _texts(connection, "file", first, count)
    patients: tuple[str, ...] = (patient,)
    places = np.zeros(len(numbers), np.int32)
    if patient is None:
        patients, places = _indexed(_texts(connection, "patient", first, count))
    named = {name: np.ascontiguousarray(numbers[name]) for name in _NUMBERS.names or ()}
    stamps = [stamp] if stamp is not None else _numbers(connection, "stamp", first, count)
    return PatchColumns(
        files=files,
        patients=patients,
        patient=places,
        stamp=np.array(stamps, np.int64),
        file_size=_file_sizes(connection, run, first, count),
        **named,
    )


def keep_file_sizes(connection: sqlite3.Connection, first: int, columns: PatchColumns) -> None:
    """Add them to patches, ``first`` being the id of the first, that an earlier program has written without;
    in the transaction that is open."""
    if len(columns.file_size) == 1:
        connection.execute(
            "UPDATE run SET file_size = ? WHERE first_patch = ? AND patch_count = ? AND file_size IS NULL",
            (int(columns.file_size[0]), first, len(columns)),
        )
        return
    is_kept = connection.execute("SELECT file_size FROM patch WHERE id = ?", (first,)).fetchone()
    if is_kept == (None,):
        sizes = zip(columns.file_size.tolist(), range(first, first + len(columns)), strict=True)
        connection.executemany("UPDATE patch SET file_size = ? WHERE id = ?", sizes)


def _file_sizes(connection: sqlite3.Connection, run: int, first: int, count: int) -> NDArray[np.int64]:
    """int64, (n,) or (1,): a single 0 in files of programs that did not keep them."""
    if "file_size" not in column_names(connection, "patch"):
        return np.zeros(1, np.int64)
    (size,) = connection.execute("SELECT file_size FROM run WHERE number = ?", (run,)).fetchone()
    if size is not None:
        return np.array([size], np.int64)
    sizes = (size or 0 for (size,) in _select(connection, "file_size", first, count))
    return np.fromiter(sizes, np.int64)


def same_patches(old: PatchColumns, new: PatchColumns) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of ``old``, and of ``new`` that are the same patch: file, stamp, location and nominal size."""
    number_of = {name: number for number, name in enumerate(new.files)}
    unknown = len(number_of)
    identities = np.concatenate(
        [
            _identities(old, [number_of.get(name, unknown) for name in old.files]),
            _identities(new, [number_of[name] for name in new.files]),
        ]
    )
    return paired(identities[: len(old)], identities[len(old) :])


def paired(old: NDArray[np.int32], new: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of ``old`` and of ``new`` that are equal, int32 (n, k) each; neither has one twice."""
    identities = np.concatenate([old, new])
    order = np.lexsort(identities.T)  # stable: of two that are the same, the old one comes first
    left, right = order[:-1], order[1:]
    is_pair = (left < len(old)) & (right >= len(old)) & (identities[left] == identities[right]).all(axis=1)
    return left[is_pair], right[is_pair] - len(old)


def places_of(
    columns: PatchColumns, file_numbers: Sequence[int], rows: NDArray[np.intp] | None = None
) -> NDArray[np.int32]:
    """int32 (n, 5): number of the file, location and nominal size, of all patches or of these rows."""
    which = np.arange(len(columns)) if rows is None else rows
    files = np.broadcast_to(np.array(file_numbers, np.int32), len(which))
    return np.stack([files, *(getattr(columns, name)[which] for name in _PLACE)], axis=1)


def _identities(columns: PatchColumns, file_numbers: list[int]) -> NDArray[np.int32]:
    """int32 (n, 7): what tells a patch from others."""
    files = np.broadcast_to(np.array(file_numbers, np.int32), len(columns))
    halves = np.ascontiguousarray(columns.stamp).view(np.int32).reshape(-1, 2)
    halves = np.broadcast_to(halves, (len(columns), 2))
    return np.stack([files, *halves.T, *(getattr(columns, name) for name in _PLACE)], axis=1)


def _patch_rows(first: int, columns: PatchColumns) -> Iterator[tuple[object, ...]]:
    patients = [encoded(name) for name in columns.patients]
    for start in range(0, len(columns), _CHUNK):
        rows = slice(start, min(start + _CHUNK, len(columns)))
        fields: list[Iterable[object]] = [range(first + rows.start, first + rows.stop)]
        fields += [getattr(columns, name)[rows].tolist() for name in _NUMBERS.names or ()]
        if only(columns.files) is None:
            fields.append([encoded(name) for name in columns.files[rows]])
        if only(columns.patients) is None:
            fields.append([patients[place] for place in columns.patient[rows]])
        if len(columns.stamp) > 1:
            fields.append(columns.stamp[rows].tolist())
        if len(columns.file_size) > 1:
            fields.append(columns.file_size[rows].tolist())
        yield from zip(*fields, strict=True)


def _select(connection: sqlite3.Connection, what: str, first: int, count: int) -> sqlite3.Cursor:
    return connection.execute(
        f"SELECT {what} FROM patch WHERE id >= ? AND id < ? ORDER BY id", (first, first + count)
    )


def _numbers(connection: sqlite3.Connection, column: str, first: int, count: int) -> NDArray[np.int64]:
    return np.fromiter((number for (number,) in _select(connection, column, first, count)), np.int64)


def _texts(connection: sqlite3.Connection, column: str, first: int, count: int) -> list[str]:
    return [text for (text,) in _select(connection, column, first, count)]


def _indexed(names: list[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The distinct names in the order they come, and for each name its place among them."""
    distinct = tuple(dict.fromkeys(names))
    place_of = {name: place for place, name in enumerate(distinct)}
    return distinct, np.fromiter((place_of[name] for name in names), np.int32, len(names))
