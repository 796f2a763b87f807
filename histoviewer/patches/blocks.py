"""Blocks of a folder's patches: neighbours together, each about a batch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from histoviewer.patches.patch import NO_LOCATION, Block, PatchColumns

BLOCK_SIDE = 8
"""Patches along a block's side."""

BLOCK_SIZE = BLOCK_SIDE * BLOCK_SIDE
"""Patches a block holds at most."""


def blocks_by_place(columns: PatchColumns, pitch: int) -> list[Block]:
    """Every patch in one block: loose ones in runs, those with a place by patient and neighbourhood.

    A neighbourhood is a square of 8 x 8 patches of ``pitch`` pixels; sparse ones that follow one another
    are put together while they fit. The blocks are views of one sorted array.
    """
    is_loose = columns.x == NO_LOCATION
    loose = np.flatnonzero(is_loose)
    located, hood = _by_neighbourhood(columns, np.flatnonzero(~is_loose), pitch)
    rows = np.concatenate((loose, located))
    ends = [*range(BLOCK_SIZE, len(loose), BLOCK_SIZE), *([len(loose)] if len(loose) else [])]
    ends += [len(loose) + end for end in _ends(hood)]
    return [Block(i, rows[start:end]) for i, (start, end) in enumerate(zip([0, *ends], ends, strict=False))]


def _by_neighbourhood(
    columns: PatchColumns, rows: NDArray[np.intp], pitch: int
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Rows sorted by patient, neighbourhood and place; int32 (3, n): patient and neighbourhood of each."""
    side = BLOCK_SIDE * pitch
    patient, x, y = columns.patient[rows], columns.x[rows], columns.y[rows]
    column, row = x // side, y // side
    # Every other row of neighbourhoods runs backwards, so that the next one in order is near.
    serpentine = np.where(row % 2 == 0, column, -column)
    order = np.lexsort((x, y, serpentine, row, patient))
    return rows[order], np.stack((patient, row, column))[:, order]


def _ends(hood: NDArray[np.int32]) -> list[int]:
    """Where each block of the sorted rows ends."""
    if not hood.size:
        return []
    is_new = np.any(hood[:, 1:] != hood[:, :-1], axis=0)
    starts = np.concatenate(([0], np.flatnonzero(is_new) + 1))
    counts = np.diff(np.append(starts, hood.shape[1]))
    return _packed(zip(hood[0, starts].tolist(), counts.tolist(), strict=True))


def _packed(hoods: Iterable[tuple[int, int]]) -> list[int]:
    """Ends of the blocks that hold neighbourhoods of (patient, count): no patient's next to another's."""
    ends: list[int] = []
    total = held = 0
    last_patient = -1
    for patient, count in hoods:
        if held and (patient != last_patient or held + count > BLOCK_SIZE):
            ends.append(total)
            held = 0
        total, held, last_patient = total + count, held + count, patient
        while held > BLOCK_SIZE:  # places that several files claim
            held -= BLOCK_SIZE
            ends.append(total - held)
    return [*ends, total]
