"""Where keys can be in the gallery: at its cells, and at the headers of closed groups. Arithmetic only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from histoviewer.gui.gallery.gallery_grid import GalleryGrid


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, or the header of a closed group.

    Attributes:
        group: 0 where there are no groups.
        position: of the cell; None for a header.
    """

    group: int
    position: int | None = None


def place_of(grid: GalleryGrid, position: int) -> Place:
    """That of a cell."""
    return Place(grid.group_of(position), position)


def first_place(grid: GalleryGrid, offset: int, height: int) -> Place | None:
    """The first that is in sight in a view of this height that begins at ``offset``; None where there is
    none."""
    cells = grid.between(offset, offset + height)
    cell = place_of(grid, cells.start) if len(cells) else None
    for group in grid.headers_seen(offset, height):
        if grid.is_closed(group) and (cell is None or group < cell.group):
            return Place(group)
    return cell


def ends(grid: GalleryGrid) -> tuple[Place, Place]:
    """The first place and the last one of a grid that is not empty."""
    last = len(grid.starts) - 2
    return (
        Place(0) if grid.is_closed(0) else Place(0, 0),
        Place(last) if grid.is_closed(last) else Place(last, grid.count - 1),
    )


def stepped(grid: GalleryGrid, here: Place, lines: int) -> Place:
    """The place some lines below (above, if negative), each closed group being a line; in the same column as
    far as there is one."""
    tops = _lines(grid)
    line, column = 0, 0
    if here.position is not None:
        line, column = divmod(here.position - int(grid.starts[here.group]), grid.columns)
    goal = min(max(int(tops[here.group]) + line + lines, 0), int(tops[-1]) - 1)
    group = int(np.searchsorted(tops, goal, side="right")) - 1
    if grid.is_closed(group):
        return Place(group)
    first = int(grid.starts[group]) + (goal - int(tops[group])) * grid.columns
    return Place(group, min(first + column, int(grid.starts[group + 1]) - 1))


def after(grid: GalleryGrid, here: Place) -> Place:
    """The next place, in this group or the one below; the last one itself."""
    following = int(grid.starts[here.group]) if here.position is None else here.position + 1
    if following < grid.starts[here.group + 1]:
        return Place(here.group, following)
    group = here.group + 1
    if group == len(grid.starts) - 1:
        return here
    return Place(group) if grid.is_closed(group) else Place(group, following)


def before(grid: GalleryGrid, here: Place) -> Place:
    """The place before it in its group; the first one, and a header, itself."""
    if here.position is None or here.position == grid.starts[here.group]:
        return here
    return Place(here.group, here.position - 1)


def _lines(grid: GalleryGrid) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Lines above each group, a closed one being one of them, and last those of all."""
    lines = np.zeros(len(grid.starts), np.intp)
    np.cumsum(np.maximum(1, -(-np.diff(grid.starts) // grid.columns)), out=lines[1:])
    return lines
