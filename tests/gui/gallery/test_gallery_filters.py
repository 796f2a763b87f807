"""Order and filters, also while a run goes on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui import colours
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import NO_REVIEW, UNSURE
from tests.gui.gallery.gallery_hands import (
    COUNT,
    OFFSCREEN_TOOLTIPS,
    border,
    button,
    explain,
    hover,
    judged,
    middle,
    seen_rows,
    sort_button_is_shown,
)
from tests.helpers.array_source import ArraySource


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


def test_what_was_decided_can_be_asked_for(gallery: PatchGallery) -> None:
    gallery.set_source(ArraySource(5))
    gallery.set_probabilities(np.array([0.9, 0.9, 0.1, 0.1, np.nan], np.float32))
    reviews = np.array([MALIGNANT, BENIGN, UNSURE, NO_REVIEW, MALIGNANT], np.int8)
    gallery.set_reviews(reviews)
    for show, rows in {
        Show.DECIDED: [0, 1, 2, 4],
        Show.UNDECIDED: [3],
        Show.UNSURE: [2],
        Show.CORRECTED: [1],
    }.items():
        gallery.set_order(GalleryOrder(show=show))
        assert gallery.rows.tolist() == rows
    reviews[2] = BENIGN
    gallery.set_order(GalleryOrder(show=Show.UNSURE))
    assert gallery.rows.tolist() == []
    texts = [label.text() for label in gallery.findChildren(QLabel)]
    assert any("decided as unsure" in text for text in texts)


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
