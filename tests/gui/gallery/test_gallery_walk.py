"""Where keys lead among cells and the headers of closed groups."""

from __future__ import annotations

import numpy as np
import pytest

from histoviewer.gui.gallery.gallery_grid import GalleryGrid
from histoviewer.gui.gallery.gallery_walk import Place, after, before, first_place, stepped


def grid_of(*sizes: int) -> GalleryGrid:
    """Four cells to a line."""
    return GalleryGrid(count=sum(sizes), width=230, side=40, caption=12, header=20, sizes=np.array(sizes))


MIXED = grid_of(5, 0, 3, 0, 0)
PLAIN = GalleryGrid(count=6, width=230, side=40, caption=12)


@pytest.mark.parametrize(
    ("start", "lines", "end"),
    [
        (Place(0, 2), 1, Place(0, 4)),
        (Place(0, 4), 1, Place(1)),
        (Place(1), 1, Place(2, 5)),
        (Place(2, 7), 1, Place(3)),
        (Place(2, 7), 9, Place(4)),
        (Place(4), -1, Place(3)),
        (Place(3), -1, Place(2, 5)),
        (Place(2, 6), -1, Place(1)),
        (Place(2, 6), -2, Place(0, 4)),
        (Place(0, 1), -1, Place(0, 1)),
    ],
)
def test_a_closed_group_is_a_line_of_its_own(start: Place, lines: int, end: Place) -> None:
    assert stepped(MIXED, start, lines) == end


def test_without_groups_lines_are_those_of_cells() -> None:
    assert stepped(PLAIN, Place(0, 1), 1) == Place(0, 5)
    assert stepped(PLAIN, Place(0, 3), 1) == Place(0, 5)
    assert stepped(PLAIN, Place(0, 5), -5) == Place(0, 1)


def test_right_reaches_every_place() -> None:
    cells = [Place(0, position) for position in range(5)], [Place(2, position) for position in range(5, 8)]
    places = [*cells[0], Place(1), *cells[1], Place(3), Place(4)]
    assert [after(MIXED, place) for place in places] == [*places[1:], places[-1]]
    assert after(PLAIN, Place(0, 5)) == Place(0, 5)


def test_left_stays_in_the_group() -> None:
    assert before(MIXED, Place(2, 6)) == Place(2, 5)
    assert before(MIXED, Place(2, 5)) == Place(2, 5)
    assert before(MIXED, Place(1)) == Place(1)
    assert before(PLAIN, Place(0, 4)) == Place(0, 3)


def test_keys_begin_at_what_is_first_in_sight() -> None:
    assert first_place(MIXED, 0, 400) == Place(0, 0)
    assert first_place(grid_of(0, 5), 0, 400) == Place(0)
    assert first_place(grid_of(0, 5), 30, 400) == Place(1, 0)
    assert first_place(grid_of(0, 0), 0, 400) == Place(0)
    assert first_place(GalleryGrid(count=0, width=230, side=40, caption=12), 0, 400) is None
