"""Nothing English is left in a Russian window, and its keys go on under a Russian keyboard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from histoviewer.gui.about.about_window import AboutWindow
from histoviewer.gui.about.card_parts import about_parts
from histoviewer.gui.about.rendering import as_text
from histoviewer.gui.command_list import CommandList
from histoviewer.gui.keyboard_layout import latin_keys
from histoviewer.gui.logs.log_window import LogWindow
from histoviewer.gui.look.look_panel import LookPanel
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.rotation_box import RotationBox
from histoviewer.gui.reviewing.reviewing import user_name
from histoviewer.gui.settings.settings_window import SettingsWindow
from histoviewer.inference.model_card import ModelCard, read_card
from histoviewer.resources import resource_path
from tests.gui.languages import speaking
from tests.gui.panels.panel_session import judge, opened_in
from tests.gui.test_keyboard import mnemonics
from tests.gui.test_small_screen import SMALL, settled
from tests.helpers.idc_like import write_idc_like

MODIFIER = Qt.KeyboardModifier
SAME = {
    "OpenVINO",
    "Keras",
    "HistoViewer",
    "idc",
    "Alt",
    "CSV",
    "English",
    "MiB",
    "Ctrl",
    "Enter",
    "Esc",
    "Left",
    "PNG",
    "Backspace",
    "GeoJSON",
    "PDF",
    "Right",
    "Shift",
    "Tab",
    "Up",
    "mm",
    "px",
    "sRGB",
}
"""Names, keys and units."""

BOXES = (
    "Список &команд…",
    "&Яркость и контраст…",
    "На любой &угол…",
    "&О программе HistoViewer",
    "Показать &журнал",
    "Настро&йки…",
)


@pytest.fixture(autouse=True)
def _russian(qapp: QApplication) -> Iterator[None]:
    del qapp
    with speaking("ru"):
        yield


def texts_of(widget: QWidget) -> list[str]:
    """What a widget says, to the eye and to a screen reader."""
    said = [widget.toolTip(), widget.accessibleName(), widget.windowTitle()]
    if isinstance(widget, QAbstractButton | QLabel):
        said.append(widget.text())
    elif isinstance(widget, QLineEdit):
        said.append(widget.placeholderText())
    elif isinstance(widget, QComboBox):
        said += [widget.itemText(i) for i in range(widget.count())]
    elif isinstance(widget, QAbstractSpinBox):
        said.append(widget.text())
    elif isinstance(widget, QMenu):
        said.append(widget.title())
    elif isinstance(widget, QTabBar):
        said += [text for i in range(widget.count()) for text in (widget.tabText(i), widget.tabToolTip(i))]
    elif isinstance(widget, QTreeWidget):
        items = [widget.topLevelItem(i) for i in range(widget.topLevelItemCount())]
        said += [item.text(column) for item in items for column in range(widget.columnCount())]
    for action in widget.actions():
        said += [action.text(), action.toolTip()]
    return said


def english_in(window: MainWindow) -> dict[str, set[str]]:
    """Latin words in a window and the text that has them; names of files are left out."""
    widgets = [window, *window.findChildren(QWidget)]
    texts = {text for widget in widgets for text in texts_of(widget)}
    texts |= {action.text() for action in window.findChildren(QAction)}
    found = {}
    for text in texts:
        plain = re.sub(r"<[^>]*>|\S*[_/]\S*|\S+\.png\b|&(?!\w)", " ", text.replace("\u200b", "")).replace(
            "&", ""
        )
        words = set(re.findall(r"\b[A-Za-z]{2,}\b", plain)) - SAME - {user_name()}
        if words:
            found[text] = words
    return found


def test_an_empty_window_has_no_english(window: MainWindow) -> None:
    assert window.menuBar().actions()[0].text() == "&Файл"
    assert not english_in(window)


def test_a_window_at_work_has_no_english(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "ткань", patients=2, patches=12)
    files = sorted((tmp_path / "ткань").rglob("*.png"))
    opened = opened_in(window.session, tmp_path / "ткань", qtbot)
    assert not english_in(window)
    judge(window.session, opened, {file.name: 0.9 for file in files})
    window.session.select(0)
    window.session.ask_scale()
    window.show_patches_tab()
    assert not english_in(window)
    window.canvas.view.turn_to(90)
    window.show_slide_tab()
    assert "злокачественный" in " ".join(label.text() for label in window.findChildren(QLabel))
    assert not english_in(window)


def test_the_boxes_have_no_english(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "ткань", patients=1, patches=4)
    opened_in(window.session, tmp_path / "ткань", qtbot)
    for text in BOXES:
        next(action for action in window.findChildren(QAction) if action.text() == text).trigger()
    for box in (CommandList, LookPanel, RotationBox, AboutWindow, LogWindow, SettingsWindow):
        assert window.findChild(box).isVisible()
    assert not english_in(window)


def test_every_letter_reaches_one_thing_while_a_length_is_measured(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    Image.fromarray(np.full((900, 1200, 3), 200, np.uint8)).save(tmp_path / "срез.png")
    opened_in(window.session, tmp_path / "срез.png", qtbot)
    assert max(Counter(mnemonics(window)).values()) == 1
    buttons = window.findChildren(QAbstractButton)
    next(button for button in buttons if button.text() == "Из&мерить…").click()
    assert "Alt+Н" in mnemonics(window)
    assert max(Counter(mnemonics(window)).values()) == 1
    assert not english_in(window)


def press_letter(widget: QWidget, letter: str, modifiers: MODIFIER = MODIFIER.NoModifier) -> None:
    """As the system sends it under a Russian layout: the key's code is the Russian letter's."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, ord(letter.upper()), modifiers, letter))


