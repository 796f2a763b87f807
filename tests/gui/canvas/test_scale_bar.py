from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.scale_bar import ScaleBar, choose_length
from histoviewer.gui.colours import DARK, LIGHT
from tests.helpers.qt import widget_pixels


@pytest.mark.parametrize(
    ("scale", "mpp", "text", "screen"),
    [
        (1.0, 0.5, "50 µm", 100.0),
        (1.0, 0.25, "20 µm", 80.0),
        (1.0, 4.0, "500 µm", 125.0),
        (0.36, 4.0, "1 mm", 90.0),
        (1.0, 6.25, "1 mm", 160.0),
        (0.01, 0.25, "2 mm", 80.0),
        (16.0, 0.25, "2 µm", 128.0),
        (16.0, 0.05, "0.5 µm", 160.0),
        (1.0, 1000.0, "100 mm", 100.0),
    ],
)
def test_length_is_the_longest_round_one(scale: float, mpp: float, text: str, screen: float) -> None:
    length = choose_length(scale=scale, mpp=mpp, longest=160.0)
    assert length.text == text
    assert length.screen == pytest.approx(screen)


@pytest.mark.parametrize("scale", np.geomspace(0.001, 16, 60).tolist())
def test_length_is_1_2_or_5_and_between_40_and_100_percent_of_the_longest(scale: float) -> None:
    length = choose_length(scale=scale, mpp=0.2428, longest=160.0)
    assert f"{length.amount:.0e}"[0] in "125"
    assert 0.4 * 160 - 1e-6 <= length.screen <= 160 + 1e-6
    micrometres = length.amount * (1000 if length.unit == "mm" else 1)
    assert length.screen == pytest.approx(micrometres / 0.2428 * scale)


def test_without_a_scale_it_counts_pixels_and_says_so(qtbot: QtBot) -> None:
    bar = ScaleBar()
    qtbot.addWidget(bar)
    bar.set_scale(scale=0.5, mpp=None)
    assert bar.text == "200 px · uncalibrated"
    bar.set_scale(scale=0.5, mpp=0.5)
    assert bar.text == "100 µm"
    assert "100 µm" in bar.accessibleName()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_painted_bar_is_as_long_as_it_says(qtbot: QtBot, theme: object) -> None:
    bar = ScaleBar()
    qtbot.addWidget(bar)
    window = "#F0F0F0" if theme is LIGHT else "#202020"
    bar.setPalette(QPalette(QColor(window)))
    bar.set_scale(scale=0.5, mpp=0.5)
    pixels = widget_pixels(bar).astype(int)
    text = np.array((LIGHT if theme is LIGHT else DARK).text.getRgb()[:3])
    inked = np.abs(pixels - text).max(axis=2) < 40
    widest = max(int(row.sum()) for row in inked[-14:])
    assert widest == 100


def test_the_label_fits_the_font(qtbot: QtBot) -> None:
    bar = ScaleBar()
    qtbot.addWidget(bar)
    font = QApplication.font()
    font.setPointSize(20)
    bar.setFont(font)
    bar.set_scale(scale=0.5, mpp=None)
    assert bar.width() >= bar.fontMetrics().horizontalAdvance(bar.text)
    assert bar.height() > bar.fontMetrics().height()
