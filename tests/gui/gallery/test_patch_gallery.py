from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui import colours
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from histoviewer.gui.theme import neutral_palette
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.patch import BENIGN, MALIGNANT, Block, BlockPixels, PatchSource
from tests.helpers.array_source import ArraySource

COUNT = 300

OFFSCREEN_TOOLTIPS = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


class CountingSource(ArraySource):
    """Remembers which rows were read."""

    def __init__(self, count: int, *, broken: frozenset[int] = frozenset()) -> None:
        super().__init__(count, broken=broken)
        self.rows_read: list[int] = []

    def read(self, block: Block) -> BlockPixels:
        self.rows_read.extend(block.patches.tolist())
        return super().read(block)


@pytest.fixture
def gallery(qtbot: QtBot) -> Iterator[PatchGallery]:
    gallery = PatchGallery()
    qtbot.addWidget(gallery)
    gallery.resize(500, 400)
    gallery.show()
    yield gallery
    gallery.stop()


def rising(count: int = COUNT) -> NDArray[np.float32]:
    return np.linspace(0, 1, count, dtype=np.float32)


def judged(gallery: PatchGallery, count: int = COUNT) -> NDArray[np.float32]:
    probabilities = rising(count)
    gallery.set_source(ArraySource(count))
    gallery.set_probabilities(probabilities)
    return probabilities


def middle(gallery: PatchGallery, position: int) -> QPoint:
    return gallery.grid.cell(position).center() - QPoint(0, gallery.offset)


def seen_rows(gallery: PatchGallery) -> list[int]:
    seen = gallery.seen()
    return gallery.rows[seen.start : seen.stop].tolist()


def pixel(gallery: PatchGallery, point: QPoint) -> QColor:
    return gallery.viewport().grab().toImage().pixelColor(point)


def border(gallery: PatchGallery, position: int) -> QColor:
    corner = gallery.grid.cell(position).topLeft() - QPoint(0, gallery.offset)
    return pixel(gallery, corner + QPoint(1, 20))


def button(gallery: PatchGallery, text: str) -> QPushButton:
    return next(child for child in gallery.findChildren(QPushButton) if child.text() == text)


def said(gallery: PatchGallery) -> str:
    labels: list[QLabel] = [label for label in gallery.findChildren(QLabel) if label.isVisible()]
    return " | ".join(label.text() for label in labels)


def hover(widget: QWidget, point: QPoint) -> None:
    where = QPointF(point)
    none, nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), none, none, nothing)
    QApplication.sendEvent(widget, event)


def explain(gallery: PatchGallery, position: int) -> str:
    point = middle(gallery, position)
    event = QHelpEvent(QEvent.Type.ToolTip, point, gallery.viewport().mapToGlobal(point))
    QApplication.sendEvent(gallery.viewport(), event)
    return QToolTip.text()


def sort_button_is_shown(gallery: PatchGallery) -> bool:
    return button(gallery, "Order out of date – sort again").isVisible()


# What is seen


def test_borders_tell_the_class_and_follow_the_threshold_at_once(gallery: PatchGallery) -> None:
    gallery.set_source(ArraySource(3))
    gallery.set_probabilities(np.array([0.2, 0.6, np.nan], np.float32))
    assert border(gallery, 0) == colours.BENIGN
    assert border(gallery, 1) == colours.MALIGNANT
    assert border(gallery, 2) == colours.UNKNOWN
    gallery.set_threshold(0.7)
    assert border(gallery, 1) == colours.BENIGN
    gallery.set_threshold(0.2)
    assert border(gallery, 0) == colours.MALIGNANT


@pytest.mark.parametrize("side", [32, 64])
def test_class_is_told_without_colour_too(gallery: PatchGallery, side: int) -> None:
    """In a grey picture, cells of equal pixels and equal numbers still differ by class."""
    source = ArraySource(3)
    source.read = lambda block: BlockPixels(  # type: ignore[method-assign]
        block.patches,
        np.full((len(block.patches), 50, 50, 3), 255, np.uint8),
        np.full((len(block.patches), 2), 50, np.int32),
    )
    gallery.set_source(source)
    gallery.set_thumbnail_size(side)
    gallery.set_probabilities(np.array([0.2, 0.6, np.nan], np.float32))
    image = gallery.viewport().grab().toImage()
    ground = gallery.palette().base().color()
    shapes = []
    for position in range(3):
        cell = gallery.grid.cell(position)
        inside = [
            (x, y)
            for x in range(cell.width())
            for y in range(cell.height())
            if image.pixelColor(cell.left() + x, cell.top() + y)
            in (colours.MALIGNANT, colours.BENIGN, colours.UNKNOWN)
        ]
        shapes.append(frozenset(inside))
    assert ground not in (colours.MALIGNANT, colours.BENIGN, colours.UNKNOWN)
    assert len(set(shapes)) == 3


