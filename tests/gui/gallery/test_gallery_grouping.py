"""Groups in the gallery."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from histoviewer.gui.formatting import THIN_SPACE
from histoviewer.gui.gallery.gallery_actions import GalleryActions
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from histoviewer.patches.patch import BENIGN, MALIGNANT, PatchColumns
from tests.gui.gallery.gallery_hands import OFFSCREEN_TOOLTIPS, drag, judged, sort_button_is_shown
from tests.helpers.array_source import ArraySource

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZES = (30, 50, 20)
"""Patches of patients a, b and c, of which every third is another's in source order."""


def columns_of_patients() -> PatchColumns:
    patient = np.repeat(np.arange(3, dtype=np.int32), SIZES)[::-1].copy()
    truth = np.where(np.arange(100) % 4 == 0, MALIGNANT, BENIGN).astype(np.int8)
    return replace(ArraySource(100).columns, patients=("a", "b", "c"), patient=patient, truth=truth)


@pytest.fixture
def grouped(gallery: PatchGallery) -> PatchGallery:
    """A gallery of 100 patches of three patients, grouped by them; those of a stand last in the source."""
    GalleryActions(gallery)
    source = ArraySource(100)
    source.columns = columns_of_patients()
    gallery.set_source(source)
    gallery.set_probabilities(np.linspace(0, 1, 100, dtype=np.float32))
    gallery.set_order(GalleryOrder(group=Group.PATIENT))
    return gallery


class PaintedRegions(QObject):
    """What of a gallery was painted again."""

    def __init__(self, gallery: PatchGallery) -> None:
        super().__init__(gallery)
        self.regions: list[QRegion] = []
        gallery.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.regions.append(event.region())
        return super().eventFilter(watched, event)


def header_point(gallery: PatchGallery, group: int) -> QPoint:
    return gallery.grid.header_of(group, gallery.offset).center() - QPoint(0, gallery.offset)


def click_header(gallery: PatchGallery, qtbot: QtBot, group: int) -> None:
    qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=header_point(gallery, group))


def said(gallery: PatchGallery, group: int) -> str:
    """By the tooltip of a header."""
    point = header_point(gallery, group)
    event = QHelpEvent(QEvent.Type.ToolTip, point, gallery.viewport().mapToGlobal(point))
    QApplication.sendEvent(gallery.viewport(), event)
    return QToolTip.text().replace(THIN_SPACE, " ")


def test_patients_stand_together_each_in_source_order(grouped: PatchGallery) -> None:
    assert grouped.rows.tolist() == [*range(70, 100), *range(20, 70), *range(20)]


def test_a_sort_holds_within_each_group(grouped: PatchGallery) -> None:
    grouped.set_order(GalleryOrder(Sort.HIGHEST, group=Group.PATIENT))
    assert grouped.rows.tolist() == [*range(99, 69, -1), *range(69, 19, -1), *range(19, -1, -1)]


@OFFSCREEN_TOOLTIPS
def test_a_header_says_how_many_and_which_share_is_malignant(grouped: PatchGallery) -> None:
    assert said(grouped, 0) == "a: 30 patches, 100 % malignant"
    grouped.set_threshold(0.895)
    assert said(grouped, 0) == "a: 30 patches, 36.7 % malignant"
    grouped.set_probabilities(np.full(100, np.nan, np.float32))
    assert said(grouped, 0) == "a: 30 patches, not judged"
    few = np.full(100, np.nan, np.float32)
    grouped.set_probabilities(few)
    few[[70, 71]] = 0.95, 0.2
    grouped.rows_judged(np.array([70, 71]), {})
    assert said(grouped, 0) == "a: 30 patches, 50.0 % malignant of 2 judged"


def test_headers_in_sight_follow_a_run(grouped: PatchGallery, qtbot: QtBot) -> None:
    header = grouped.grid.header_of(0)
    qtbot.waitUntil(lambda: grouped.is_settled())
    before = grouped.viewport().grab(header).toImage()
    painted = PaintedRegions(grouped)
    probabilities = np.linspace(0, 1, 100, dtype=np.float32)
    grouped.set_probabilities(probabilities)
    QApplication.processEvents()
    painted.regions.clear()
    probabilities[70:] = 0.1
    grouped.rows_judged(np.arange(95, 100), {})
    qtbot.waitUntil(lambda: any(region.contains(header) for region in painted.regions))
    assert grouped.viewport().grab(header).toImage() != before


