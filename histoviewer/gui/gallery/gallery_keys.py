"""Where keys lead in the gallery, and what Shift and Ctrl do to the selection. Arithmetic only."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt

from histoviewer.gui.gallery.gallery_grid import GalleryGrid
from histoviewer.gui.gallery.gallery_walk import Place, after, before, ends, stepped

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_STEPS: dict[int, int] = {Key.Key_Left: -1, Key.Key_Right: 1}


class Reach(Enum):
    """What becomes of the selection when the user goes to a cell."""

    ONE = "this one only"
    TOGGLE = "this one too, or no longer"
    RANGE = "all up to this one"
    MORE = "all up to this one, too"


def reach_of_click(modifiers: Qt.KeyboardModifier) -> Reach:
    """As in every list: Ctrl one by one, Shift a range, both another range."""
    if modifiers & Modifier.ShiftModifier:
        return Reach.MORE if modifiers & Modifier.ControlModifier else Reach.RANGE
    return Reach.TOGGLE if modifiers & Modifier.ControlModifier else Reach.ONE


def target(
    grid: GalleryGrid, key: int, *, here: Place | None, first_seen: Place | None, page: int
) -> Place | None:
    """Where a key leads, or None: nowhere. Closed groups are on the way, as in a tree.

    ``page``: lines of a page. The first key shows where one is; only the next one moves.
    """
    if first_seen is None:
        return None
    if key in (Key.Key_Home, Key.Key_End):
        return ends(grid)[key == Key.Key_End]
    lines = _lines_of(page).get(key)
    if lines is None and key not in _STEPS:
        return None
    if here is None:
        return first_seen
    if lines is not None:
        return stepped(grid, here, lines)
    return after(grid, here) if key == Key.Key_Right else before(grid, here)


def range_target(grid: GalleryGrid, key: int, position: int, *, page: int) -> int | None:
    """The cell up to which a key draws a range from that at ``position``, or None: none. What is in closed
    groups is passed over."""
    ends_of_all: dict[int, int] = {Key.Key_Home: 0, Key.Key_End: grid.count - 1}
    lines = _lines_of(page).get(key)
    if lines is not None:
        return grid.moved(position, lines=lines)
    if key in _STEPS:
        return min(max(position + _STEPS[key], 0), grid.count - 1)
    return ends_of_all.get(key)


def _lines_of(page: int) -> dict[int, int]:
    return {Key.Key_Up: -1, Key.Key_Down: 1, Key.Key_PageUp: -page, Key.Key_PageDown: page}
