from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.panels.message_bar import MOST_SHOWN, MessageBar
from histoviewer.gui.panels.message_details import MessageDetails


def lines(bar: MessageBar) -> list[str]:
    label = bar.findChild(QLabel)
    assert label is not None
    return label.text().split("\n")


def test_messages_have_a_line_each_the_latest_first_and_the_rest_are_counted(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    for i in range(MOST_SHOWN):
        bar.show_failure(f"failure {i}")
    bar.show_note("a note")
    older = [f"⚠  failure {i}" for i in reversed(range(1, MOST_SHOWN))]
    assert lines(bar) == ["ℹ  a note", *older, "and 1 more: see Details"]
    assert bar.isVisible()


def test_notes_do_not_push_a_failure_out_of_sight(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_failure("results are not kept")
    for i in range(MOST_SHOWN + 1):
        bar.show_note(f"note {i}")
    assert lines(bar)[:3] == [f"ℹ  note {MOST_SHOWN}", "⚠  results are not kept", f"ℹ  note {MOST_SHOWN - 1}"]


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


def unfold(bar: MessageBar) -> QPushButton:
    return next(b for b in bar.findChildren(QPushButton) if b.isCheckable())


def details(bar: MessageBar) -> MessageDetails:
    found = bar.findChild(MessageDetails)
    assert found is not None
    return found


def test_paths_are_folded_away_and_unfold_whole_to_be_copied(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    for name in ("a", "b"):
        bar.show_failure(f"Cannot open /data/new slides/{name}.svs: the file is empty.")
    assert lines(bar)[0] == "⚠  Cannot open b.svs: the file is empty."
    assert not details(bar).isVisible()
    unfold(bar).click()
    assert details(bar).isVisible()
    assert [line.split("open ")[1] for line in details(bar).text().splitlines()] == [
        "/data/new slides/b.svs: the file is empty.",
        "/data/new slides/a.svs: the file is empty.",
    ]
    copy = next(b for b in details(bar).findChildren(QPushButton))
    copy.click()
    assert QGuiApplication.clipboard().text() == details(bar).text() + "\n"
    bar.dismiss()
    bar.show_failure("Cannot open /data/c.svs: the file is empty.")
    assert not details(bar).isVisible()


def test_there_is_nothing_to_unfold_where_all_is_said(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_note("all is well")
    assert not unfold(bar).isVisible()


def test_of_many_errors_each_is_there(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    for number in range(3 * MOST_SHOWN):
        bar.show_failure(f"failure {number}")
    unfold(bar).click()
    assert len(details(bar).text().splitlines()) == 3 * MOST_SHOWN
    bar.show_failure("one more")
    assert details(bar).text().splitlines()[0].endswith("one more")


def test_a_long_message_is_seen_whole_in_any_width(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    bar = MessageBar(holder)
    column.addWidget(bar)
    column.addStretch()
    holder.resize(1200, 600)
    holder.show()
    bar.show_failure("Cannot open /somewhere/a.svs: " + 20 * "a longer reason, ")
    unfold(bar).click()
    text = details(bar).findChild(QPlainTextEdit)
    assert text is not None
    for width in (1200, 500):
        holder.resize(width, 600)
        qtbot.waitUntil(lambda: text.viewport().height() >= text.document().size().height() * 10)
        assert not text.verticalScrollBar().isVisible()
