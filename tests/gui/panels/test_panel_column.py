from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.panels.panel_column import PanelColumn


def test_nothing_is_cut_off_at_the_side_with_or_without_a_scroll_bar(qtbot: QtBot) -> None:
    label = QLabel("malignant")
    column = PanelColumn([label])
    qtbot.addWidget(column)
    column.show()
    qtbot.waitExposed(column)
    before = column.minimumSizeHint().width()
    label.setText("a much longer word than malignant")
    assert column.minimumSizeHint().width() > before
    label.setMinimumHeight(2000)
    column.resize(column.minimumSizeHint().width(), 200)
    qtbot.waitUntil(lambda: column.verticalScrollBar().isVisible())
    assert label.width() >= label.minimumSizeHint().width()
    assert column.viewport().rect().contains(label.geometry().topRight())
