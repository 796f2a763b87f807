from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow


def test_a_note_gives_way_to_the_position_by_itself(qtbot: QtBot, window: MainWindow) -> None:
    bar = window.run_bar
    bar.set_position("12, 34 px")
    position = next(label for label in bar.findChildren(QLabel) if label.text() == "12, 34 px")
    bar.show_note("Wrote mine.csv")
    assert bar.currentMessage() == "Wrote mine.csv"
    assert not position.isVisible()
    (timer,) = (timer for timer in bar.findChildren(QTimer) if timer.isActive())
    assert timer.interval() == 5000
    timer.setInterval(1)
    qtbot.waitUntil(position.isVisible)
    assert bar.currentMessage() == ""
