"""The answers of a run in the file of a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.runs import Run
from histoviewer.results.schema import encoded
from histoviewer.results.sqlite_file import committed

ANSWER = np.dtype(
    [
        ("row", np.intp),
        ("probability", np.float32),
        ("patch_probability", np.float32),
        ("width", np.int32),
        ("height", np.int32),
    ]
)


def read_answers(connection: sqlite3.Connection, run: Run) -> tuple[NDArray[np.void], dict[int, str]]:
    """What was judged, structured ``ANSWER`` (n,), and the notes by row, of failed patches too."""
    judged = connection.execute(
        "SELECT patch - ?, probability, patch_probability, width, height FROM result "
        "WHERE run = ? AND probability IS NOT NULL",
        (run.first_patch, run.number),
    )
    noted = connection.execute(
        "SELECT patch - ?, note FROM result WHERE run = ? AND note != ''", (run.first_patch, run.number)
    )
    return np.fromiter(judged, ANSWER), dict(noted.fetchall())


def write_answers(
    connection: sqlite3.Connection, run: Run, answers: NDArray[np.void], notes: Iterable[str]
) -> None:
    """Add or replace answers, in the transaction that is open or a new one, and commit.

    Probability NaN, a failed patch, becomes NULL. Raises sqlite3.Error, and then nothing was changed.
    """
    rows = ((*answer, encoded(note)) for answer, note in zip(answers.tolist(), notes, strict=True))
    with committed(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO result (run, patch, probability, patch_probability, width, height, note) "
            f"VALUES ({run.number}, {run.first_patch} + ?, ?, ?, ?, ?, CAST(? AS TEXT))",
            rows,
        )
