from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.results.outlines import lines, rings


def mask(picture: str) -> NDArray[np.bool_]:
    return np.array([[sign == "#" for sign in line] for line in picture.split()])


def filled(shape: tuple[int, int], corners: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Cells whose middle a ring goes around, by the even-odd rule."""
    rows, columns = np.indices(shape) + 0.5
    inside = np.zeros(shape, bool)
    for (x, top), (_, bottom) in itertools.pairwise(corners.tolist()):
        is_between = (rows > min(top, bottom)) & (rows < max(top, bottom))
        inside ^= is_between & (columns > x)
    return inside


def test_one_cell_has_four_corners_and_runs_clockwise() -> None:
    (ring,) = rings(mask("... .#. ..."))
    start = int(np.flatnonzero((ring.corners[:-1] == (1, 1)).all(axis=1))[0])
    assert np.roll(ring.corners[:-1], -start, axis=0).tolist() == [[1, 1], [2, 1], [2, 2], [1, 2]]
    assert ring.corners[0].tolist() == ring.corners[-1].tolist()
    assert (ring.cell, ring.is_hole) == ((1, 1), False)


@pytest.mark.parametrize(
    ("picture", "outer", "holes"),
    [
        ("### #.# ###", 1, 1),
        ("##. ##. ..#", 2, 0),
        ("#.# .#. #.#", 5, 0),
        (".##. #..# #..# .##.", 4, 0),
        ("##### #...# #.#.# #...# #####", 2, 1),
        ("####. #..## #.#.# ##..# .####", 2, 1),
        ("... ...", 0, 0),
    ],
)
def test_each_component_has_one_outline_and_its_holes(picture: str, outer: int, holes: int) -> None:
    is_set = mask(picture)
    found = rings(is_set)
    assert [sum(not ring.is_hole for ring in found), sum(ring.is_hole for ring in found)] == [outer, holes]
    assert all(is_set[ring.cell] for ring in found)


def test_the_rings_of_any_cells_enclose_just_these() -> None:
    random = np.random.default_rng(3)
    for share in (0.2, 0.5, 0.8):
        is_set = random.random((23, 31)) < share
        enclosed = np.zeros(is_set.shape, bool)
        for ring in rings(is_set):
            enclosed ^= filled(is_set.shape, ring.corners)
        assert (enclosed == is_set).all()


def test_lines_are_as_long_as_the_rings() -> None:
    is_set = np.random.default_rng(4).random((23, 31)) < 0.5
    along_rings = sum(np.abs(np.diff(ring.corners, axis=0)).sum() for ring in rings(is_set))
    found = lines(is_set)
    assert (found[:, 2:] - found[:, :2]).sum() == along_rings
