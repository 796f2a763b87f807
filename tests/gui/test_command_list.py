"""Ctrl+L: everything the menus offer, found by typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.command_list import CommandList, commands_of
from histoviewer.gui.main_window import MainWindow

KEY = Qt.Key


@pytest.fixture
def listed(qtbot: QtBot, window: MainWindow) -> CommandList:
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return show(qtbot, window)


def show(qtbot: QtBot, window: MainWindow) -> CommandList:
    qtbot.keyClick(window, KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    shown = next(w for w in window.findChildren(CommandList) if w.isVisible())
    qtbot.waitExposed(shown)
    return shown


def line(shown: CommandList) -> QLineEdit:
    found = shown.findChild(QLineEdit)
    assert found is not None
    return found


def rows(shown: CommandList) -> list[list[str]]:
    tree = shown.findChild(QTreeWidget)
    assert tree is not None
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(3)] for item in items if item is not None]


def chosen(shown: CommandList) -> str:
    tree = shown.findChild(QTreeWidget)
    assert tree is not None
    item = tree.currentItem()
    return "" if item is None else item.text(0)


def test_it_lists_every_action_of_the_menus_with_its_menu_and_key(listed: CommandList) -> None:
    assert ["Open file…", "File", "Ctrl+O"] in rows(listed)
    assert ["90° to the left", "View › Rotate", "Ctrl+Shift+Left"] in rows(listed)
    assert ["Views move together  ✓", "View", "Ctrl+Alt+S"] in rows(listed)
    assert not any("&" in text for row in rows(listed) for text in row)


def test_an_action_that_is_added_later_is_in_it(window: MainWindow) -> None:
    late = QAction("Salt && &pepper", window)
    window.menuBar().addMenu("&Kitchen").addAction(late)
    found = next(command for command in commands_of(window.menuBar()) if command.action is late)
    assert (found.name, found.path, found.key) == ("Salt & pepper", "Kitchen", "")


def test_typing_finds_by_name_menu_and_key_in_any_order(qtbot: QtBot, listed: CommandList) -> None:
    qtbot.keyClicks(line(listed), "LEFT view")
    assert [row[0] for row in rows(listed)] == ["90° to the left"]
    line(listed).setText("f11")
    assert chosen(listed) == "Full screen"
    line(listed).setText("no such thing")
    assert rows(listed) == []
    qtbot.keyClick(line(listed), KEY.Key_Return)
    assert listed.isVisible()


def test_arrows_choose_and_enter_does_it(qtbot: QtBot, window: MainWindow, listed: CommandList) -> None:
    line(listed).setText("results")
    before = window.surroundings.docks[1].wanted.isChecked()
    assert chosen(listed) == "Results  ✓"
    line(listed).setText("")
    first = chosen(listed)
    qtbot.keyClick(line(listed), KEY.Key_Down)
    assert chosen(listed) != first
    qtbot.keyClick(line(listed), KEY.Key_Up)
    assert chosen(listed) == first
    line(listed).setText("results")
    with qtbot.waitSignal(window.surroundings.docks[1].wanted.toggled):
        qtbot.keyClick(line(listed), KEY.Key_Return)
    assert window.surroundings.docks[1].wanted.isChecked() is not before


def test_what_cannot_be_done_now_is_greyed_and_not_done(
    qtbot: QtBot, window: MainWindow, listed: CommandList
) -> None:
    line(listed).setText("export csv")
    tree = listed.findChild(QTreeWidget)
    assert tree is not None
    item = tree.topLevelItem(0)
    assert item is not None
    assert item.isDisabled()
    qtbot.keyClick(line(listed), KEY.Key_Return)
    assert listed.isVisible()
    assert not window.exports.csv.isEnabled()


def test_escape_closes_it_and_leaves_the_window_as_it_was(
    qtbot: QtBot, window: MainWindow, listed: CommandList
) -> None:
    with qtbot.waitSignal(listed.destroyed):
        qtbot.keyClick(line(listed), KEY.Key_Escape)
    assert window.findChildren(CommandList) == []
