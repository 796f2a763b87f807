"""Sources' columns and run facts to try the results with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import UNKNOWN, PatchColumns
from histoviewer.results.store import ResultStore, RunFacts

_FACTS = RunFacts(
    model_title="Test model 1",
    model_sha256="ab" * 32,
    engine="openvino",
    precision="f32",
    mpp=4.0,
    scale_origin="data set",
    model_mpp=4.0,
    patch_size=50,
    stride=50.0,
    tissue_only=False,
    app_version="0.1.0",
    started="2024-05-06T07:08:09+00:00",
    threshold=0.5,
)


def facts(**changes: Any) -> RunFacts:
    return replace(_FACTS, **changes)


def folder_columns(
    files: Sequence[str],
    *,
    places: Sequence[tuple[int, int]] | None = None,
    patients: Sequence[str] | None = None,
    truth: Sequence[int] | None = None,
    side: int = 50,
) -> PatchColumns:
    """One patch a file, 50 px, side by side along x unless ``places`` says other."""
    n = len(files)
    x, y = np.array([(50 * i, 0) for i in range(n)] if places is None else places, np.int32).reshape(n, 2).T
    names = ["p"] * n if patients is None else list(patients)
    distinct = tuple(sorted(set(names)))
    return PatchColumns(
        files=list(files),
        patients=distinct,
        patient=np.array([distinct.index(name) for name in names], np.int32),
        x=x.copy(),
        y=y.copy(),
        width=np.full(n, side, np.int32),
        height=np.full(n, side, np.int32),
        truth=np.array([UNKNOWN] * n if truth is None else truth, np.int8),
    )


def slide_columns(columns: int, rows: int, *, stride: float = 50, side: float = 50) -> PatchColumns:
    """A grid over a slide of one file, row by row."""
    n = columns * rows
    row, column = np.divmod(np.arange(n), columns)
    return PatchColumns(
        files=["slide.svs"],
        patients=("slide.svs",),
        patient=np.zeros(n, np.int32),
        x=np.rint(column * stride).astype(np.int32),
        y=np.rint(row * stride).astype(np.int32),
        width=np.full(n, round(side), np.int32),
        height=np.full(n, round(side), np.int32),
        truth=np.full(n, UNKNOWN, np.int8),
    )


def taken(columns: PatchColumns, rows: NDArray[np.intp]) -> PatchColumns:
    """These rows alone, of a slide."""
    arrays = ("patient", "x", "y", "width", "height", "truth")
    return replace(columns, **{name: getattr(columns, name)[rows] for name in arrays})


def record(
    store: ResultStore,
    rows: Sequence[int] | NDArray[np.intp],
    probabilities: Sequence[float] | NDArray[np.float32],
    *,
    sizes: Sequence[tuple[int, int]] | None = None,
    notes: dict[int, str] | None = None,
) -> None:
    """``store.record`` with plain lists; patches of nominal size unless ``sizes`` says other."""
    patches = np.asarray(rows, np.intp)
    nominal = np.stack((store.columns.width[patches], store.columns.height[patches]), axis=1)
    store.record(
        patches,
        np.asarray(probabilities, np.float32),
        nominal if sizes is None else np.array(sizes, np.int32),
        notes or {},
    )


def fill_disk(store: ResultStore) -> None:
    """What SQLite then answers is what it answers on a full disk."""
    assert store._connection is not None
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")


def free_disk(store: ResultStore) -> None:
    """There is room again."""
    assert store._connection is not None
    store._connection.execute("PRAGMA max_page_count = 1000000")
