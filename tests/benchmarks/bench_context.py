"""Recording blocks of 64 answers with and without neighbours taken into account.

``python -m tests.benchmarks.bench_context``: a slide of 1000 x 1000 patches, then 277,524 files of 279
patients.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.model_card import Context
from histoviewer.patches.neighbours import Neighbourhood
from histoviewer.patches.patch import PatchColumns
from histoviewer.run import IN_MEMORY, open_results
from tests.helpers.array_source import ArraySource
from tests.helpers.fake_classifier import a_card
from tests.results.samples import folder_columns, record, slide_columns

CONTEXT = Context(own=-0.3, rings=(0.8, 0.25), intercept=0.1, shrinkage=2.0, max_logit=6.0, evidence={})
BLOCKS, SIDE = 200, 8


def a_folder(files: int, patients: int) -> PatchColumns:
    """Each patient's patches 32 wide."""
    patient = np.arange(files) * patients // files
    place = np.arange(files) - np.searchsorted(patient, patient)
    return folder_columns(
        [f"{i}.png" for i in range(files)],
        places=np.stack((place % 32 * 50, place // 32 * 50), axis=1).tolist(),
        patients=[f"{number:03}" for number in patient],
    )


def blocks(width: int) -> list[NDArray[np.intp]]:
    """Squares of a grid of so many columns, side by side."""
    across = width // SIDE
    corners = [(number // across * SIDE, number % across * SIDE) for number in range(BLOCKS)]
    square = np.arange(SIDE)
    return [((row + square)[:, np.newaxis] * width + column + square).ravel() for row, column in corners]


def seconds_a_block(columns: PatchColumns, width: int, context: Context | None) -> float:
    """Median over the blocks, in a file in memory."""
    source, card = ArraySource(1), a_card(context=context)
    source.columns = columns
    times = []
    with open_results(IN_MEMORY, source, card, card.networks[0], threshold=0.5) as store:
        for rows in blocks(width):
            answers = (rows % 97 / 97).astype(np.float32)
            start = time.perf_counter()
            record(store, rows, answers)
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def bytes_a_patch(columns: PatchColumns) -> float:
    tracemalloc.start()
    hood = Neighbourhood(columns.patient, columns.x, columns.y, patch=50, stride=50, rings=2)
    held, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert hood.has_neighbours
    return held / len(columns)


def main() -> None:
    for name, columns, width in (
        ("slide", slide_columns(1000, 1000), 1000),
        ("folder", a_folder(277_524, 279), 32),
    ):
        alone, combined = (seconds_a_block(columns, width, context) for context in (None, CONTEXT))
        print(
            f"{name}: {len(columns):,} patches, {bytes_a_patch(columns):.0f} bytes each; a block of 64: "
            f"{combined * 1e3:.2f} ms, {alone * 1e3:.2f} ms without neighbours"
        )


if __name__ == "__main__":
    main()
