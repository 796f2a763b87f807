"""A process that records block after block until it is killed, or its disk is full.

``python -m tests.results.record_forever FILE [LIMIT]``: LIMIT is the most bytes a file may have. After each
block it prints how many patches have been recorded, after an error the error.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ResultError
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, record, slide_columns

COLUMNS, ROWS = 500, 400
BLOCK = 64


def probability_of(rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """What is recorded for a row, so that whoever reads the file can tell."""
    return ((rows * 7919) % 10_007 / 10_007).astype(np.float32)


def main(path: Path, limit: int | None) -> None:
    store = ResultStore.open(path, slide_columns(COLUMNS, ROWS), facts())
    if limit is not None:
        _limit_file_size(limit)
    pending = store.pending()
    for start in range(0, len(pending), BLOCK):
        rows = pending[start : start + BLOCK]
        try:
            record(store, rows, probability_of(rows))
        except ResultError as error:
            say(f"error: {error}")
        say(str(start + len(rows)))
    assert (store.probability == probability_of(np.arange(len(store.columns)))).all()
    say(f"unsaved: {store.unsaved}")
    try:
        store.close()
    except ResultError as error:
        say(f"closed: {error}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _limit_file_size(limit: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
