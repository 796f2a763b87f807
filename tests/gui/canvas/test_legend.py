from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.legend import Legend
from tests.helpers.qt import box_of_colour, widget_pixels


def a_table() -> NDArray[np.uint8]:
    """Blue below 0.5, red from there on."""
    table = np.zeros((256, 4), np.uint8)
    table[:128], table[128:] = (0, 0, 255, 255), (255, 0, 0, 255)
    return table


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.set_lookup_table(a_table())
    return legend


def test_probability_grows_from_left_to_right(legend: Legend) -> None:
    pixels = widget_pixels(legend)
    blue, red = box_of_colour(pixels, (0, 0, 255)), box_of_colour(pixels, (255, 0, 0))
    assert blue[0] + blue[2] == red[0]
    assert blue[2] == red[2] > 50


def test_transparent_colours_are_shown_on_white(legend: Legend) -> None:
    table = a_table()
    table[:128, 3] = 0
    legend.set_lookup_table(table)
    assert box_of_colour(widget_pixels(legend), (255, 255, 255))[2] >= 90


@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.6, 1.0])
def test_the_tick_stands_at_the_threshold(legend: Legend, threshold: float) -> None:
    before = widget_pixels(legend).astype(int)
    x, y, width, _ = box_of_colour(widget_pixels(legend), (0, 0, 255))
    legend.set_threshold(threshold)
    row = np.abs(widget_pixels(legend).astype(int) - before).max(axis=2)[y]
    ticked = np.flatnonzero(row > 30)
    assert ticked.mean() + 0.5 == pytest.approx(x + threshold * 2 * width, abs=1)
    assert len(ticked) <= 3


def test_no_threshold_no_tick(legend: Legend) -> None:
    before = widget_pixels(legend)
    legend.set_threshold(0.5)
    assert not np.array_equal(widget_pixels(legend), before)
    legend.set_threshold(None)
    assert np.array_equal(widget_pixels(legend), before)


def test_the_slides_patches_stand_in_their_colours_above_it(legend: Legend) -> None:
    x, y, width, _ = box_of_colour(widget_pixels(legend), (0, 0, 255))
    legend.set_counts(np.array([100, 0, 0, 0, 0, 0, 25, 0, 0, 0]))
    above = widget_pixels(legend)[: y - 1]
    benign, malignant = box_of_colour(above, (0, 0, 255)), box_of_colour(above, (255, 0, 0))
    assert benign[0] == pytest.approx(x, abs=1)
    assert malignant[0] == pytest.approx(x + 0.6 * 2 * width, abs=1)
    assert malignant[3] == pytest.approx(benign[3] / 2, abs=1)  # the square root of a quarter


def test_without_patches_nothing_stands_above_it(legend: Legend) -> None:
    before = widget_pixels(legend)
    legend.set_counts(np.zeros(10, np.intp))
    assert np.array_equal(widget_pixels(legend), before)