def test_letters_do_the_same_under_a_russian_keyboard(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "ткань", patients=1, patches=4)
    opened_in(window.session, tmp_path / "ткань", qtbot)
    for show, widget in (
        (window.show_slide_tab, window.canvas.view),
        (window.show_patches_tab, window.gallery_page.gallery),
    ):
        show()
        was_visible = window.session.overlay.is_visible
        press_letter(widget, "с")  # the key of C
        assert window.session.overlay.is_visible is not was_visible
        press_letter(widget, "п")  # the key of G
    assert not window.ghost_switch.action.isChecked(), "on and off"
    press_letter(window.canvas.view, "С", MODIFIER.ShiftModifier)
    assert window.findChild(LookPanel).isVisible()


def test_a_russian_letter_in_a_text_field_is_typed(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "ткань", patients=1, patches=4)
    opened_in(window.session, tmp_path / "ткань", qtbot)
    window.show_patches_tab()
    line = next(w for w in window.findChildren(QLineEdit) if w.accessibleName() == "Отбор по имени")
    was_visible = window.session.overlay.is_visible
    press_letter(line, "с")
    assert line.text() == "с"
    assert window.session.overlay.is_visible is was_visible


@pytest.mark.parametrize(
    ("letter", "modifiers"), [("ж", MODIFIER.NoModifier), ("с", MODIFIER.ControlModifier)]
)
def test_other_keys_are_left_to_qt(letter: str, modifiers: MODIFIER) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, ord(letter.upper()), modifiers, letter)
    assert latin_keys(event) is None


def test_about_speaks_russian_of_the_bundled_model_and_leaves_another_card_as_it_is() -> None:
    def said(card: ModelCard) -> str:
        return as_text(about_parts(card))

    card = read_card(resource_path("models", "idc-vgg16"))
    assert "Не для диагностики" in said(card)
    for part in about_parts(card)[:-2]:  # not versions and checksums
        for text in (part.title, *part.sentences, *(row[0] for row in part.rows)):
            assert re.search("[А-я]|ROC AUC|F1", text) or not text, text
    assert "Only for mice." in said(replace(card, intended_use="Only for mice.", limits=""))
    assert "Project-Id" not in said(replace(card, intended_use="", limits=""))


def test_the_longer_words_fit_a_small_screen(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.resize(SMALL)
    write_idc_like(tmp_path / "ткань", patients=2, patches=12)
    opened_in(window.session, tmp_path / "ткань", qtbot)
    window.session.select(0)
    two_views = next(action for action in window.findChildren(QAction) if action.text() == "&Два вида")
    for step in (window.show_slide_tab, window.show_patches_tab, window.session.ask_scale, two_views.trigger):
        step()
        settled(qtbot, window)
        assert window.size() == SMALL
