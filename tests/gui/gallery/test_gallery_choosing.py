"""Choosing patches by mouse and keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui import colours
from histoviewer.gui.gallery.gallery_actions import GalleryActions
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Sort
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from tests.gui.gallery.gallery_hands import (
    COUNT,
    drag,
    judged,
    middle,
    pixel,
    seen_rows,
)
from tests.helpers.array_source import ArraySource


def test_a_click_selects_the_row_that_stands_there(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST))
    with qtbot.waitSignal(gallery.selected) as signal:
        qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=middle(gallery, 2))
    assert signal.args == [COUNT - 3]
    ring = gallery.grid.cell(2).topLeft() - QPoint(3, 3)
    assert pixel(gallery, ring) == colours.neutrals(gallery.palette()).accent


def test_a_double_click_and_enter_activate(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    with qtbot.waitSignal(gallery.activated) as signal:
        qtbot.mouseDClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=middle(gallery, 3))
    assert signal.args == [3]
    gallery.select(7)
    with qtbot.waitSignal(gallery.activated) as signal:
        qtbot.keyClick(gallery, Qt.Key.Key_Return)
    assert signal.args == [7]


def test_the_keyboard_reaches_every_patch(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    rows: list[int] = []
    gallery.selected.connect(rows.append)
    columns, page = gallery.grid.columns, gallery.grid.page(gallery.viewport().height())
    assert columns > 3
    assert page > 1
    key = Qt.Key
    for pressed in (key.Key_Down, key.Key_Right, key.Key_Down, key.Key_PageDown, key.Key_Left, key.Key_Up):
        qtbot.keyClick(gallery, pressed)
    for pressed in (key.Key_End, key.Key_Right, key.Key_PageUp, key.Key_Home, key.Key_Left):
        qtbot.keyClick(gallery, pressed)
    after_page = 1 + columns + page * columns
    assert rows[:6] == [0, 1, 1 + columns, after_page, after_page - 1, after_page - 1 - columns]
    assert rows[6:] == [COUNT - 1, COUNT - 1, COUNT - 1 - page * columns, 0, 0]


def test_the_chosen_patch_is_always_whole_in_view(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    for _ in range(12):
        qtbot.keyClick(gallery, Qt.Key.Key_Down)
        position = gallery.current()
        assert position is not None
        cell = gallery.grid.cell(position).translated(0, -gallery.offset)
        assert gallery.viewport().rect().contains(cell)


def test_selecting_from_outside_scrolls_there_without_a_signal(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    with qtbot.assertNotEmitted(gallery.selected):
        gallery.select(250)
    assert 250 in seen_rows(gallery)
    assert "250.png" in gallery.accessibleDescription()
    gallery.select(None)
    assert gallery.accessibleDescription() == ""


def test_keys_the_gallery_does_not_know_are_left_to_the_window(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    gallery.select(3)
    with qtbot.assertNotEmitted(gallery.selected):
        qtbot.keyClick(gallery, Qt.Key.Key_B)
    assert gallery.current() == 3


# More than one


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def click(gallery: PatchGallery, qtbot: QtBot, position: int, modifiers: Qt.KeyboardModifier) -> None:
    where = middle(gallery, position)
    qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, modifiers, where)


def test_ctrl_and_a_click_takes_one_more_or_gives_it_back(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    gallery.select(1)
    click(gallery, qtbot, 4, CTRL)
    click(gallery, qtbot, 6, CTRL)
    assert gallery.selection.rows.tolist() == [1, 4, 6]
    with qtbot.waitSignal(gallery.selected) as signal:
        click(gallery, qtbot, 4, CTRL)
    assert signal.args == [4]
    assert gallery.selection.rows.tolist() == [1, 6]
    assert gallery.current() == 4
    click(gallery, qtbot, 2, Qt.KeyboardModifier.NoModifier)
    assert gallery.selection.rows.tolist() == [2]


def test_shift_draws_a_range_in_the_order_that_is_shown(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST))
    click(gallery, qtbot, 3, Qt.KeyboardModifier.NoModifier)
    click(gallery, qtbot, 6, SHIFT)
    assert gallery.selection.rows.tolist() == sorted(COUNT - 1 - position for position in range(3, 7))
    click(gallery, qtbot, 1, SHIFT)
    assert gallery.selection.rows.tolist() == sorted(COUNT - 1 - position for position in range(1, 4))
    click(gallery, qtbot, 8, CTRL)
    click(gallery, qtbot, 9, CTRL | SHIFT)
    assert len(gallery.selection) == 5


def test_shift_and_keys_draw_a_range_and_a_plain_key_ends_it(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    gallery.select(2)
    qtbot.keyClick(gallery, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(gallery, Qt.Key.Key_Down, SHIFT)
    assert gallery.selection.rows.tolist() == list(range(2, 4 + gallery.grid.columns))
    qtbot.keyClick(gallery, Qt.Key.Key_End, SHIFT)
    assert len(gallery.selection) == COUNT - 2
    qtbot.keyClick(gallery, Qt.Key.Key_Left)
    assert gallery.selection.rows.tolist() == [COUNT - 2]
    qtbot.keyClick(gallery, Qt.Key.Key_Space, CTRL)
    assert len(gallery.selection) == 0


def test_escape_leaves_the_current_patch_and_then_goes_to_the_window(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.select(3)
    gallery.select_all()
    assert len(gallery.selection) == COUNT
    for is_taken in (True, False):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(gallery, event)
        assert event.isAccepted() is is_taken
        assert gallery.selection.rows.tolist() == [3]


def test_selected_patches_are_marked_and_the_current_one_more_so(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    click(gallery, qtbot, 1, Qt.KeyboardModifier.NoModifier)
    click(gallery, qtbot, 2, SHIFT)
    accent = colours.neutrals(gallery.palette()).accent
    inner, outer = QPoint(3, 3), QPoint(4, 4)
    for position, rings in ((1, (True, False)), (2, (True, True)), (3, (False, False))):
        corner = gallery.grid.cell(position).topLeft()
        found = tuple(pixel(gallery, corner - ring) == accent for ring in (inner, outer))
        assert found == rings


def test_a_filter_gives_up_what_it_hides_and_a_sort_nothing(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.select_all()
    gallery.set_order(GalleryOrder(Sort.LOWEST))
    assert len(gallery.selection) == COUNT
    gallery.set_order(GalleryOrder(Sort.LOWEST, high=0.5))
    assert gallery.selection.rows.tolist() == sorted(gallery.rows.tolist())
    gallery.set_order(GalleryOrder())
    assert len(gallery.selection) == COUNT // 2


def test_a_dragging_mouse_selects_what_it_touches(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    columns, viewport = gallery.grid.columns, gallery.viewport()
    first, last = middle(gallery, 1), middle(gallery, 2 * columns + 2)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    drag(viewport, last)
    assert gallery.selection.rows.tolist() == [line * columns + i for line in range(3) for i in (1, 2)]
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)
    drag(viewport, middle(gallery, 3))
    assert len(gallery.selection) == 6, "nothing is drawn once the button is up"


def test_dragging_beyond_the_edge_scrolls(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery)
    viewport = gallery.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle(gallery, 0))
    drag(viewport, QPoint(30, viewport.height() + 40))
    assert gallery.offset == 40


def test_names_of_the_selected_patches_are_copied_as_they_stand(gallery: PatchGallery, qtbot: QtBot) -> None:
    GalleryActions(gallery)
    judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST))
    qtbot.keyClick(gallery, Qt.Key.Key_Home)
    qtbot.keyClick(gallery, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(gallery, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "299.png\n298.png"
    qtbot.keyClick(gallery, Qt.Key.Key_A, CTRL)
    assert len(gallery.selection) == COUNT


def test_patches_of_a_slide_are_named_by_their_place(gallery: PatchGallery) -> None:
    source = ArraySource(3)
    source.columns = replace(source.columns, files=["biopsy.svs"])
    gallery.set_source(source)
    gallery.select(2)
    assert gallery.file_names() == ["biopsy.svs\t100\t0"]
