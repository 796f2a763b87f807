from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.formatting import THIN_SPACE
from histoviewer.gui.gallery.gallery_bar import GalleryBar
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.patches.patch import BENIGN, UNKNOWN
from tests.helpers.array_source import ArraySource


@pytest.fixture
def bar(qtbot: QtBot) -> GalleryBar:
    bar = GalleryBar()
    qtbot.addWidget(bar)
    bar.resize(1100, 32)
    bar.show()
    return bar


def named(bar: GalleryBar, kind: type[QWidget], name: str) -> QWidget:
    return next(child for child in bar.findChildren(kind) if child.accessibleName() == name)


def choose(bar: GalleryBar, name: str, text: str) -> None:
    box = named(bar, QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentText(text)


def test_choosing_announces_the_whole_order(bar: GalleryBar, qtbot: QtBot) -> None:
    choose(bar, "Show", "Malignant")
    with qtbot.waitSignal(bar.order_changed) as signal:
        choose(bar, "Sort", "Highest probability")
    assert signal.args == [GalleryOrder(Sort.HIGHEST, Show.MALIGNANT)]


def test_typing_a_name_is_announced_once_after_a_pause(bar: GalleryBar, qtbot: QtBot) -> None:
    announced: list[GalleryOrder] = []
    bar.order_changed.connect(announced.append)
    qtbot.keyClicks(named(bar, QLineEdit, "Filter by name"), "8867")
    assert announced == []
    qtbot.waitUntil(lambda: bool(announced))
    assert announced == [GalleryOrder(text="8867")]


def test_enter_does_not_wait_for_the_pause(bar: GalleryBar, qtbot: QtBot) -> None:
    announced: list[GalleryOrder] = []
    bar.order_changed.connect(announced.append)
    line = named(bar, QLineEdit, "Filter by name")
    qtbot.keyClicks(line, "a")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert announced == [GalleryOrder(text="a")]


def test_the_ends_of_the_range_never_cross(bar: GalleryBar) -> None:
    low = named(bar, QDoubleSpinBox, "Lowest probability")
    high = named(bar, QDoubleSpinBox, "Highest probability")
    assert isinstance(low, QDoubleSpinBox)
    assert isinstance(high, QDoubleSpinBox)
    high.setValue(0.4)
    low.setValue(0.9)
    assert (bar.order().low, bar.order().high) == (0.4, 0.4)
    high.setValue(0.1)
    assert bar.order().high == 0.4


def test_an_order_set_from_outside_is_shown_and_not_announced(bar: GalleryBar, qtbot: QtBot) -> None:
    order = GalleryOrder(Sort.UNCERTAINTY, Show.BENIGN, low=0.25, high=0.75, text="x", group=Group.CLASS)
    with qtbot.assertNotEmitted(bar.order_changed, wait=400):
        bar.set_order(order)
    assert bar.order() == order


def test_the_count_says_how_many_of_how_many(bar: GalleryBar) -> None:
    count = named(bar, QLabel, "Patches shown")
    assert isinstance(count, QLabel)
    bar.set_counts(1642, 17143)
    assert count.text() == f"1{THIN_SPACE}642 of 17{THIN_SPACE}143 patches"
    bar.set_counts(17143, 17143)
    assert count.text() == f"17{THIN_SPACE}143 patches"
    bar.set_counts(1, 1)
    assert count.text() == "1 patch"
    bar.set_counts(0, 1)
    assert count.text() == "0 of 1 patch"


def test_the_size_is_announced_by_the_slider_and_not_when_set(bar: GalleryBar, qtbot: QtBot) -> None:
    slider = named(bar, QSlider, "Thumbnail size")
    assert isinstance(slider, QSlider)
    with qtbot.assertNotEmitted(bar.thumbnail_size_changed):
        bar.set_thumbnail_size(128)
    with qtbot.waitSignal(bar.thumbnail_size_changed) as signal:
        slider.setValue(96)
    assert signal.args == [96]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("Sort", list(Sort).index(Sort.DISAGREEMENT)),
        ("Groups", list(Group).index(Group.TRUTH)),
        ("Show", list(Show).index(Show.DISPUTED)),
        ("Show", list(Show).index(Show.TRULY_BENIGN)),
    ],
)
def test_without_a_truth_nothing_can_be_asked_of_it(bar: GalleryBar, name: str, index: int) -> None:
    box = named(bar, QComboBox, name)
    assert isinstance(box, QComboBox)
    line = box.model().index(index, 0)
    columns = ArraySource(2).columns
    bar.set_columns(columns)
    assert not box.model().flags(line) & Qt.ItemFlag.ItemIsEnabled
    bar.set_columns(replace(columns, truth=np.array([BENIGN, UNKNOWN], np.int8)))
    assert box.model().flags(line) & Qt.ItemFlag.ItemIsEnabled


def test_patients_are_listed_with_their_counts_and_filter_by_their_whole_name(
    bar: GalleryBar, qtbot: QtBot
) -> None:
    columns = replace(ArraySource(3).columns, patients=("8", "88"), patient=np.array([1, 0, 1], np.int32))
    bar.set_columns(columns)
    box = named(bar, QComboBox, "Patient")
    assert isinstance(box, QComboBox)
    assert [box.itemText(i) for i in range(box.count())] == ["All patients", "8   (1)", "88   (2)"]
    with qtbot.waitSignal(bar.order_changed) as signal:
        box.setCurrentIndex(1)
    assert signal.args == [GalleryOrder(patient="8")]
    bar.set_columns(ArraySource(3).columns)
    assert not box.isEnabled(), "a single patient is no choice"


def test_groups_are_announced(bar: GalleryBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.order_changed) as signal:
        choose(bar, "Groups", "By patient")
    assert signal.args == [GalleryOrder(group=Group.PATIENT)]


def test_the_count_of_selected_patches_is_told_and_nothing_while_there_are_none(bar: GalleryBar) -> None:
    said = named(bar, QLabel, "Patches selected")
    assert isinstance(said, QLabel)
    bar.set_counts(1642, 1642)
    bar.set_selected(1600)
    assert said.text() == f"1{THIN_SPACE}600 selected"
    bar.set_selected(0)
    assert said.text() == ""


def test_on_a_small_screen_captions_give_way_and_come_back(bar: GalleryBar) -> None:
    captions = [label for label in bar.findChildren(QLabel) if label.buddy() is not None]
    assert len(captions) == 5
    assert all(caption.isVisible() for caption in captions)
    least = bar.minimumSizeHint().width()
    bar.resize(least, 32)
    assert not any(caption.isVisible() for caption in captions)
    assert bar.minimumSizeHint().width() == least
    bar.resize(1100, 32)
    assert all(caption.isVisible() for caption in captions)


def test_a_probability_may_be_typed_with_a_comma(bar: GalleryBar, qtbot: QtBot) -> None:
    low = named(bar, QDoubleSpinBox, "Lowest probability")
    assert isinstance(low, QDoubleSpinBox)
    low.selectAll()
    with qtbot.waitSignal(bar.order_changed):
        qtbot.keyClicks(low, "0,5\r")
    assert bar.order().low == 0.5
