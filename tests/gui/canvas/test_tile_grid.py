from __future__ import annotations

import pytest

from histoviewer.gui.canvas.tile_grid import TILE, TileGrid, TileKey
from histoviewer.slides.geometry import Box, Size

GRID = TileGrid(Box(0, 0, 2220, 2967))


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_tiles_cover_the_bounds_once(level: int) -> None:
    boxes = [GRID.box(key) for key in GRID.keys(GRID.bounds, level)]
    assert sum(box.width * box.height for box in boxes) == 2220 * 2967
    assert max(box.x + box.width for box in boxes) == 2220
    assert max(box.y + box.height for box in boxes) == 2967


def test_only_tiles_that_a_box_touches() -> None:
    keys = GRID.keys(Box(256, 600, 256, 10), 0)
    assert keys == [TileKey(0, 1, 2)]
    assert GRID.keys(Box(5000, 0, 10, 10), 0) == []
    assert GRID.keys(Box(-500, -500, 100, 100), 0) == []


def test_the_middle_of_the_box_comes_first() -> None:
    keys = GRID.keys(Box(0, 0, 5 * TILE, 3 * TILE), 0)
    assert keys[0] == TileKey(0, 2, 1)
    assert set(keys[-4:]) == {TileKey(0, c, r) for c in (0, 4) for r in (0, 2)}


def test_tiles_at_the_edge_are_cut_off() -> None:
    key = TileKey(3, 1, 1)
    assert GRID.box(key) == Box(2048, 2048, 172, 919)
    assert GRID.size(key) == Size(22, 115)


def test_a_sliver_is_still_a_pixel() -> None:
    grid = TileGrid(Box(0, 0, 2 * TILE + 0.2, 10))
    assert grid.size(TileKey(0, 2, 0)) == Size(1, 10)


def test_the_grid_begins_where_the_scan_begins() -> None:
    grid = TileGrid(Box(1000, 500, 600, 300))
    assert grid.box(TileKey(0, 1, 0)) == Box(1256, 500, 256, 256)
    assert grid.keys(Box(0, 0, 1001, 501), 0) == [TileKey(0, 0, 0)]


@pytest.mark.parametrize(
    ("downsample", "level"), [(0.1, 0), (1.0, 0), (1.99, 0), (2.0, 1), (3.9, 1), (4.0, 2), (500.0, 3)]
)
def test_the_level_is_the_coarsest_that_is_fine_enough(downsample: float, level: int) -> None:
    assert GRID.level_for(downsample) == level


@pytest.mark.parametrize("size", [(1, 1), (512, 512), (513, 20), (2220, 2967), (150_000, 90_000)])
def test_four_tiles_at_most_hold_everything(size: tuple[int, int]) -> None:
    grid = TileGrid(Box(0, 0, *size))
    assert 1 <= len(grid.keys(grid.bounds, grid.coarsest)) <= 4


def test_ancestors_and_children_cover_each_other() -> None:
    parent = TileKey(2, 1, 0)
    assert all(child.ancestor(1) == parent for child in GRID.children(parent))
    left, top = (
        min(GRID.box(child).x for child in GRID.children(parent)),
        GRID.box(GRID.children(parent)[0]).y,
    )
    assert (left, top) == (GRID.box(parent).x, GRID.box(parent).y)
    assert GRID.children(TileKey(0, 0, 0)) == []


def test_children_lie_within_the_bounds() -> None:
    grid = TileGrid(Box(0, 0, 3 * 256 - 10, 256))
    assert grid.children(TileKey(1, 0, 0)) == [TileKey(0, 0, 0), TileKey(0, 1, 0)]
    assert grid.children(TileKey(1, 1, 0)) == [TileKey(0, 2, 0)]
