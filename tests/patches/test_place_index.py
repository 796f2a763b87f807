"""What covers a point, against looking at all patches."""

from __future__ import annotations

import numpy as np
import pytest

from histoviewer.patches.patch import PatchColumns
from histoviewer.patches.place_index import PlaceIndex


def columns_of(x: list[int], y: list[int], width: list[int], height: list[int]) -> PatchColumns:
    count = len(x)
    numbers = (np.array(values, np.int32) for values in (x, y, width, height))
    return PatchColumns(
        ["slide"],
        ("P",),
        np.zeros(count, np.int32),
        *numbers,
        np.zeros(count, np.int8),
        np.zeros(1, np.int64),
    )


def covering(columns: PatchColumns, rows: np.ndarray, x: float, y: float) -> list[int]:
    dx, dy = x - columns.x[rows], y - columns.y[rows]
    inside = (dx >= 0) & (dx < columns.width[rows]) & (dy >= 0) & (dy < columns.height[rows])
    return rows[inside].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_nothing_that_covers_a_point_is_left_out(seed: int) -> None:
    random = np.random.default_rng(seed)
    x, y = random.integers(-300, 3000, 500), random.integers(40, 900, 500)
    width, height = random.integers(1, 60, 500), random.integers(1, 90, 500)
    columns = columns_of(*(values.tolist() for values in (x, y, width, height)))
    rows = np.sort(random.permutation(500)[:400])
    index = PlaceIndex(columns, rows)
    looked_at = 0
    for _ in range(300):
        px, py = random.uniform(-400, 3200), random.uniform(-100, 1100)
        near = index.near(px, py)
        assert set(covering(columns, rows, px, py)) <= set(near.tolist())
        looked_at += len(near)
    assert looked_at < 300 * 20


def test_without_patches_there_is_nothing() -> None:
    assert len(PlaceIndex(columns_of([], [], [], []), np.empty(0, np.intp)).near(3.0, 4.0)) == 0


def test_rows_come_in_order() -> None:
    columns = columns_of([20, 0, 10], [0, 0, 0], [50, 50, 50], [50, 50, 50])
    assert PlaceIndex(columns, np.arange(3)).near(30.0, 5.0).tolist() == [0, 1, 2]
