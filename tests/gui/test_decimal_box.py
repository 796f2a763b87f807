from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.decimal_box import DecimalBox


@pytest.mark.parametrize(
    ("typed", "value"), [("0.5", 0.5), ("0,5", 0.5), (",25", 0.25), ("0,5a", 0.5), ("1", 1.0)]
)
@pytest.mark.parametrize("suffix", ["", " µm/px"])
def test_a_comma_is_a_decimal_point(qtbot: QtBot, typed: str, value: float, suffix: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    box = DecimalBox(parent, most=1.0, decimals=2, step=0.05)
    box.setSuffix(suffix)
    box.setValue(0.75)
    box.selectAll()
    qtbot.keyClicks(box, typed + "\r")
    assert box.value() == value
    assert box.text() == f"{value:.2f}{suffix}"
