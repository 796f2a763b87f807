"""The table of all patches: one row a patch, in the order of the source's columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.csv_text import defused, writer_of
from histoviewer.patches.patch import NO_LOCATION, UNKNOWN
from histoviewer.results.reviews import REVIEW_NAMES
from histoviewer.results.store import ResultStore, is_positive
from histoviewer.staging import staged

COLUMNS = (
    "file",
    "patient",
    "minx",
    "miny",
    "width",
    "height",
    "prob_benign",
    "prob_malignant",
    "patch_probability",
    "class",
    "truth",
    "review",
    "note",
    "model",
    "threshold",
    "run",
)

_CLASS_NAMES = ("benign", "malignant", "")
"""By BENIGN, MALIGNANT and, as -1 is the last, UNKNOWN."""

_CHUNK = 65_536
"""Rows that are Python objects at a time."""

_MILLION = 1_000_000
"""Probabilities are written with six decimals."""


def write_csv(path: Path, store: ResultStore, *, threshold: float, model_title: str) -> None:
    """Write every patch of the store's source, judged or not.

    Positions and sizes are level-0 pixels; positions are empty where a patch has no place, sizes are nominal
    until it is judged. Probabilities have six decimals and add up to one, empty where nothing was judged.
    UTF-8, ``\\n``, dot decimals. Raises ResultError when the file cannot be written; what was at ``path`` is
    then untouched.
    """
    with staged(path) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="backslashreplace", newline="")
        writer = writer_of(text)
        writer.writerow(COLUMNS)
        for start in range(0, len(store.columns), _CHUNK):
            rows = np.arange(start, min(start + _CHUNK, len(store.columns)))
            writer.writerows(_table(store, rows, threshold, model_title))
        text.detach()  # flushes, and leaves the file open


def _table(
    store: ResultStore, rows: NDArray[np.intp], threshold: float, model_title: str
) -> Iterator[tuple[object, ...]]:
    columns = store.columns
    has_place = columns.x[rows] != NO_LOCATION
    malignant = _millionths(store.probability[rows], threshold)
    classes = is_positive(store.probability[rows], threshold)
    return zip(
        _files(store, rows),
        _named(columns.patient[rows], [defused(name) for name in columns.patients]),
        _numbers(columns.x[rows], has_place),
        _numbers(columns.y[rows], has_place),
        store.width[rows].tolist(),
        store.height[rows].tolist(),
        _decimals(_MILLION - malignant),
        _decimals(malignant),
        _decimals(_millionths(store.patch_probability[rows], threshold)),
        _named(np.where(np.isnan(malignant), UNKNOWN, classes), _CLASS_NAMES),
        _named(columns.truth[rows], _CLASS_NAMES),
        _named(store.review[rows], REVIEW_NAMES),
        [defused(store.note(row)) for row in rows.tolist()],
        repeat(defused(model_title)),
        repeat(repr(float(threshold))),
        repeat(store.run_id),
        strict=False,
    )


def _files(store: ResultStore, rows: NDArray[np.intp]) -> Iterable[str]:
    files = store.columns.files
    if len(files) == 1:
        return repeat(defused(files[0]))
    return [defused(name) for name in files[rows[0] : rows[-1] + 1]]


def _named(numbers: NDArray[np.generic], names: Sequence[str]) -> list[str]:
    return [names[number] for number in numbers.tolist()]


def _numbers(values: NDArray[np.int32], is_known: NDArray[np.bool_]) -> list[int | str]:
    known = zip(values.tolist(), is_known.tolist(), strict=True)
    return [value if is_there else "" for value, is_there in known]


def _millionths(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.float64]:
    """Whole millionths, NaN where not judged, on the same side of the threshold as the probability.

    Rounding could carry a probability across the threshold; whoever compares the written numbers must
    come to the same class.
    """
    rounded = np.rint(probabilities.astype(np.float64) * _MILLION)
    least_positive = round(threshold * _MILLION)
    if least_positive / _MILLION < threshold:
        least_positive += 1
    positive = is_positive(probabilities, threshold)
    return np.where(positive, np.maximum(rounded, least_positive), np.minimum(rounded, least_positive - 1))


def _decimals(millionths: NDArray[np.float64]) -> list[str]:
    return ["" if m != m else f"{m / _MILLION:.6f}" for m in millionths.tolist()]
