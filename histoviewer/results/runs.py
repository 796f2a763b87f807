"""Runs in the file of a store: begin one, find one again."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import asdict, dataclass, fields

from histoviewer.patches.patch import PatchColumns
from histoviewer.results.patch_table import fingerprint, insert_patches, only
from histoviewer.results.schema import column_names, encoded
from histoviewer.slides.geometry import ScaleOrigin

PIXELS_AS_STORED = "as stored in the file: no display adjustment, no colour profile applied"
"""What is done to the colours of pixels before a model judges them: nothing, whatever the screen shows. It
stands in the result file."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run was made with.

    Attributes:
        model_title, model_sha256: the model card's.
        engine, precision: the classifier's.
        mpp, scale_origin: µm per level-0 pixel of the source, and who says so.
        model_mpp: µm/px at which the model judges.
        patch_size: pixels of the model's input, along a side.
        stride: level-0 pixels between neighbouring patches.
        tissue_only: cells of a slide's grid without tissue were left out.
        app_version: of this program.
        started: ISO 8601, UTC.
        threshold: the threshold when the run started; what is shown and exported may use another.
        pixels: in words, what was done to the colours of the pixels before they were judged; "" in files of
            programs that did not write it.
    """

    model_title: str
    model_sha256: str
    engine: str
    precision: str
    mpp: float
    scale_origin: ScaleOrigin
    model_mpp: float
    patch_size: int
    stride: float
    tissue_only: bool
    app_version: str
    started: str
    threshold: float
    pixels: str = ""


_FACTS = tuple(field.name for field in fields(RunFacts))


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the file.

    Attributes:
        number: its key there, higher when begun later.
        id: short hex string that names it outside.
        first_patch: id of its first patch; the others follow, ``patch_count`` in all.
    """

    number: int
    id: str
    first_patch: int
    patch_count: int
    facts: RunFacts


def latest_run(connection: sqlite3.Connection) -> Run | None:
    """The run begun last."""
    return _latest_where(connection, "1", ())


def run_to_continue(connection: sqlite3.Connection, columns: PatchColumns, facts: RunFacts) -> Run | None:
    """The latest run of the same model at the same scale over the very same patches."""
    key = (*_key(facts), fingerprint(columns))
    return _latest_where(connection, f"{_SAME_KEY} AND fingerprint = ?", key)


def run_to_take_over(connection: sqlite3.Connection, facts: RunFacts) -> Run | None:
    """The latest run of the same model at the same scale, whatever patches there were then."""
    return _latest_where(connection, _SAME_KEY, _key(facts))


def begin_run(connection: sqlite3.Connection, columns: PatchColumns, facts: RunFacts) -> Run:
    """Write a new run, and its patches unless an older run had the very same."""
    identity = fingerprint(columns)
    first_patch = _known_patches(connection, identity)
    if first_patch is None:
        first_patch = insert_patches(connection, columns)
    run_id = secrets.token_hex(4)
    values = {
        **asdict(facts),
        "id": run_id,
        "first_patch": first_patch,
        "patch_count": len(columns),
        "fingerprint": identity,
        "file": only(columns.files),
        "patient": only(columns.patients),
        "stamp": only(columns.stamp.tolist()),
        "file_size": only(columns.file_size.tolist()),
    }
    cursor = connection.execute(
        f"INSERT INTO run ({', '.join(values)}) VALUES ({', '.join(map(_place, values))})",
        [encoded(value) if isinstance(value, str) else value for value in values.values()],
    )
    return Run(int(cursor.lastrowid or 0), run_id, first_patch, len(columns), facts)


def _place(name: str) -> str:
    return "CAST(? AS TEXT)" if name in ("file", "patient") else "?"


_SAME_KEY = "model_sha256 = ? AND engine = ? AND precision = ? AND mpp = ? AND stride = ? AND tissue_only = ?"


def _key(facts: RunFacts) -> tuple[str | float | bool, ...]:
    return (
        facts.model_sha256,
        facts.engine,
        facts.precision,
        facts.mpp,
        facts.stride,
        facts.tissue_only,
    )


def _latest_where(
    connection: sqlite3.Connection, condition: str, values: tuple[str | float | bool, ...]
) -> Run | None:
    columns = column_names(connection, "run")
    known = [name for name in _FACTS if name in columns]
    found = connection.execute(
        f"SELECT number, id, first_patch, patch_count, {', '.join(known)} FROM run "
        f"WHERE {condition} ORDER BY number DESC LIMIT 1",
        values,
    ).fetchone()
    if found is None:
        return None
    number, run_id, first_patch, patch_count, *facts = found
    stored = dict(zip(known, facts, strict=True))
    stored["tissue_only"] = bool(stored["tissue_only"])
    return Run(number, run_id, first_patch, patch_count, RunFacts(**stored))


def _known_patches(connection: sqlite3.Connection, identity: str) -> int | None:
    known = connection.execute("SELECT first_patch FROM run WHERE fingerprint = ?", (identity,)).fetchone()
    return int(known[0]) if known else None
