"""Arithmetic of the grid."""

from __future__ import annotations

import numpy as np
import pytest

from histoviewer.patches.cells import Grid, square_blocks
from histoviewer.slides.geometry import Box, Size


def grid(width: float, *, stride: int = 50, pixel: float = 1.0) -> Grid:
    return Grid(Box(0, 0, width, 50 * pixel), pixel, side=50, stride=stride)


@pytest.mark.parametrize(
    ("width", "stride", "columns"),
    [
        (50, 50, 1),
        (51, 50, 2),
        (10, 50, 1),
        (100, 25, 3),
        (101, 25, 4),
        (49, 25, 1),
        (120, 100, 2),
        (190, 100, 2),
    ],
)
def test_cells_cover_the_slide_and_no_more(width: float, stride: int, columns: int) -> None:
    assert grid(width, stride=stride).columns == columns


def test_a_rounding_error_makes_no_further_cell() -> None:
    assert grid(50 * 0.1 * 3, pixel=0.1).columns == 3


def test_positions_do_not_drift() -> None:
    made = Grid(Box(7, 3, 1e5, 1e5), 4 / 0.2277, side=50, stride=50)
    box = made.box(100, 20)
    assert box.x == pytest.approx(7 + 100 * 50 * 4 / 0.2277, abs=1e-6)
    assert box.y == pytest.approx(3 + 20 * 50 * 4 / 0.2277, abs=1e-6)
    first, length = made.whole_pixels(np.arange(100, dtype=np.int32), 7, 1e5)
    assert np.array_equal(first[1:], (first + length)[:-1])


def test_a_box_around_several_cells_ends_with_the_last_one() -> None:
    made = grid(1000, stride=20, pixel=2.0)
    assert made.box(3, 1, columns=4, rows=2) == Box(120, 40, 220, 140)
    assert made.size(columns=4, rows=2) == Size(110, 70)


def test_blocks_are_squares_row_by_row() -> None:
    row, column = np.indices((3, 5), np.int32).reshape(2, -1)
    blocks = square_blocks(column, row, 2)
    assert [b.patches.tolist() for b in blocks] == [
        [0, 1, 5, 6],
        [2, 3, 7, 8],
        [4, 9],
        [10, 11],
        [12, 13],
        [14],
    ]
    assert [b.number for b in blocks] == [0, 1, 2, 3, 4, 5]


def test_no_cells_make_no_blocks() -> None:
    none = np.empty(0, np.int32)
    assert square_blocks(none, none, 8) == []
