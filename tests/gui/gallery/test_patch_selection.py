from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.patch_selection import PatchSelection


@pytest.fixture
def selection(qtbot: QtBot) -> PatchSelection:
    del qtbot
    selection = PatchSelection()
    selection.reset(10)
    return selection


def test_rows_are_told_in_order_however_they_came(selection: PatchSelection) -> None:
    selection.set_rows(np.array([7, 2]))
    selection.add(np.array([5, 2]))
    assert selection.rows.tolist() == [2, 5, 7]
    assert len(selection) == 3
    assert selection.has(np.array([7, 6, 5])).tolist() == [True, False, True]


def test_a_row_is_toggled_and_becomes_the_anchor(selection: PatchSelection) -> None:
    selection.set_only(4)
    selection.toggle(6)
    selection.toggle(4)
    assert selection.rows.tolist() == [6]
    assert selection.anchor == 4


def test_only_others_are_told(selection: PatchSelection, qtbot: QtBot) -> None:
    selection.set_only(4)
    with qtbot.assertNotEmitted(selection.changed):
        selection.set_rows(np.array([4]))
        selection.keep(np.array([1, 4]))
    with qtbot.waitSignal(selection.changed):
        selection.keep(np.array([1]))
    assert len(selection) == 0


def test_another_source_begins_with_none(selection: PatchSelection) -> None:
    selection.set_only(9)
    selection.reset(3)
    assert (len(selection), selection.anchor) == (0, None)
    selection.set_only(2)
    assert selection.rows.tolist() == [2]