@OFFSCREEN_TOOLTIPS
def test_classes_regroup_with_the_threshold_and_never_under_the_hand(grouped: PatchGallery) -> None:
    probabilities = np.linspace(0, 1, 100, dtype=np.float32)
    grouped.set_probabilities(probabilities)
    grouped.set_order(GalleryOrder(group=Group.CLASS))
    assert said(grouped, 0) == "Malignant: 50 patches"
    grouped.set_threshold(0.895)
    assert said(grouped, 0) == "Malignant: 11 patches"
    probabilities[0] = 1.0
    grouped.rows_judged(np.array([0]), {})
    assert said(grouped, 0) == "Malignant: 11 patches"
    assert sort_button_is_shown(grouped)
    grouped.sort_again()
    assert said(grouped, 0) == "Malignant: 12 patches"


@OFFSCREEN_TOOLTIPS
def test_the_truth_divides_too(grouped: PatchGallery) -> None:
    grouped.set_order(GalleryOrder(group=Group.TRUTH))
    assert said(grouped, 0).startswith("Truth: malignant: 25 patches")
    assert grouped.rows[:25].tolist() == list(range(0, 100, 4))


def test_a_click_on_a_header_closes_its_group_and_opens_it_again(grouped: PatchGallery, qtbot: QtBot) -> None:
    counts: list[tuple[int, int]] = []
    grouped.shown_changed.connect(lambda shown, total: counts.append((shown, total)))
    click_header(grouped, qtbot, 0)
    assert grouped.rows.tolist() == [*range(20, 70), *range(20)]
    click_header(grouped, qtbot, 0)
    assert len(grouped.rows) == 100
    assert counts == [], "as many patches as before"


def test_the_header_in_sight_answers_while_its_group_is_scrolled(grouped: PatchGallery, qtbot: QtBot) -> None:
    grouped.scroll_to(grouped.grid.count - 30)
    assert grouped.offset > grouped.grid.header_of(1).bottom()
    click_header(grouped, qtbot, 1)
    assert grouped.rows.tolist() == [*range(70, 100), *range(20)]
    header = grouped.grid.header_of(1)
    assert header.top() >= grouped.offset, "the closed group is where it can be seen"


def test_keys_walk_from_group_to_group(grouped: PatchGallery, qtbot: QtBot) -> None:
    rows: list[int] = []
    grouped.selected.connect(rows.append)
    for key in (KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Up):
        qtbot.keyClick(grouped, key, CTRL)
    assert rows == [70, 20, 0, 0, 20]
    qtbot.keyClick(grouped, KEY.Key_Right)
    qtbot.keyClick(grouped, KEY.Key_Up, CTRL)
    assert rows[-2:] == [21, 20]
    assert grouped.grid.header_of(1).top() - grouped.offset < 10


def test_arrows_cross_from_group_to_group(grouped: PatchGallery, qtbot: QtBot) -> None:
    grouped.select(99)
    qtbot.keyClick(grouped, KEY.Key_Right)
    position = grouped.current()
    assert position == 30
    qtbot.keyClick(grouped, KEY.Key_Up)
    assert grouped.current() == 29 // grouped.grid.columns * grouped.grid.columns
    qtbot.keyClick(grouped, KEY.Key_End)
    assert grouped.current() == 99


def test_groups_close_and_open_by_keys_without_losing_the_current_patch(
    grouped: PatchGallery, qtbot: QtBot
) -> None:
    grouped.select(25)
    qtbot.keyClick(grouped, KEY.Key_Left, CTRL)
    assert len(grouped.rows) == 50
    assert grouped.selection.rows.tolist() == [25]
    qtbot.keyClick(grouped, KEY.Key_Right, CTRL)
    assert grouped.current() == 35
    qtbot.keyClick(grouped, KEY.Key_Left, CTRL | SHIFT)
    assert len(grouped.rows) == 0
    qtbot.keyClick(grouped, KEY.Key_Down, CTRL)
    assert len(grouped.rows) == 0, "walking along closed groups opens none"
    qtbot.keyClick(grouped, KEY.Key_Right, CTRL)
    assert grouped.rows.tolist() == list(range(20))
    qtbot.keyClick(grouped, KEY.Key_Right, CTRL | SHIFT)
    assert len(grouped.rows) == 100


