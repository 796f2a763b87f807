from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from histoviewer.gui.theme import set_palette

BASE, WINDOW = QPalette.ColorRole.Base, QPalette.ColorRole.Window


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    before = qapp.palette()
    yield qapp
    qapp.setPalette(before)


def test_an_empty_box_stands_off_the_window_in_both_themes(qtbot: QtBot, app: QApplication) -> None:
    box = QCheckBox("Smooth")
    qtbot.addWidget(box)
    for is_dark in (True, False, True):
        set_palette(app, is_dark=is_dark)
        fill, ground = box.palette().color(BASE), app.palette().color(WINDOW)
        assert fill.lightness() - ground.lightness() >= (30 if is_dark else 5)
