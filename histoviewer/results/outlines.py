"""Outlines of cells that are set in a grid: as single lines, and as closed rings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEPS = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Row and column of a step to the right, down, to the left and up."""


_Edge = tuple[int, int, int]
"""Row and column of the corner where an edge begins, and its direction, a place in ``_STEPS``."""


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """A closed outline along the edges of cells.

    Attributes:
        corners: intp (n, 2) of column, row, counted in cells; the last is the first once more.
        cell: row and column of a set cell that it runs along.
        is_hole: it runs around cells that are not set.
    """

    corners: NDArray[np.intp]
    cell: tuple[int, int]
    is_hole: bool


def runs(is_set: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Of each row the stretches that are set: intp (n, 3) of row, start, end."""
    rows, columns = is_set.shape
    gaps = np.zeros((rows, 1), np.bool_)  # between the end of a row and the start of the next
    # In one line: ten times as fast as a search over two axes.
    flat = np.append(np.hstack([gaps, is_set]), False)
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    starts, ends = changes[::2], changes[1::2]
    row, start = np.divmod(starts, columns + 1)
    return np.stack([row, start, start + ends - starts], axis=1)


def lines(is_set: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Lines around all set cells, counted in cells: intp (n, 4) of x, y, x, y, ends included.

    Edges in a row are one line; each lies between a cell that is set and one that is not.
    """
    inside = np.pad(is_set, 1)
    across = runs(inside[1:, 1:-1] != inside[:-1, 1:-1])
    down = runs((inside[1:-1, 1:] != inside[1:-1, :-1]).T)
    return np.concatenate([across[:, [1, 0, 2, 0]], down[:, [0, 1, 0, 2]]])


def rings(is_set: NDArray[np.bool_]) -> list[Ring]:
    """The outlines of all set cells. Cells that touch by a corner only are not of one outline.

    Each has its cells on the right of its way: outlines run clockwise on the screen, holes against it.
    """
    edges = _edges(is_set)
    # The first edge of a ring in this order begins in a corner of it.
    return [_walked(edge, edges) for edge in sorted(edges) if edge in edges]


def _edges(is_set: NDArray[np.bool_]) -> set[_Edge]:
    inside = np.pad(is_set, 1)
    middle = inside[1:-1, 1:-1]
    # Beside which cell the edge lies, and where it begins, seen from the cell's upper left corner.
    sides = (
        (inside[:-2, 1:-1], 0, 0),
        (inside[1:-1, 2:], 0, 1),
        (inside[2:, 1:-1], 1, 1),
        (inside[1:-1, :-2], 1, 0),
    )
    edges: set[_Edge] = set()
    for direction, (neighbour, down, across) in enumerate(sides):
        rows, columns = np.nonzero(middle & ~neighbour)
        starts = zip((rows + down).tolist(), (columns + across).tolist(), strict=True)
        edges.update((row, column, direction) for row, column in starts)
    return edges


def _walked(first: _Edge, edges: set[_Edge]) -> Ring:
    """Take one ring out of the edges, that with the edge ``first``."""
    edge = first
    corners: list[tuple[int, int]] = []
    twice_the_area = 0
    direction_before = -1
    while True:
        row, column, direction = edge
        if direction != direction_before:
            corners.append((column, row))
        direction_before = direction
        down, across = _STEPS[direction]
        twice_the_area += column * down - row * across
        # To the right first: so it stays with its own cell where two touch by a corner.
        ways = ((row + down, column + across, (direction + turn) % 4) for turn in (1, 0, 3))
        edge = next(way for way in ways if way in edges)
        if edge == first:
            break
        edges.remove(edge)
    edges.remove(first)
    corners.append(corners[0])
    return Ring(np.array(corners, np.intp), _cell_beside(*first), twice_the_area < 0)


def _cell_beside(row: int, column: int, direction: int) -> tuple[int, int]:
    """The cell on the right of an edge."""
    back, left = ((0, 0), (0, 1), (1, 1), (1, 0))[direction]
    return row - back, column - left
