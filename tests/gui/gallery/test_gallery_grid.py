from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect

from histoviewer.gui.gallery.gallery_grid import GAP, GalleryGrid

# Cells of 46 x 58 pixels, 54 apart across and 66 down; four fit into 230 pixels.
GRID = GalleryGrid(count=11, width=230, side=40, caption=12)


def test_cells_fill_lines_from_left_to_right() -> None:
    assert GRID.columns == 4
    assert GRID.cell(0).getRect() == (8, 8, 46, 58)
    assert GRID.cell(6).getRect() == (8 + 2 * 54, 8 + 66, 46, 58)
    assert GRID.height == 3 * 66 + GAP


def test_every_cell_is_found_at_its_own_middle_and_edges() -> None:
    for position in range(GRID.count):
        cell = GRID.cell(position)
        for point in (cell.center(), cell.topLeft(), cell.bottomRight()):
            assert GRID.position_at(point) == position


def test_outside_the_cells_there_is_nothing() -> None:
    below_the_last = QPoint(GRID.cell(3).center().x(), GRID.cell(10).center().y())
    right_of_all = QPoint(8 + 4 * 54, 30)
    for point in (below_the_last, right_of_all, QPoint(-5, 30), QPoint(30, -5), QPoint(30, 5000)):
        assert GRID.position_at(point) is None


def test_a_stripe_holds_exactly_the_lines_it_cuts() -> None:
    assert GRID.between(0, 60) == range(4)
    assert GRID.between(65, 80) == range(8)
    assert GRID.between(74, 74 + 58) == range(4, 8)
    assert GRID.between(100, 5000) == range(4, 11)
    assert GRID.between(5000, 6000) == range(11, 11)


def test_moving_by_lines_keeps_the_column_and_stops_at_the_ends() -> None:
    assert GRID.moved(1, lines=1) == 5
    assert GRID.moved(7, lines=1) == 10
    assert GRID.moved(10, lines=1) == 10
    assert GRID.moved(2, lines=-1) == 2
    assert GRID.moved(9, lines=-100) == 1


def test_a_window_narrower_than_a_cell_still_has_a_column() -> None:
    grid = GalleryGrid(count=3, width=20, side=256, caption=0)
    assert grid.columns == 1
    assert grid.cell(2).top() == GAP + 2 * (256 + 6 + GAP)


def test_an_empty_grid_shows_nothing() -> None:
    grid = GalleryGrid(count=0, width=500, side=64, caption=12)
    assert grid.between(0, 1000) == range(0)
    assert grid.position_at(QPoint(20, 20)) is None


# Five, none (closed) and three cells; the headers are 20 high and lie 4 below the line before.
GROUPED = GalleryGrid(count=8, width=230, side=40, caption=12, header=20, sizes=np.array([5, 0, 3]))


def test_each_group_begins_a_line_of_its_own_below_its_header() -> None:
    assert [GROUPED.header_of(group).getRect() for group in range(3)] == [
        (0, 4, 230, 20),
        (0, 4 + 20 + 2 * 66, 230, 20),
        (0, 4 + 40 + 2 * 66, 230, 20),
    ]
    assert GROUPED.cell(0).getRect() == (8, 28, 46, 58)
    assert GROUPED.cell(4).getRect() == (8, 28 + 66, 46, 58)
    assert GROUPED.cell(6).getRect() == (8 + 54, 68 + 2 * 66, 46, 58)
    assert GROUPED.height == 60 + 3 * 66 + GAP


def test_in_groups_too_every_cell_is_found_where_it_lies_and_nothing_in_a_header() -> None:
    for position in range(GROUPED.count):
        cell = GROUPED.cell(position)
        for point in (cell.center(), cell.topLeft(), cell.bottomRight()):
            assert GROUPED.position_at(point) == position
        line = next(line for line in (range(4), range(4, 5), range(5, 8)) if position in line)
        assert GROUPED.between(cell.top(), cell.bottom()) == line
    for group in range(3):
        header = GROUPED.header_of(group)
        assert GROUPED.position_at(header.center()) is None
        assert len(GROUPED.between(header.top(), header.bottom())) == 0
    assert GROUPED.position_at(QPoint(70, GROUPED.cell(4).center().y())) is None


def test_moving_by_lines_crosses_groups_and_passes_over_closed_ones() -> None:
    assert GROUPED.moved(2, lines=1) == 4
    assert GROUPED.moved(3, lines=2) == 7
    assert GROUPED.moved(4, lines=1) == 5
    assert GROUPED.moved(6, lines=-1) == 4
    assert GROUPED.moved(6, lines=-2) == 1
    assert GROUPED.moved(0, lines=-9) == 0
    assert GROUPED.moved(0, lines=9) == 5


def test_the_header_of_the_group_in_sight_stays_at_the_top_until_the_next_pushes_it_out() -> None:
    assert GROUPED.header_of(0, offset=50).top() == 50
    assert GROUPED.header_of(0, offset=150).top() == GROUPED.header_of(1).top() - 20
    assert GROUPED.header_of(2, offset=150) == GROUPED.header_of(2)
    assert GROUPED.headers_seen(50, 60) == range(1)
    assert GROUPED.headers_seen(50, 110) == range(2)
    assert GROUPED.headers_seen(180, 100) == range(2, 3)
    assert GRID.headers_seen(0, 1000) == range(0)


def test_a_rectangle_touches_the_cells_it_cuts() -> None:
    assert GRID.within(QRect(QPoint(60, 20), QPoint(120, 90))).tolist() == [1, 2, 5, 6]
    assert GROUPED.within(QRect(QPoint(0, 100), QPoint(61, 250))).tolist() == [4, 5]
    assert GROUPED.within(QRect(QPoint(0, 100), QPoint(62, 250))).tolist() == [4, 5, 6]


def test_closed_groups_alone_have_headers_and_no_cell() -> None:
    closed = GalleryGrid(count=0, width=230, side=40, caption=12, header=20, sizes=np.array([0, 0]))
    assert closed.height == 40 + GAP
    assert closed.between(0, 500) == range(0)
    assert closed.headers_seen(0, 500) == range(2)
    assert closed.position_at(QPoint(20, 10)) is None


def test_a_million_cells_in_ten_thousand_groups_are_found_again() -> None:
    sizes = np.random.default_rng(0).integers(0, 200, 10_000)
    grid = GalleryGrid(count=int(sizes.sum()), width=1000, side=32, caption=0, header=20, sizes=sizes)
    for position in range(0, grid.count, 9973):
        assert grid.position_at(grid.cell(position).center()) == position
        assert position in grid.between(grid.cell(position).top(), grid.cell(position).top() + 1)
