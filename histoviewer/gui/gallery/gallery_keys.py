"""Where keys lead in the gallery, and what Shift and Ctrl do to the selection. Arithmetic only."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt

from histoviewer.gui.gallery.gallery_grid import GalleryGrid

Key, Modifier = Qt.Key, Qt.KeyboardModifier


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


def reach_of_key(modifiers: Qt.KeyboardModifier) -> Reach:
    """Shift and a key that moves draw a range."""
    return Reach.RANGE if modifiers & Modifier.ShiftModifier else Reach.ONE


def target(grid: GalleryGrid, key: int, *, current: int | None, first_seen: int, page: int) -> int | None:
    """The position that a key leads to, or None: it leads nowhere.

    ``page``: lines of a page. The first key shows where one is; only the next one moves.
    """
    if not grid.count:
        return None
    here, last = first_seen if current is None else current, grid.count - 1
    moved: dict[int, int] = {
        Key.Key_Left: max(here - 1, 0),
        Key.Key_Right: min(here + 1, last),
        Key.Key_Up: grid.moved(here, lines=-1),
        Key.Key_Down: grid.moved(here, lines=1),
        Key.Key_PageUp: grid.moved(here, lines=-page),
        Key.Key_PageDown: grid.moved(here, lines=page),
    }
    ends = {Key.Key_Home: 0, Key.Key_End: last}
    return (ends | (moved if current is not None else dict.fromkeys(moved, here))).get(key)
