"""File > Settings: kept at once, and so at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.gui.settings.preferences import KeptPreferences, Preferences, read_preferences
from histoviewer.gui.settings.settings_window import SettingsWindow
from histoviewer.inference.opening import open_judge
from tests.gui.conftest import closing_windows
from tests.gui.panels.panel_session import PATIENCE
from tests.helpers.idc_like import write_idc_like

DARK = Preferences(
    appearance="dark",
    language="ru",
    tile_mib=512,
    classifies_dropped=False,
    engine="keras",
    has_eight_views=True,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def settings_of(file: Path) -> QSettings:
    return QSettings(str(file), QSettings.Format.IniFormat)


@pytest.fixture
def window(
    qtbot: QtBot,
    data_folder: Path,  # noqa: ARG001 - asked for so that nothing is written to the user's own
    tiny_bundle: Path,
    file: Path,
    qapp: QApplication,
) -> Iterator[MainWindow]:
    before = qapp.palette()
    with closing_windows() as windows:
        windows.append(MainWindow(Session(tiny_bundle), settings_of(file)))
        windows[0].show()
        qtbot.waitExposed(windows[0])
        yield windows[0]
        windows[0]._settings.preferences.replace_all(Preferences())
    qapp.setPalette(before)


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow) -> SettingsWindow:
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    found = window.findChild(SettingsWindow)
    assert found is not None
    qtbot.waitExposed(found)
    return found


def test_what_was_chosen_is_there_at_the_next_start(file: Path) -> None:
    settings = settings_of(file)
    KeptPreferences(settings).replace_all(DARK)
    settings.sync()
    assert read_preferences(settings_of(file)) == DARK


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("appearance", "purple", Preferences()),
        ("language", "xx", Preferences()),
        ("tile_mib", "much", Preferences()),
        ("tile_mib", "1", Preferences(tile_mib=64)),
        ("classifies_dropped", "maybe", Preferences()),
        ("classifies_dropped", "false", Preferences(classifies_dropped=False)),
        ("engine", "abacus", Preferences()),
        ("has_eight_views", "perhaps", Preferences()),
    ],
)
def test_what_makes_no_sense_is_as_if_not_chosen(
    file: Path, key: str, text: str, expected: Preferences
) -> None:
    settings = settings_of(file)
    settings.setValue(f"preferences/{key}", text)
    assert read_preferences(settings) == expected


def test_without_a_place_nothing_is_kept(qtbot: QtBot) -> None:
    preferences = KeptPreferences(None)
    with qtbot.waitSignal(preferences.changed):
        preferences.choose(tile_mib=128)
    assert KeptPreferences(None).chosen == Preferences()


def test_every_change_is_kept_at_once_and_can_be_taken_back(shown: SettingsWindow, file: Path) -> None:
    shown._appearance.setCurrentIndex(shown._appearance.findData("dark"))
    shown._language.setCurrentIndex(shown._language.findData("ru"))
    shown._tiles.setValue(512)
    shown._dropped.click()
    shown._engine.setCurrentIndex(shown._engine.findData("keras"))
    shown._eight_views.click()
    shown._preferences._settings.sync()  # type: ignore[union-attr]  # the fixture gives one
    assert read_preferences(settings_of(file)) == DARK
    shown._defaults.click()
    assert shown._preferences.chosen == Preferences()
    assert shown._tiles.value() == 256
    assert not shown._defaults.isEnabled()


def test_dark_is_dark_at_once_and_light_light(shown: SettingsWindow, qapp: QApplication) -> None:
    for appearance, is_dark in (("dark", True), ("light", False), ("dark", True), ("system", False)):
        shown._appearance.setCurrentIndex(shown._appearance.findData(appearance))
        assert (qapp.palette().color(QPalette.ColorRole.Window).lightness() < 128) is is_dark


def test_what_comes_with_the_next_start_only_says_so(shown: SettingsWindow) -> None:
    later = next(label for label in shown.findChildren(QLabel) if "next start" in label.text())
    assert not later.isEnabled()
    for changes in ({"language": "ru"}, {"engine": "keras"}, {"has_eight_views": True}):
        shown._preferences.choose(**changes)
        assert later.isEnabled()
        shown._preferences.replace_all(Preferences())
        assert not later.isEnabled()


def test_a_start_judges_as_was_chosen_before(
    qtbot: QtBot,
    data_folder: Path,  # noqa: ARG001 - asked for so that nothing is written to the user's own
    tiny_bundle: Path,
    tmp_path: Path,
) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=4)
    chosen = Preferences(engine="keras", has_eight_views=True)
    with closing_windows() as windows:
        windows.append(MainWindow(Session(tiny_bundle, chosen.judging)))
        session = windows[0].session
        with qtbot.waitSignal(session.current_changed, timeout=PATIENCE):
            session.open([tmp_path / "patches"], classify=True)
        qtbot.waitUntil(lambda: session.current is not None and session.current.has_answers, timeout=PATIENCE)
        assert session.current is not None
        facts = session.current.store.facts
        assert (facts.engine, facts.precision) == ("keras", "f32, eight views")
        judge = open_judge(tiny_bundle, chosen.judging)
        read = session.current.source.read(session.current.source.blocks()[0])
        expected = judge.predict(read.pixels)
        qtbot.waitUntil(lambda: not session.is_running, timeout=PATIENCE)
        assert session.current.store.probability[read.patches] == pytest.approx(expected, abs=1e-5)


def test_the_views_share_the_memory(shown: SettingsWindow, window: MainWindow) -> None:
    shown._tiles.setValue(512)
    views = window._pages.views
    assert views.first.view._tiles._capacity == 512 * 2**20
    views.set_double(True)
    assert views.second is not None
    assert [c.view._tiles._capacity for c in (views.first, views.second)] == 2 * [256 * 2**20]
    views.set_double(False)
    assert views.first.view._tiles._capacity == 512 * 2**20


@pytest.mark.parametrize("classifies", [True, False])
def test_what_is_dropped_is_classified_where_that_is_wanted(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, classifies: bool
) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=4)
    window._settings.preferences.choose(classifies_dropped=classifies)
    session = window.session
    with qtbot.waitSignal(session.current_changed, timeout=PATIENCE):
        drop(window, tmp_path / "patches")
    qtbot.waitUntil(lambda: not session.opener.is_busy)
    qtbot.waitUntil(lambda: not session.is_running, timeout=PATIENCE)
    assert session.current is not None
    assert session.current.has_answers is classifies


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window.windowHandle(), event)


def test_escape_closes_it_and_its_letters_are_its_own(qtbot: QtBot, shown: SettingsWindow) -> None:
    texts = [button.text() for button in shown.findChildren(QPushButton)]
    texts += [label.text() for label in shown.findChildren(QLabel) if label.buddy() is not None]
    letters = [text[text.index("&") + 1].lower() for text in [*texts, shown._dropped.text()]]
    assert len(set(letters)) == len(letters)
    with qtbot.waitSignal(shown.destroyed):
        qtbot.keyClick(shown, Qt.Key.Key_Escape)
