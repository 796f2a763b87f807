from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.panels.message_bar import MOST_SHOWN, MessageBar


def lines(bar: MessageBar) -> list[str]:
    label = bar.findChild(QLabel)
    assert label is not None
    return label.text().split("\n")


def test_messages_have_a_line_each_failures_first_and_the_rest_are_counted(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_failure("failure 0")
    bar.show_note("a note")
    for i in range(1, MOST_SHOWN):
        bar.show_failure(f"failure {i}")
    assert lines(bar) == ["⚠  failure 2", "⚠  failure 1", "⚠  failure 0", "and 1 more"]
    assert bar.isVisible()


def test_what_is_said_twice_has_one_line(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    for text in ("same", "other", "same"):
        bar.show_failure(text)
    assert lines(bar) == ["⚠  same", "⚠  other"]


def test_dismissed_messages_do_not_come_back(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_failure("old")
    bar.dismiss()
    bar.show_failure("new")
    assert lines(bar) == ["⚠  new"]
