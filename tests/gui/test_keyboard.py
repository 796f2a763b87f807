"""The window without a mouse."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.hint import Hint
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.pages import PATCHES_TAB, SLIDE_TAB

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    """As the system does: the key goes to whoever has the focus, shortcuts first."""
    focused = window.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key)


def hint(window: MainWindow) -> Hint:
    found = window.findChild(Hint)
    assert found is not None
    return found


def mnemonic_of(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()


def mnemonics(window: MainWindow) -> list[str]:
    """What Alt and a letter reach now, beside the menus."""
    widgets = [w for w in window.findChildren(QWidget) if w.isVisible()]
    texts = [w.text() for w in widgets if isinstance(w, QAbstractButton)]
    texts += [w.text() for w in widgets if isinstance(w, QLabel) and w.buddy() is not None]
    texts += [action.text() for action in window.menuBar().actions()]
    return [letter for letter in map(mnemonic_of, texts) if letter]


def test_the_slide_has_the_keys_once_something_is_open(opened: MainWindow) -> None:
    assert opened.focusWidget() is opened.canvas.view


def test_tab_on_the_slide_leaves_nothing_else_and_says_the_way_back(qtbot: QtBot, opened: MainWindow) -> None:
    press(qtbot, opened, KEY.Key_Tab)
    assert opened.surroundings.only_slide.isChecked()
    assert not opened.tabs.isVisible()
    assert hint(opened).isVisible()
    press(qtbot, opened, KEY.Key_Tab)
    assert opened.tabs.isVisible()
    assert not hint(opened).isVisible()


def test_escape_brings_the_panels_back_too(qtbot: QtBot, opened: MainWindow) -> None:
    press(qtbot, opened, KEY.Key_Tab)
    press(qtbot, opened, KEY.Key_Escape)
    assert opened.tabs.isVisible()


def test_tab_on_the_patches_leaves_nothing_else(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_patches_tab()
    press(qtbot, opened, KEY.Key_Tab)
    assert not opened.gallery_page.bar.isVisible()
    assert opened.gallery_page.gallery.isVisible()
    press(qtbot, opened, KEY.Key_Tab)
    assert opened.gallery_page.bar.isVisible()


def test_tab_in_a_text_field_moves_on_and_hides_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_patches_tab()
    line = next(w for w in opened.findChildren(QLineEdit) if w.accessibleName() == "Filter by name")
    line.setFocus()
    press(qtbot, opened, KEY.Key_Tab)
    assert opened.focusWidget() is not line
    assert not opened.surroundings.only_slide.isChecked()


def test_the_patches_have_the_keys_once_they_are_in_front(qtbot: QtBot, opened: MainWindow) -> None:
    gallery = opened.gallery_page.gallery
    qtbot.keyClick(opened, KEY.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert opened.focusWidget() is gallery
    qtbot.keyClick(opened, KEY.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert opened.focusWidget() is opened.canvas.view
    middle = opened.tabs.tabRect(PATCHES_TAB).center()
    qtbot.mouseClick(opened.tabs, LEFT, pos=middle)
    assert opened.focusWidget() is gallery


def test_enter_on_a_patch_flies_to_it(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_patches_tab()
    press(qtbot, opened, KEY.Key_End)
    press(qtbot, opened, KEY.Key_Return)
    assert opened.tabs.currentIndex() == SLIDE_TAB
    assert opened.focusWidget() is opened.canvas.view
    row, source = opened.session.selected, opened.session.current
    assert row is not None
    assert source is not None
    columns = source.source.columns
    view = opened.canvas.view
    qtbot.waitUntil(view.is_sharp)
    centre = (columns.x[row] + 25.0, columns.y[row] + 25.0)
    assert view.transform.to_view(*centre) == pytest.approx((view.width() / 2, view.height() / 2), abs=1)
    assert 50 * view.transform.scale >= 95


def test_plus_and_minus_zoom_whoever_has_been_clicked(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.canvas.view
    assert opened.classify_button.isEnabled()
    qtbot.mouseClick(opened.classify_button, LEFT)
    qtbot.waitUntil(lambda: not opened.session.is_running)
    before = view._navigator.target.scale
    press(qtbot, opened, KEY.Key_Plus)
    assert view._navigator.target.scale > before
    opened.surroundings.docks[0].findChildren(QWidget)[0].setFocus()
    press(qtbot, opened, KEY.Key_Minus)
    assert view._navigator.target.scale == pytest.approx(before)


def test_plus_enlarges_the_thumbnails_while_they_are_in_front(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_patches_tab()
    with qtbot.waitSignal(opened.gallery_page.gallery.thumbnail_size_changed):
        press(qtbot, opened, KEY.Key_Plus)


def reachable(action: QAction) -> bool:
    """Its keys do something now, with the right focus."""
    if action.shortcutContext() != Qt.ShortcutContext.WidgetShortcut:
        return action.isEnabled()
    holders = [one for one in action.associatedObjects() if isinstance(one, QWidget)]
    return action.isEnabled() and any(one.isVisible() for one in holders)


@pytest.mark.parametrize("tab", [SLIDE_TAB, PATCHES_TAB])
def test_no_keys_are_held_by_two_things_at_once(opened: MainWindow, tab: int) -> None:
    opened.show_patches_tab()
    opened.gallery_page.gallery.set_order(GalleryOrder(group=Group.PATIENT))
    assert opened.gallery_page.gallery.has_groups
    opened.tabs.setCurrentIndex(tab)
    opened.session.select(0)
    actions = [action for action in opened.findChildren(QAction) if reachable(action)]
    keys = [keys.toString() for action in actions for keys in action.shortcuts()]
    assert "Ctrl+Shift+Left" in keys
    assert [one for one, count in Counter(keys).items() if count > 1] == []


@pytest.mark.usefixtures("each_language")
def test_every_letter_reaches_one_thing(opened: MainWindow) -> None:
    for tab in (SLIDE_TAB, PATCHES_TAB):
        opened.tabs.setCurrentIndex(tab)
        opened.messages.show_note("a message, with its button")
        twice = [letter for letter, count in Counter(mnemonics(opened)).items() if count > 1]
        assert not twice


@pytest.mark.usefixtures("each_language")
def test_every_letter_reaches_one_thing_in_an_empty_window_and_in_each_menu(window: MainWindow) -> None:
    assert max(Counter(mnemonics(window)).values()) == 1
    for menu in window.menuBar().findChildren(QMenu):
        letters = [mnemonic_of(action.text()) for action in menu.actions() if action.text()]
        assert "" not in letters, menu.title()
        assert len(set(letters)) == len(letters), menu.title()
