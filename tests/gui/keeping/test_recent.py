"""File > Open recent."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from histoviewer.gui.keeping.recent_menu import RecentMenu
from histoviewer.gui.keeping.recent_paths import MOST_KEPT, RecentPaths
from histoviewer.gui.main_window import MainWindow
from tests.gui.keeping.conftest import Start
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.pictures import textured, write_tiff_levels


def menu_of(window: MainWindow) -> RecentMenu:
    menu = window.findChild(RecentMenu)
    assert menu is not None
    return menu


def shown(qtbot: QtBot, window: MainWindow) -> list[QAction]:
    """The lines of the menu, once it has been seen which paths are there."""
    menu = menu_of(window)
    with qtbot.waitSignal(menu.checked, timeout=PATIENCE):
        menu.aboutToShow.emit()
    return [action for action in menu.actions() if action.data()]


def recent(window: MainWindow) -> RecentPaths:
    found = window.findChild(RecentPaths)
    assert found is not None
    return found


def test_what_was_opened_is_there_at_the_next_start_and_opens_again(
    qtbot: QtBot, start: Start, folder: Path, tmp_path: Path
) -> None:
    slide = write_tiff_levels(tmp_path / "a & b.tiff", [textured(600, 400)])
    window = start()
    opened_in(window.session, folder, qtbot)
    opened_in(window.session, slide, qtbot)
    window.close()
    window = start()
    lines = shown(qtbot, window)
    assert [Path(line.data()) for line in lines] == [slide, folder]
    assert lines[0].text().startswith("&1   a && b.tiff")
    with qtbot.waitSignal(window.session.current_changed, timeout=PATIENCE):
        lines[1].trigger()
    assert window.session.current is not None
    assert window.session.current.source.path == folder
    assert [Path(line.data()) for line in shown(qtbot, window)] == [folder, slide], "the latest first"


def test_what_is_gone_says_so_and_cannot_be_chosen(
    qtbot: QtBot, start: Start, folder: Path, tmp_path: Path
) -> None:
    window = start()
    for path in (tmp_path / "gone.svs", folder):
        recent(window).add(path)
    there, gone = shown(qtbot, window)
    assert there.isEnabled()
    assert not gone.isEnabled()
    assert gone.text().endswith("(not found)")


def test_the_last_dozen_are_kept_each_once_until_the_list_is_cleared(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    window = start()
    for number in [*range(MOST_KEPT + 3), 7]:
        recent(window).add(tmp_path / f"{number}.svs")
    names = [Path(line.data()).name for line in shown(qtbot, window)]
    assert names == ["7.svs", *(f"{n}.svs" for n in (14, 13, 12, 11, 10, 9, 8, 6, 5, 4, 3))]
    clear = next(action for action in menu_of(window).actions() if "Clear" in action.text())
    clear.trigger()
    menu_of(window).aboutToShow.emit()
    assert [action.isEnabled() for action in menu_of(window).actions()] == [False]


def test_two_windows_share_one_list(start: Start, tmp_path: Path) -> None:
    one, other = recent(start()), recent(start())
    one.add(tmp_path / "a.svs")
    other.add(tmp_path / "b.svs")
    assert [path.name for path in one.paths()] == ["b.svs", "a.svs"]


def test_the_demo_and_what_is_reopened_are_no_recent_paths(qtbot: QtBot, start: Start, folder: Path) -> None:
    window = start()
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        window.open_demo()
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        window.session.open_again([(folder, None)])
    assert recent(window).paths() == []


def test_nothing_is_kept_without_settings(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    opened_in(window.session, folder, qtbot)
    assert recent(window).paths() == []