def test_thumbnails_appear_in_their_cells(gallery: PatchGallery, qtbot: QtBot, tmp_path: Path) -> None:
    for name, colour in (("a.png", (180, 20, 90)), ("b.png", (20, 160, 60))):
        Image.new("RGB", (50, 50), colour).save(tmp_path / name)
    gallery.set_source(FolderSource(tmp_path, input_size=50, model_mpp=4.0))
    qtbot.waitUntil(lambda: pixel(gallery, middle(gallery, 0)) == QColor(180, 20, 90))
    qtbot.waitUntil(lambda: pixel(gallery, middle(gallery, 1)) == QColor(20, 160, 60))


@OFFSCREEN_TOOLTIPS
def test_an_unreadable_patch_is_hatched_and_says_why(gallery: PatchGallery, qtbot: QtBot) -> None:
    gallery.set_source(CountingSource(2, broken=frozenset({1})))
    before = gallery.viewport().grab().toImage()
    qtbot.waitUntil(lambda: gallery.viewport().grab().toImage() != before and "broken" in explain(gallery, 1))
    cell = gallery.grid.cell(1)
    image = gallery.viewport().grab().toImage()
    shades = {image.pixelColor(x, cell.center().y()).name() for x in range(cell.left() + 4, cell.right() - 4)}
    assert len(shades) > 1
    assert "broken" not in explain(gallery, 0)


def test_only_what_is_near_the_view_is_read(gallery: PatchGallery, qtbot: QtBot) -> None:
    source = CountingSource(277_524)
    gallery.set_source(source)
    qtbot.keyClick(gallery, Qt.Key.Key_End)
    last = seen_rows(gallery)
    assert last[-1] == 277_523
    qtbot.waitUntil(lambda: set(last) <= set(source.rows_read))
    assert len(source.rows_read) < 10 * len(last)


