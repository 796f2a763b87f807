"""Which patch a reviewer is shown next. Numpy only, no Qt."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.agreement import is_disputed
from histoviewer.results.store import ResultStore


class Queue(Enum):
    """In which order undecided patches are shown."""

    UNCERTAIN = "those nearest the threshold first"
    PLACE = "as they stand in the source"
    DISPUTED = "those whose truth is not the answer, the surest answers first"


def next_row(
    queue: Queue,
    store: ResultStore,
    threshold: float,
    *,
    is_undecided: NDArray[np.bool_],
    after: int | None = None,
) -> int | None:
    """The first undecided patch of a queue, or the one that follows the row ``after``, decided or not; after
    the last comes the first again. None where no patch is left, or the only one left is ``after``.

    ``is_undecided``: bool (n,), by the reviewer, or by anybody.
    """
    ranks = _ranks(queue, store.probability, threshold)
    waiting = np.flatnonzero(_is_in(queue, store, threshold) & is_undecided)
    waiting = waiting[waiting != after]
    if not len(waiting):
        return None
    if after is not None and not np.isnan(ranks[after]):
        behind = (ranks[waiting] > ranks[after]) | ((ranks[waiting] == ranks[after]) & (waiting > after))
        waiting = waiting[behind] if behind.any() else waiting
    return int(waiting[np.argmin(ranks[waiting])])


def _ranks(queue: Queue, probability: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """float32 (n,), lowest first; NaN where not judged."""
    if queue is Queue.PLACE:
        return np.where(np.isnan(probability), np.float32(np.nan), np.float32(0))
    distance: NDArray[np.float32] = np.abs(probability - np.float32(threshold))
    return distance if queue is Queue.UNCERTAIN else -distance


def _is_in(queue: Queue, store: ResultStore, threshold: float) -> NDArray[np.bool_]:
    if queue is Queue.DISPUTED:
        return is_disputed(store.probability, store.columns.truth, threshold)
    is_in: NDArray[np.bool_] = ~np.isnan(store.probability)
    return is_in
