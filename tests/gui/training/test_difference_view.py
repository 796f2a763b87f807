"""Where two models differ, as it is seen."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.training.difference_view import DifferenceView
from histoviewer.results.colormaps import lookup_table
from histoviewer.results.compared import ComparedMap, difference_colours
from tests.helpers.qt import box_of_colour, widget_pixels

NAN = np.nan


def one_map(slide: str) -> ComparedMap:
    """Three columns and two rows; one patch, at the bottom on the right, is not there."""
    old = np.array([[0, 0, 1], [0, 0, NAN]], np.float32)
    new = np.array([[1, 0, 0], [0, 0, NAN]], np.float32)
    truth = np.array([[1, 0, 0], [0, 0, NAN]], np.float32)
    return ComparedMap(slide, 5, 1, 1, 400, 300, 50, old, new, truth)


def colour(table: np.ndarray, place: int) -> tuple[int, int, int]:
    red, green, blue, _ = table[place].tolist()
    return red, green, blue


def test_maps_lie_side_by_side_and_each_patch_can_be_read(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    view = DifferenceView(window)
    view.resize(700, 300)
    view.set_thresholds(0.37, 0.95)
    view.set_maps([one_map("8867"), one_map("/a/folder/a.svs")])
    window.show()
    old, new, difference = view.pictures
    probability = lookup_table("viridis")
    for picture, table, is_left in (
        (old, probability, False),
        (new, probability, True),
        (difference, difference_colours(), True),
    ):
        x, _, width, height = box_of_colour(widget_pixels(picture), colour(table, -1), tolerance=2)
        assert (x + width / 2 < picture.width() / 2) is is_left, "the highest is where it belongs"
        assert abs(width - height) <= 1
    x, y, width, height = box_of_colour(widget_pixels(difference), colour(difference_colours(), 0), 2)
    qtbot.mouseMove(difference, QPoint(x + width // 2, y + height // 2))
    qtbot.waitUntil(lambda: "old 1.00" in view.read_out.text())
    text = view.read_out.text()
    assert text.startswith("x 500, y 300:")
    assert "new 0.00, difference −1.00; truth: benign" in text
    qtbot.mouseMove(difference, QPoint(x + width // 2, y + height + height // 2))
    qtbot.waitUntil(lambda: "Point at" in view.read_out.text(), timeout=5000)
    assert "0.37" in view.changes.text()
    assert "0.95" in view.changes.text()
    assert [view.slides.itemText(i)[:5] for i in range(2)] == ["8867 ", "a.svs"]
    view.set_maps([])
    assert not view.isVisible()