def test_along_closed_groups_arrows_go_from_header_to_header(grouped: PatchGallery, qtbot: QtBot) -> None:
    rows: list[int] = []
    grouped.selected.connect(rows.append)
    grouped.set_all_open(False)
    for key in (KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Up):
        qtbot.keyClick(grouped, key)
    assert rows == [70, 20, 0, 20]
    qtbot.keyClick(grouped, KEY.Key_Return)
    assert grouped.rows.tolist() == list(range(20, 70))
    qtbot.keyClick(grouped, KEY.Key_Right)
    assert rows[-1] == 21


def shut(gallery: PatchGallery, *groups: int) -> None:
    """Close groups, none of which holds the current patch."""
    for group in groups:
        gallery.toggle_group(group)


def test_down_stops_at_a_closed_group_and_goes_on_below_it(grouped: PatchGallery, qtbot: QtBot) -> None:
    shut(grouped, 1)
    grouped.select(99)
    qtbot.keyClick(grouped, KEY.Key_Down)
    assert (grouped.current(), grouped.selection.rows.tolist()) == (None, [20]), "the header of b"
    assert len(grouped.rows) == 50, "which stays closed"
    qtbot.keyClick(grouped, KEY.Key_Down)
    assert grouped.selection.rows.tolist() == [0]
    qtbot.keyClick(grouped, KEY.Key_Up)
    assert grouped.selection.rows.tolist() == [20]
    qtbot.keyClick(grouped, KEY.Key_Up)
    assert grouped.current() == 29 // grouped.grid.columns * grouped.grid.columns, "the last line of a"


def test_right_steps_onto_a_closed_group_opens_it_and_left_closes_it(
    grouped: PatchGallery, qtbot: QtBot
) -> None:
    shut(grouped, 1)
    grouped.select(99)
    for key, opened in ((KEY.Key_Right, 50), (KEY.Key_Right, 100), (KEY.Key_Left, 50), (KEY.Key_Left, 50)):
        qtbot.keyClick(grouped, key)
        assert len(grouped.rows) == opened
        assert grouped.selection.rows.tolist() == [20]
    qtbot.keyClick(grouped, KEY.Key_Return)
    assert grouped.current() == 30
    qtbot.keyClick(grouped, KEY.Key_Right)
    qtbot.keyClick(grouped, KEY.Key_Left)
    assert len(grouped.rows) == 100, "from its second patch to its first"


def test_a_key_held_down_closes_no_group_and_opens_none(grouped: PatchGallery) -> None:
    shut(grouped, 1)
    grouped.select(70)
    held = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Left, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(grouped, held)
    assert (len(grouped.rows), grouped.current()) == (50, 0)
    grouped.select(99)
    held = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Right, Qt.KeyboardModifier.NoModifier, "", True)
    for row in (20, 0, 1):
        QApplication.sendEvent(grouped, held)
        assert grouped.selection.rows.tolist() == [row]


def test_up_leaves_a_header_whichever_of_its_patches_is_the_current_one(
    grouped: PatchGallery, qtbot: QtBot
) -> None:
    grouped.select(25)
    qtbot.keyClick(grouped, KEY.Key_Left, CTRL)
    qtbot.keyClick(grouped, KEY.Key_Up)
    assert grouped.current() == 29 // grouped.grid.columns * grouped.grid.columns