def test_dark_and_light_are_taken_from_the_palette(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.setPalette(neutral_palette(is_dark=True))
    corner = QPoint(2, 2)
    assert pixel(gallery, corner).lightness() < 60
    gallery.setPalette(neutral_palette(is_dark=False))
    assert pixel(gallery, corner).lightness() > 200


# Choosing


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


# Order and filters


def test_a_filter_leaves_what_is_looked_at_in_its_place(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.set_threshold(0.2)
    gallery.select(200)
    before = gallery.grid.top(200) - gallery.offset
    gallery.set_order(GalleryOrder(show=Show.MALIGNANT))
    position = gallery.current()
    assert position is not None
    assert position < 200
    assert gallery.grid.top(position) - gallery.offset == before


def test_another_sort_starts_at_the_top(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.select(250)
    assert gallery.offset > 0
    gallery.set_order(GalleryOrder(Sort.HIGHEST))
    assert gallery.offset == 0
    assert seen_rows(gallery)[0] == COUNT - 1


def test_the_count_is_told_with_every_filter_and_threshold(gallery: PatchGallery, qtbot: QtBot) -> None:
    judged(gallery, 100)
    with qtbot.waitSignal(gallery.shown_changed) as signal:
        gallery.set_order(GalleryOrder(show=Show.MALIGNANT))
    assert signal.args == [50, 100]
    with qtbot.waitSignal(gallery.shown_changed) as signal:
        gallery.set_threshold(0.9)
    assert signal.args == [10, 100]


def test_a_narrower_window_keeps_the_first_patch_first(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.select(200)
    gallery.select(None)
    first = seen_rows(gallery)[0]
    gallery.resize(320, 400)
    assert first in seen_rows(gallery)[: gallery.grid.columns]


def test_a_larger_thumbnail_keeps_the_selected_patch_in_view(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.select(120)
    for side in (256, 32, 200):
        gallery.set_thumbnail_size(side)
        assert 120 in seen_rows(gallery)


def test_ctrl_and_the_wheel_change_the_size_and_the_wheel_alone_scrolls(
    gallery: PatchGallery,
) -> None:
    judged(gallery)
    sizes: list[int] = []
    gallery.thumbnail_size_changed.connect(sizes.append)
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier):
        wheel = QWheelEvent(
            QPointF(50, 50),
            QPointF(50, 50),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(gallery.viewport(), wheel)
    assert sizes == [48]
    assert gallery.offset == 3 * gallery.verticalScrollBar().singleStep()


# While a run goes on


def test_new_results_recolour_and_nothing_moves(gallery: PatchGallery) -> None:
    probabilities = judged(gallery)
    gallery.set_order(GalleryOrder(Sort.LOWEST))
    before = gallery.rows.copy()
    assert border(gallery, 1) == colours.BENIGN
    probabilities[[0, 1]] = 0.95
    gallery.rows_judged(np.array([0, 1]), {})
    assert border(gallery, 1) == colours.MALIGNANT
    assert np.array_equal(gallery.rows, before)
    assert sort_button_is_shown(gallery)


def test_the_button_sorts_again_and_goes(gallery: PatchGallery, qtbot: QtBot) -> None:
    probabilities = judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST))
    probabilities[0] = 2.0
    gallery.rows_judged(np.array([0]), {})
    again = button(gallery, "Order out of date – sort again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert gallery.rows[0] == 0
    assert not again.isVisible()


def test_an_order_that_does_not_hang_on_results_is_never_out_of_date(gallery: PatchGallery) -> None:
    probabilities = judged(gallery)
    probabilities[0] = 1.0
    gallery.rows_judged(np.array([0]), {})
    assert not sort_button_is_shown(gallery)


def test_the_end_of_a_run_sorts_unless_patches_would_jump_under_the_pointer(gallery: PatchGallery) -> None:
    probabilities = judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST))
    probabilities[5] = 2.0
    gallery.rows_judged(np.array([5]), {})
    hover(gallery.viewport(), middle(gallery, 4))
    gallery.run_ended()
    assert gallery.rows[0] == COUNT - 1
    assert sort_button_is_shown(gallery)
    QApplication.sendEvent(gallery.viewport(), QEvent(QEvent.Type.Leave))
    gallery.run_ended()
    assert gallery.rows[0] == 5
    assert not sort_button_is_shown(gallery)


@OFFSCREEN_TOOLTIPS
def test_failures_that_come_in_do_not_move_patches(gallery: PatchGallery) -> None:
    gallery.set_source(ArraySource(3))
    probabilities = np.full(3, np.nan, np.float32)
    gallery.set_probabilities(probabilities)
    gallery.set_order(GalleryOrder(show=Show.NOT_JUDGED))
    probabilities[0] = 0.5
    gallery.rows_judged(np.array([0, 1]), {1: "damaged"})
    assert gallery.rows.tolist() == [0, 1, 2]
    gallery.run_ended()
    assert gallery.rows.tolist() == [2]
    assert "damaged" not in explain(gallery, 0)
    gallery.set_order(GalleryOrder(show=Show.FAILED))
    assert "damaged" in explain(gallery, 0)


def test_a_failed_patch_is_shown_as_such_at_once_and_no_longer_once_it_is_judged(
    gallery: PatchGallery,
) -> None:
    gallery.set_source(ArraySource(3))
    probabilities = np.full(3, np.nan, np.float32)
    gallery.set_probabilities(probabilities)
    gallery.set_failures({0: "gone"})
    gallery.rows_judged(np.array([1]), {1: "damaged"})
    gallery.set_order(GalleryOrder(show=Show.FAILED))
    assert gallery.rows.tolist() == [0, 1]
    probabilities[0] = 0.5
    gallery.rows_judged(np.array([0]), {})
    gallery.sort_again()
    assert gallery.rows.tolist() == [1]


# Words


@OFFSCREEN_TOOLTIPS
def test_the_tooltip_holds_all_that_is_known(gallery: PatchGallery) -> None:
    source = ArraySource(2)
    source.columns = replace(
        source.columns, truth=np.array([BENIGN, MALIGNANT], np.int8), patients=("<b>8867",)
    )
    gallery.set_source(source)
    gallery.set_probabilities(np.array([0.1, 0.4996], np.float32))
    text = explain(gallery, 1)
    for part in ("1.png", "&lt;b&gt;8867", "x 50 px, y 0 px", "0.4996 benign", "malignant"):
        assert part in text


def test_an_empty_window_teaches_and_offers_to_open(gallery: PatchGallery, qtbot: QtBot) -> None:
    assert "Drop a slide" in said(gallery)
    with qtbot.waitSignal(gallery.open_requested):
        qtbot.mouseClick(button(gallery, "Open…"), Qt.MouseButton.LeftButton)
    judged(gallery)
    assert said(gallery) == ""


def test_a_filter_that_leaves_nothing_says_which_and_offers_to_lift_it(
    gallery: PatchGallery, qtbot: QtBot
) -> None:
    judged(gallery)
    gallery.set_order(GalleryOrder(show=Show.BENIGN, low=0.6, text="<i>a"))
    assert "benign at threshold 0.50, probability 0.60 to 1.00, “<i>a”" in said(gallery)
    with qtbot.waitSignal(gallery.show_all_requested):
        qtbot.mouseClick(button(gallery, "Show all patches"), Qt.MouseButton.LeftButton)


def test_a_class_asked_for_before_anything_is_judged_is_explained(gallery: PatchGallery) -> None:
    gallery.set_source(ArraySource(3))
    gallery.set_order(GalleryOrder(show=Show.MALIGNANT))
    assert "No patch is judged yet" in said(gallery)


# Sources


def test_it_is_settled_once_every_cell_in_sight_has_its_picture_or_none(
    gallery: PatchGallery, qtbot: QtBot
) -> None:
    assert gallery.is_settled()
    with qtbot.waitSignal(gallery.settled):
        gallery.set_source(CountingSource(COUNT, broken=frozenset({1})))
        assert not gallery.is_settled()
    assert gallery.is_settled()
    picture = gallery.viewport().grab().toImage()
    for position in gallery.seen():
        point = gallery.grid.cell(position).center()
        if position != 1 and picture.rect().contains(point):
            assert picture.pixelColor(point).getRgb()[:3] == (position, 0, 0)
    with qtbot.waitSignal(gallery.settled):
        qtbot.keyClick(gallery, Qt.Key.Key_End)
    assert gallery.is_settled()


def test_another_source_starts_afresh_with_the_same_wishes(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST, text="5"))
    gallery.select(5)
    gallery.set_source(ArraySource(20))
    assert gallery.current() is None
    assert gallery.offset == 0
    assert gallery.rows.tolist() == [5, 15]
    gallery.set_source(None)
    assert len(gallery.rows) == 0


def test_a_hidden_gallery_reads_nothing_until_it_is_shown(gallery: PatchGallery, qtbot: QtBot) -> None:
    gallery.hide()
    source = CountingSource(10)
    gallery.set_source(source)
    gallery.stop()
    assert source.rows_read == []
    gallery.show()
    qtbot.waitUntil(lambda: len(source.rows_read) == 10)


@pytest.mark.data
def test_a_real_folder_shows_its_patches(gallery: PatchGallery, qtbot: QtBot, idc_folder: Path) -> None:
    source: PatchSource = FolderSource(idc_folder / "8867", input_size=50, model_mpp=4.0)
    gallery.set_source(source)
    assert len(gallery.rows) == 1642
    qtbot.keyClick(gallery, Qt.Key.Key_End)
    last = gallery.seen()[-1]
    row = int(gallery.rows[last])
    block = Block(0, np.array([row]))
    expected = QColor(*source.read(block).pixels[0].reshape(-1, 3).mean(axis=0).round().astype(int).tolist())
    loading = pixel(gallery, middle(gallery, last))
    qtbot.waitUntil(lambda: pixel(gallery, middle(gallery, last)) != loading)
    cell = gallery.grid.cell(last).translated(0, -gallery.offset).adjusted(3, 3, -3, -3)
    shown = gallery.viewport().grab(cell.intersected(gallery.viewport().rect())).toImage()
    mean = shown.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).pixelColor(0, 0)
    assert abs(mean.red() - expected.red()) < 40
