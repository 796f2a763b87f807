from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.results.heatmap import Heatmap
from histoviewer.results.regions import find_regions
from histoviewer.results.store import ResultStore
from histoviewer.results.summary import count_rows
from tests.results.samples import facts, record, slide_columns

ANSWERS = np.array(
    [
        [0.9, 0.8, 0.7, 0.1, 0.1],
        [0.6, 0.2, 0.9, 0.1, 0.5],
        [0.9, 0.9, 0.9, 0.1, np.nan],
        [0.1, 0.1, 0.1, 0.6, 0.1],
    ],
    np.float32,
)
"""A ring of eight around one, a single one at the threshold, and one that touches by a corner only."""


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    columns = slide_columns(5, 4)
    with ResultStore.open(tmp_path / "x.histo", columns, facts()) as store:
        record(store, range(20), ANSWERS.ravel())
    return store


def test_regions_are_what_touches_by_an_edge_largest_first(store: ResultStore) -> None:
    heatmap = Heatmap(store, np.arange(20))
    found = find_regions(heatmap, 0.5)
    assert [region.cells for region in found] == [8, 1, 1]
    ring = found[0]
    assert ring.mean_probability == pytest.approx(np.mean([0.9, 0.8, 0.7, 0.6, 0.9, 0.9, 0.9, 0.9]))
    assert ring.highest_probability == pytest.approx(0.9)
    assert [len(ring.outline), len(ring.holes)] == [5, 1]
    left, top = heatmap.x, heatmap.y
    assert (ring.outline.min(axis=0) == (left, top)).all()
    assert (ring.outline.max(axis=0) == (left + 3 * heatmap.cell, top + 3 * heatmap.cell)).all()
    assert (ring.holes[0].min(axis=0) == (left + heatmap.cell, top + heatmap.cell)).all()


def test_their_areas_add_up_to_the_malignant_area(store: ResultStore) -> None:
    found = find_regions(Heatmap(store, np.arange(20)), 0.5)
    assert sum(region.area_mm2 for region in found) == pytest.approx(count_rows(store, 0.5).malignant_mm2)


def test_a_truncated_patch_counts_with_what_there_is_of_it(tmp_path: Path) -> None:
    columns = slide_columns(2, 1)
    with ResultStore.open(tmp_path / "y.histo", columns, facts()) as store:
        rows, sizes = np.arange(2), np.array([[50, 50], [30, 50]], np.int32)
        store.record(rows, np.array([0.9, 0.9], np.float32), sizes, {1: "truncated"})
    (region,) = find_regions(Heatmap(store, rows), 0.5)
    assert region.area_mm2 == pytest.approx(80 * 50 * (facts().mpp / 1000) ** 2)
    assert region.area_mm2 == pytest.approx(count_rows(store, 0.5).malignant_mm2)


def test_where_nothing_reaches_the_threshold_there_are_none(store: ResultStore) -> None:
    assert find_regions(Heatmap(store, np.arange(20)), 0.95) == []
