"""The gallery and its controls in the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.gallery_grid import GAP
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import write_patch


def test_patches_that_fail_reach_the_gallery_before_the_run_ends(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for i in range(4):
        write_patch(tmp_path / "patches", f"{i}.png")
    opened, gallery = opened_in(window.session, tmp_path / "patches", qtbot), window.gallery_page.gallery
    rows, sizes = np.array([1, 2]), np.full((2, 2), 50, np.int32)
    opened.store.record(rows, np.array([0.9, np.nan], np.float32), sizes, {2: "failed: damaged"})
    window.session.rows_judged.emit(rows)
    gallery.set_order(GalleryOrder(show=Show.FAILED))
    assert gallery.rows.tolist() == [2]
    assert "damaged" in gallery.explanation(0)
    opened.store.record(rows, np.array([0.9, 0.2], np.float32), sizes, {})
    window.session.rows_judged.emit(rows)
    gallery.sort_again()
    assert gallery.rows.tolist() == []


def control(window: MainWindow, name: str) -> QComboBox:
    boxes = window.gallery_page.bar.findChildren(QComboBox)
    return next(box for box in boxes if box.accessibleName() == name)


def test_what_another_source_cannot_answer_is_not_asked_of_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "known", patients=2, patches=4)
    for i in range(3):
        write_patch(tmp_path / "unknown", f"{i}.png")
    opened_in(window.session, tmp_path / "known", qtbot)
    window.show_patches_tab()
    control(window, "Patient").setCurrentIndex(1)
    control(window, "Groups").setCurrentText("By truth")
    control(window, "Sort").setCurrentText("Highest probability")
    assert len(window.gallery_page.gallery.rows) == 4
    opened_in(window.session, tmp_path / "unknown", qtbot)
    assert len(window.gallery_page.gallery.rows) == 3
    assert window.gallery_page.bar.order() == GalleryOrder(Sort.HIGHEST)


def test_a_gallery_that_was_hidden_shows_what_came_meanwhile(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        write_idc_like(tmp_path / name, patients=2, patches=4)
    page = window.gallery_page
    opened_in(window.session, tmp_path / "one", qtbot)
    window.show_patches_tab()
    window.show_slide_tab()
    opened = opened_in(window.session, tmp_path / "two", qtbot)
    opened.store.record(np.array([5]), np.array([0.9], np.float32), np.full((1, 2), 50, np.int32), {})
    window.session.rows_judged.emit(np.array([5]))
    window.session.select(3)
    window.show_patches_tab()
    control(window, "Sort").setCurrentText("Highest probability")
    assert page.gallery.rows[0] == 5
    assert page.gallery.selection.rows.tolist() == [3]


def test_lifting_the_filters_keeps_order_and_groups(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "patches", patients=2, patches=4)
    opened_in(window.session, tmp_path / "patches", qtbot)
    window.show_patches_tab()
    control(window, "Groups").setCurrentText("By patient")
    control(window, "Show").setCurrentText("Failed")
    lift = next(b for b in window.gallery_page.findChildren(QPushButton) if b.text() == "Show all patches")
    qtbot.mouseClick(lift, Qt.MouseButton.LeftButton)
    assert window.gallery_page.bar.order() == GalleryOrder(group=Group.PATIENT)
    assert len(window.gallery_page.gallery.rows) == 8


def test_one_of_the_selected_patches_is_the_slides_too_and_all_are_counted(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=2, patches=4)
    opened_in(window.session, tmp_path / "patches", qtbot)
    window.show_patches_tab()
    gallery = window.gallery_page.gallery
    qtbot.keyClick(gallery, Qt.Key.Key_Home)
    qtbot.keyClick(gallery, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    said = next(
        label
        for label in window.gallery_page.bar.findChildren(QLabel)
        if label.accessibleName() == "Patches selected"
    )
    assert window.session.selected == 1
    assert said.text() == "2 selected"
    window.session.select(5)
    assert gallery.selection.rows.tolist() == [5]
    assert said.text() == "1 selected"
    window.session.select(None)
    assert said.text() == ""


def test_a_patient_chosen_among_the_sources_is_found_in_the_gallery(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=9, patches=12)
    opened_in(window.session, tmp_path / "patches", qtbot)
    gallery = window.gallery_page.gallery
    window.show_patches_tab()
    control(window, "Groups").setCurrentText("By patient")
    window.session.show_slide("1004")
    assert gallery.offset == gallery.grid.header_of(4).top() - GAP // 2
    window.show_slide_tab()
    window.session.show_slide("1001")
    assert gallery.offset == gallery.grid.header_of(4).top() - GAP // 2, "it is not looked at"


def test_closed_groups_are_reached_and_opened_by_keys(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=3, patches=4)
    opened_in(window.session, tmp_path / "patches", qtbot)
    gallery = window.gallery_page.gallery
    window.show_patches_tab()
    control(window, "Groups").setCurrentText("By patient")
    gallery.setFocus()
    gallery.select(0)
    gallery.toggle_group(1)
    qtbot.keyClick(gallery, Qt.Key.Key_Down)
    assert (window.session.selected, len(gallery.rows)) == (4, 8)
    qtbot.keyClick(gallery, Qt.Key.Key_Right)
    assert (window.session.selected, len(gallery.rows)) == (4, 12)
