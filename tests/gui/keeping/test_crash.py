"""A window that dies, and the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.keeping.open_state import KeptSource, OpenState, read_state
from histoviewer.gui.keeping.restore_offer import RestoreOffer
from histoviewer.gui.main_window import MainWindow
from tests.gui.keeping.conftest import Start
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.gui.test_keyboard import mnemonics
from tests.helpers import window_until_killed
from tests.helpers.pictures import textured, write_tiff_levels


def offer(window: MainWindow) -> RestoreOffer:
    found = window.findChild(RestoreOffer)
    assert found is not None
    return found


def press(window: MainWindow, text: str) -> None:
    buttons = offer(window).findChildren(QPushButton)
    next(button for button in buttons if text in button.text().replace("&", "")).click()


def kept_files(data: Path) -> list[Path]:
    return sorted((data / "open").glob("*"))


def left_by_a_dead_window(data: Path, *paths: Path) -> Path:
    """The file of a process that has died without a word; its lock died with it."""
    (data / "open").mkdir(parents=True, exist_ok=True)
    file = data / "open" / f"dead {len(kept_files(data))}.json"
    file.write_bytes(OpenState(tuple(map(KeptSource, paths))).to_json())
    return file


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_was_open_when_the_program_was_killed_comes_back_as_it_was(
    qtbot: QtBot, start: Start, data_folder: Path, tiny_bundle: Path, ini: Path, folder: Path, tmp_path: Path
) -> None:
    slide = write_tiff_levels(tmp_path / "a.ome.tiff", [textured(600, 400)], ome_mpp=1.0)
    script = window_until_killed.__file__
    command = [sys.executable, script, data_folder, tiny_bundle, ini, slide, folder]
    root = Path(script).parents[2]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "kept\n"
        beside = start()
        assert not offer(beside).isVisible(), "it lives: what it has open is its own"
        beside.close()
        process.send_signal(signal.SIGKILL)

    window = start()
    assert offer(window).isVisible()
    text = " ".join(label.text() for label in offer(window).findChildren(QLabel))
    assert "a.ome.tiff, patches" in text
    assert window.session.sources == [], "never unasked"
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        press(window, "Bring back what was open")
    session = window.session
    assert {opened.source.path for opened in session.sources} == {slide, folder}
    assert session.current is not None
    assert session.current.source.path == folder
    assert session.slide_name == "1001"
    assert session.threshold == 0.75
    assert not session.is_running
    view = window.canvas.view
    qtbot.waitUntil(view.is_sharp, timeout=PATIENCE)
    assert (view.transform.x, view.transform.y) == pytest.approx((100, 60), abs=1)
    assert view.transform.rotation == pytest.approx(90, abs=0.1)
    assert view.transform.downsample == pytest.approx(0.25, rel=0.01)
    assert not offer(window).isVisible()
    window.close()
    assert kept_files(data_folder) == []


def test_a_window_that_closes_as_it_should_leaves_nothing(
    qtbot: QtBot, start: Start, data_folder: Path, folder: Path
) -> None:
    window = start()
    opened = opened_in(window.session, folder, qtbot)
    keeper = window._keeping.keeper
    assert keeper is not None
    qtbot.waitUntil(keeper.path.exists, timeout=PATIENCE)
    state = read_state(keeper.path.read_bytes())
    assert state is not None
    assert state.sources == (KeptSource(folder),)
    assert state.view is None, "all of it is in view"
    window.session.close_source(opened)
    qtbot.waitUntil(lambda: kept_files(data_folder) == [], timeout=PATIENCE)
    opened_in(window.session, folder, qtbot)
    qtbot.waitUntil(keeper.path.exists, timeout=PATIENCE)
    window.close()
    assert kept_files(data_folder) == []
    assert not offer(start()).isVisible()


def test_two_windows_keep_out_of_each_others_way(
    qtbot: QtBot, start: Start, folder: Path, tmp_path: Path
) -> None:
    one, other = start(), start()
    opened_in(one.session, folder, qtbot)
    opened_in(other.session, write_tiff_levels(tmp_path / "a.tiff", [textured(600, 400)]), qtbot)
    keepers = [window._keeping.keeper for window in (one, other)]
    for keeper in keepers:
        assert keeper is not None
        qtbot.waitUntil(keeper.path.exists, timeout=PATIENCE)
    other.close()
    assert [keeper.path.exists() for keeper in keepers if keeper] == [True, False]
    assert not offer(start()).isVisible()


def test_what_one_window_offers_no_other_does(start: Start, data_folder: Path, folder: Path) -> None:
    file = left_by_a_dead_window(data_folder, folder)
    one, other = start(), start()
    assert (offer(one).isVisible(), offer(other).isVisible()) == (True, False)
    one.close()
    assert file.exists()
    third = start()
    assert offer(third).isVisible(), "nobody has decided"
    press(third, "Forget it")
    assert not offer(third).isVisible()
    assert kept_files(data_folder) == []
    assert third.session.sources == []


@pytest.mark.usefixtures("each_language")
def test_every_letter_reaches_one_thing_while_something_is_offered(
    qtbot: QtBot, start: Start, data_folder: Path, folder: Path
) -> None:
    left_by_a_dead_window(data_folder, folder)
    window = start()
    assert max(Counter(mnemonics(window)).values()) == 1
    opened_in(window.session, folder, qtbot)
    window.messages.show_note("a message, with its button")
    window.session.ask_scale()
    for show in (window.show_patches_tab, window.show_slide_tab):
        show()
        assert max(Counter(mnemonics(window)).values()) == 1


def test_a_file_that_is_gone_is_named_and_the_others_come_back(
    qtbot: QtBot, start: Start, data_folder: Path, folder: Path, tmp_path: Path
) -> None:
    left_by_a_dead_window(data_folder, tmp_path / "gone.svs", folder)
    window = start()
    told: list[str] = []
    window.session.failed.connect(told.append)
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        press(window, "Bring back")
        qtbot.waitUntil(lambda: bool(window.session.sources), timeout=PATIENCE)
    assert "gone.svs" in told[0]
    assert [opened.source.path for opened in window.session.sources] == [folder]


def test_a_damaged_file_is_nothing_to_offer(start: Start, data_folder: Path, folder: Path) -> None:
    left_by_a_dead_window(data_folder, folder).write_bytes(b'{"version": 1')
    assert not offer(start()).isVisible()
    assert kept_files(data_folder) == []


def test_a_window_without_settings_keeps_and_offers_nothing(
    qtbot: QtBot, open_window: Callable[[], MainWindow], data_folder: Path, folder: Path
) -> None:
    file = left_by_a_dead_window(data_folder, folder)
    window = open_window()
    assert window._keeping.keeper is None
    opened_in(window.session, folder, qtbot)
    assert not offer(window).isVisible()
    window.close()
    assert kept_files(data_folder) == [file]