def test_the_first_and_the_last_place_may_be_a_closed_group(grouped: PatchGallery, qtbot: QtBot) -> None:
    shut(grouped, 0, 2)
    grouped.select(30)
    qtbot.keyClick(grouped, KEY.Key_Home)
    assert grouped.selection.rows.tolist() == [70]
    qtbot.keyClick(grouped, KEY.Key_End)
    assert grouped.selection.rows.tolist() == [0]
    assert grouped.grid.header_of(2).bottom() < grouped.offset + grouped.viewport().height()
    qtbot.keyClick(grouped, KEY.Key_PageUp)
    assert grouped.current() is not None, "a page up from the last header there are patches"


def test_a_group_opened_by_a_key_shows_the_patch_one_is_at(grouped: PatchGallery, qtbot: QtBot) -> None:
    grouped.set_all_open(False)
    grouped.resize(500, 120)
    for key in (KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Right):
        qtbot.keyClick(grouped, key)
    cell = grouped.grid.cell(0)
    assert grouped.offset <= cell.top()
    assert cell.bottom() < grouped.offset + grouped.viewport().height()


def test_a_range_drawn_by_keys_passes_over_closed_groups(grouped: PatchGallery, qtbot: QtBot) -> None:
    shut(grouped, 1)
    grouped.select(99)
    qtbot.keyClick(grouped, KEY.Key_Right, SHIFT)
    assert grouped.selection.rows.tolist() == [0, 99]
    qtbot.keyClick(grouped, KEY.Key_Left, SHIFT)
    assert grouped.selection.rows.tolist() == [99]
    assert len(grouped.rows) == 50


def test_a_screen_reader_is_told_of_the_group_one_is_at(grouped: PatchGallery, qtbot: QtBot) -> None:
    shut(grouped, 1)
    grouped.select(99)
    qtbot.keyClick(grouped, KEY.Key_Down)
    assert grouped.accessibleDescription().replace(THIN_SPACE, " ").startswith("b: 50 patches")
    qtbot.keyClick(grouped, KEY.Key_Right)
    assert not grouped.accessibleDescription().startswith("b: 50")


def test_a_closed_group_is_brought_into_sight_without_moving_what_is_there(
    grouped: PatchGallery, qtbot: QtBot
) -> None:
    grouped.set_all_open(False)
    grouped.resize(500, 60)
    for _ in range(3):
        qtbot.keyClick(grouped, KEY.Key_Down)
    header = grouped.grid.header_of(2)
    assert grouped.offset > 0
    assert header.bottom() < grouped.offset + grouped.viewport().height()
    at = grouped.offset
    qtbot.keyClick(grouped, KEY.Key_Up)
    assert grouped.offset == at


def test_what_is_selected_from_outside_opens_its_group(grouped: PatchGallery) -> None:
    grouped.set_all_open(False)
    grouped.select(3)
    assert grouped.rows.tolist() == list(range(20))
    assert grouped.current() == 3


def test_all_that_is_listed_can_be_selected_closed_or_not(grouped: PatchGallery) -> None:
    grouped.set_all_open(False)
    grouped.select_all()
    assert len(grouped.selection) == 100
    grouped.set_order(GalleryOrder(group=Group.PATIENT, patient="c"))
    assert grouped.selection.rows.tolist() == list(range(20))


def test_without_groups_their_keys_move_as_arrows_do(gallery: PatchGallery, qtbot: QtBot) -> None:
    GalleryActions(gallery)
    judged(gallery)
    gallery.select(1)
    qtbot.keyClick(gallery, KEY.Key_Down, CTRL)
    assert gallery.current() == 1 + gallery.grid.columns


def test_a_filter_that_leaves_nothing_leaves_no_header(grouped: PatchGallery) -> None:
    grouped.set_order(GalleryOrder(group=Group.PATIENT, show=Show.FAILED))
    assert not grouped.has_groups
    assert grouped.grid.height < 20


def test_a_band_over_two_groups_selects_in_both(grouped: PatchGallery, qtbot: QtBot) -> None:
    grouped.set_thumbnail_size(32)
    cells = [grouped.grid.cell(position).center() for position in (28, 31)]
    qtbot.mousePress(grouped.viewport(), Qt.MouseButton.LeftButton, pos=cells[0])
    drag(grouped.viewport(), cells[1])
    of_first = grouped.selection.rows[grouped.selection.rows >= 70]
    assert 0 < len(of_first) < len(grouped.selection)
