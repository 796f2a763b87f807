from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.patches.neighbours import Neighbourhood
from histoviewer.patches.patch import NO_LOCATION

Cell = tuple[int, int, int]
"""Slide, column, row."""


def neighbourhood(
    cells: list[Cell], *, stride: float = 50.0, patch: float = 50.0, rings: int = 2, start: int = 0
) -> Neighbourhood:
    """One row a cell, a stride apart, the first of each slide at ``start``."""
    slide, column, row = np.array(cells, np.int32).reshape(-1, 3).T
    x, y = (np.rint(start + along * stride).astype(np.int32) for along in (column, row))
    return Neighbourhood(slide, x, y, patch=patch, stride=stride, rings=rings)


def square(side: int, *, slide: int = 0) -> list[Cell]:
    return [(slide, i % side, i // side) for i in range(side * side)]


def expected_rings(
    cells: list[Cell], values: NDArray[np.float32], *, rings: int, step: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """By looking at every pair of patches."""
    mean, count = np.zeros((len(cells), rings)), np.zeros((len(cells), rings), np.int64)
    for i, (slide, column, row) in enumerate(cells):
        for ring in range(rings):
            found = [
                float(values[j])
                for j, (other, x, y) in enumerate(cells)
                if other == slide
                and (x - column) % step == (y - row) % step == 0
                and max(abs(x - column), abs(y - row)) == step * (ring + 1)
                and not np.isnan(values[j])
            ]
            mean[i, ring], count[i, ring] = np.mean(found) if found else 0, len(found)
    return mean, count


def some_cells() -> list[Cell]:
    """Three slides with holes, their rows in no order."""
    random = np.random.default_rng(3)
    cells = [cell for slide in range(3) for cell in square(9, slide=slide) if random.random() < 0.7]
    return [cells[i] for i in random.permutation(len(cells))]


def some_values(count: int) -> NDArray[np.float32]:
    """A fifth of them missing."""
    random = np.random.default_rng(4)
    return np.where(random.random(count) < 0.2, np.nan, random.normal(size=count)).astype(np.float32)


@pytest.mark.parametrize("rings", [1, 2, 3])
@pytest.mark.parametrize(("stride", "step"), [(50.0, 1), (25.0, 2), (49.6, 1), (16.53, 3)])
def test_rings_are_those_found_by_looking_at_every_pair(stride: float, step: int, rings: int) -> None:
    cells = some_cells()
    values = some_values(len(cells))
    hood = neighbourhood(cells, stride=stride, rings=rings)
    mean, count = hood.rings_of(values, np.arange(len(cells)))
    expected_mean, expected_count = expected_rings(cells, values, rings=rings, step=step)
    assert hood.has_neighbours
    assert (mean.dtype, count.dtype) == (np.float32, np.int32)
    assert (count == expected_count).all()
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-6)


def test_inside_a_slide_there_are_eight_and_sixteen_neighbours_and_fewer_at_its_corner() -> None:
    hood = neighbourhood(square(7))
    _mean, count = hood.rings_of(np.zeros(49, np.float32), np.array([24, 0, 3]))
    assert count.tolist() == [[8, 16], [3, 5], [5, 9]]


@pytest.mark.parametrize("start", [0, 1, 12, 100, 107])
def test_a_stride_that_is_not_whole_and_a_slide_that_begins_anywhere_lose_no_neighbour(start: int) -> None:
    cells = square(60)
    hood = neighbourhood(cells, stride=200.4, patch=200.4, start=start)
    _mean, count = hood.rings_of(np.zeros(len(cells), np.float32), np.arange(len(cells)))
    inside = [i for i, (_slide, x, y) in enumerate(cells) if 2 <= x < 58 and 2 <= y < 58]
    assert (count[inside] == [8, 16]).all()


def test_patches_of_two_slides_are_no_neighbours() -> None:
    hood = neighbourhood([(0, 0, 0), (1, 1, 0), (1, 0, 0), (0, 5, 5)], rings=1)
    assert hood.rings_of(np.zeros(4, np.float32), np.arange(4))[1].tolist() == [[0], [1], [1], [0]]


def test_around_are_all_whose_rings_hold_one_of_the_rows() -> None:
    cells = some_cells()
    hood = neighbourhood(cells)
    values, rows = some_values(len(cells)), np.array([30, 5, 77, 5])
    changed = values.copy()
    changed[rows] = 100.0
    before, after = (hood.rings_of(v, np.arange(len(cells))) for v in (values, changed))
    depends = np.any((before[0] != after[0]) | (before[1] != after[1]), axis=1)
    depends[rows] = True
    assert hood.around(rows).tolist() == np.flatnonzero(depends).tolist()
    assert hood.around(rows).dtype == np.intp


def test_what_a_row_gets_does_not_depend_on_the_others_it_is_asked_for_with() -> None:
    cells = square(40)
    hood, values = neighbourhood(cells), some_values(len(cells))
    mean, _count = hood.rings_of(values, np.arange(len(cells)))
    for rows in (np.array([700]), np.arange(690, 720), np.array([1599, 0, 700])):
        assert np.array_equal(hood.rings_of(values, rows)[0], mean[rows])


def test_patches_without_a_place_have_no_neighbours_and_are_none() -> None:
    slide = np.zeros(4, np.int32)
    x, y = np.array([[0, NO_LOCATION, 50, NO_LOCATION], [0, NO_LOCATION, 0, NO_LOCATION]], np.int32)
    hood = Neighbourhood(slide, x, y, patch=50, stride=50, rings=1)
    _mean, count = hood.rings_of(np.ones(4, np.float32), np.arange(4))
    assert count.tolist() == [[1], [0], [1], [0]]
    assert hood.around(np.array([1])).tolist() == [1]


def test_of_files_that_claim_one_place_the_first_has_it() -> None:
    hood = neighbourhood([(0, 0, 0), (0, 1, 0), (0, 1, 0)], rings=1)
    mean, count = hood.rings_of(np.array([1, 2, 3], np.float32), np.arange(3))
    assert (mean[:, 0].tolist(), count[:, 0].tolist()) == ([2, 1, 0], [1, 1, 0])
    assert hood.around(np.array([0])).tolist() == [0, 1]
    assert hood.around(np.array([2])).tolist() == [2]


@pytest.mark.parametrize(
    ("stride", "has_neighbours"), [(49.1, True), (48.9, False), (30, False), (100, False)]
)
def test_a_patch_must_be_a_whole_number_of_strides(stride: float, has_neighbours: bool) -> None:
    hood = neighbourhood(square(5), stride=stride)
    assert hood.has_neighbours is has_neighbours
    assert hood.rings_of(np.ones(25, np.float32), np.array([12]))[1].any() == has_neighbours


@pytest.mark.parametrize("cells", [[], [(0, 0, 0)], [(0, 0, 0), (0, 9, 9)]])
def test_nothing_lies_next_to_anything(cells: list[Cell]) -> None:
    hood = neighbourhood(cells)
    rows = np.arange(len(cells))
    assert not hood.has_neighbours
    assert hood.rings_of(np.ones(len(cells), np.float32), rows)[0].shape == (len(cells), 2)
    assert hood.around(rows).tolist() == rows.tolist()


def test_a_patch_costs_less_than_sixty_bytes() -> None:
    cells = np.arange(300 * 300)
    x, y = (cells % 300 * 50).astype(np.int32), (cells // 300 * 50).astype(np.int32)
    tracemalloc.start()
    try:
        hood = Neighbourhood(np.zeros(len(cells), np.int32), x, y, patch=50, stride=50, rings=2)
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert hood.has_neighbours
    assert held / len(cells) < 60
