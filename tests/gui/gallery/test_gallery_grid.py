from __future__ import annotations

from PySide6.QtCore import QPoint

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
