from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.formatting import THIN_SPACE
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.source_lines import LINE_ROLE, PICTURE
from histoviewer.gui.panels.source_state import Line
from histoviewer.gui.panels.sources_panel import SourcesPanel
from tests.gui.panels.panel_session import PATIENCE, judge, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import idc_name, write_patch
from tests.helpers.pictures import textured, write_tiff_levels

FIRST = [idc_name("10253", x=50 * i) for i in range(3)]
SECOND = [idc_name("10254", x=50 * i) for i in range(2)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two patients with places, and one loose patch beside those of the first and one on its own."""
    path = tmp_path / "patches"
    for patient, names in (("10253", [*FIRST, "loose.png"]), ("10254", SECOND), ("9", ["alone.png"])):
        for name in names:
            write_patch(path / patient, name)
    return path


def tree_of(window: MainWindow) -> QTreeWidget:
    panel = window.findChild(SourcesPanel)
    assert panel is not None
    tree = panel.findChild(QTreeWidget)
    assert tree is not None
    return tree


def shares(window: MainWindow) -> Iterator[tuple[str, str]]:
    tree = tree_of(window)
    top = tree.topLevelItem(0)
    assert top is not None
    for item in [top, *(top.child(i) for i in range(top.childCount()))]:
        yield item.text(0), item.data(0, LINE_ROLE).share.replace(THIN_SPACE, " ")


def test_each_patient_shows_its_own_share_of_what_lies_on_its_slide(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    session = window.session
    opened = opened_in(session, folder, qtbot)
    session.set_threshold(0.5)
    everything = [("patches", ""), ("10253", "–"), ("10254", "–")]
    assert list(shares(window)) == everything
    judge(session, opened, {FIRST[0]: 0.5, FIRST[1]: 0.1, SECOND[0]: 0.9, SECOND[1]: 0.8, "loose.png": 0.9})
    assert list(shares(window)) == [("patches", "80.0 %"), ("10253", "50.0 % …"), ("10254", "100 %")]
    judge(session, opened, {FIRST[2]: 0.2, "alone.png": 0.2})
    assert list(shares(window)) == [("patches", "57.1 %"), ("10253", "33.3 %"), ("10254", "100 %")]
    session.set_threshold(0.85)
    assert list(shares(window)) == [("patches", "28.6 %"), ("10253", "0 %"), ("10254", "50.0 %")]


def test_a_tick_asks_for_no_patients_rows_and_touches_no_line_that_stays(
    qtbot: QtBot, window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.session
    opened = opened_in(session, folder, qtbot)
    session.set_threshold(0.5)
    judge(session, opened, {FIRST[0]: 0.9})
    asked: list[str] = []
    rows = opened.source.rows
    monkeypatch.setattr(opened.source, "rows", lambda name: asked.append(name) or rows(name))
    tree = tree_of(window)
    touched: set[str] = set()
    tree.itemChanged.connect(lambda item: touched.add(item.text(0)))
    judge(session, opened, {SECOND[0]: 0.9})
    assert touched == {"patches", "10254"}
    assert "10254" not in asked, "only the slide on the canvas is anybody's to ask for"


def test_each_line_has_room(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    opened_in(window.session, folder, qtbot)
    tree = tree_of(window)
    tree.expandAll()
    top = tree.topLevelItem(0)
    heights = {tree.visualItemRect(item).height() for item in (top, top.child(0))}
    assert min(heights) >= 24


def line_of(window: MainWindow, place: int = 0) -> Line:
    item = tree_of(window).topLevelItem(place)
    assert item is not None
    line = item.data(0, LINE_ROLE)
    assert isinstance(line, Line)
    return line


def test_a_source_says_how_far_it_is(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    session = window.session
    opened = opened_in(session, folder, qtbot)
    assert line_of(window).state == "not classified"
    judge(session, opened, {FIRST[0]: 0.9, FIRST[1]: 0.1, SECOND[0]: 0.2})
    assert line_of(window).state == f"stopped at 42{THIN_SPACE}%"
    assert line_of(window).brief == "stopped"
    assert "patches, stopped at 42" in tree_of(window).topLevelItem(0).toolTip(0)  # type: ignore[union-attr]
    with qtbot.waitSignal(session.run_changed):
        session.classify()
    qtbot.waitUntil(lambda: not session.is_running, timeout=PATIENCE)
    assert line_of(window).state == "done"


def test_the_second_of_two_waits_while_the_first_is_judged(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session = window.session
    for name in ("one", "two"):
        write_idc_like(tmp_path / name, patients=1, patches=400)
    session.open([tmp_path / "one", tmp_path / "two"])
    qtbot.waitUntil(lambda: len(session.sources) == 2, timeout=PATIENCE)
    seen: list[tuple[bool, str]] = []
    session._runs.judged.connect(
        lambda: (
            session.results_changed.emit(),
            seen.append((line_of(window, 0).progress is not None, line_of(window, 1).state)),
        )
    )
    for opened in session.sources:
        session.classify(opened)
    qtbot.waitUntil(lambda: not session.is_running, timeout=PATIENCE)
    assert (True, "waiting") in seen
    assert [line_of(window, place).state for place in (0, 1)] == ["done", "done"]


def test_what_cannot_be_judged_says_why(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_tiff_levels(tmp_path / "a.tiff", [textured(600, 400)])
    opened_in(window.session, tmp_path / "a.tiff", qtbot)
    assert (line_of(window).state, line_of(window).share) == ("needs its scale", "")


def picture_of(window: MainWindow, place: int) -> QImage:
    """What is painted where the picture of a source belongs."""
    tree = tree_of(window)
    rect = tree.visualItemRect(tree.topLevelItem(place))
    frame = QRect(rect.left() + 4, rect.center().y() - PICTURE // 2, PICTURE, PICTURE)
    return tree.viewport().grab(frame).toImage()


def test_a_source_shows_its_slide_the_right_way_round(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    picture = np.full((400, 400, 3), 250, np.uint8)
    picture[:200, 200:] = (200, 30, 40)
    write_tiff_levels(tmp_path / "a.tiff", [picture])
    with qtbot.waitSignal(window.session.current_changed, timeout=PATIENCE):
        window.session.open([tmp_path / "a.tiff"])
    qtbot.waitUntil(lambda: picture_of(window, 0).pixelColor(30, 10).blue() < 60, timeout=PATIENCE)
    shown = picture_of(window, 0)
    assert shown.pixelColor(30, 10).red() > 180, "red, above on the right"
    assert shown.pixelColor(10, 30).blue() > 240


def test_lines_of_what_stays_open_stay_unfolded(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path
) -> None:
    opened_in(window.session, folder, qtbot)
    write_idc_like(tmp_path / "other", patients=2, patches=4)
    other = opened_in(window.session, tmp_path / "other", qtbot)
    item = tree_of(window).topLevelItem(0)
    assert item is not None
    item.setExpanded(True)
    window.session.close_source(other)
    assert tree_of(window).topLevelItemCount() == 1
    assert item.isExpanded()
    assert item.isSelected() or tree_of(window).currentItem() in (item, item.child(0))


def test_what_failed_is_counted_ten_times_a_second_without_a_walk_through_the_notes(
    qtbot: QtBot, window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = opened_in(window.session, folder, qtbot)
    n = len(opened.source.columns)
    failed = np.full(n, np.nan, np.float32)
    opened.store.record(
        np.arange(n), failed, np.zeros((n, 2), np.int32), dict.fromkeys(range(n), "failed: x")
    )
    monkeypatch.setattr(type(opened.store), "failures", None)
    window.session.results_changed.emit()
    line = tree_of(window).topLevelItem(0).data(0, LINE_ROLE)
    assert "failed: x" in line.spoken


def test_sources_of_one_name_are_told_apart_by_their_folders(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened = []
    for study in ("ann", "bob"):
        write_patch(tmp_path / study / "patches", idc_name("1", x=0))
        opened.append(opened_in(window.session, tmp_path / study / "patches", qtbot))
    tree = tree_of(window)
    shown = [tree.topLevelItem(row) for row in range(2)]
    assert [item.text(0) for item in shown if item] == ["ann/patches", "bob/patches"]
    assert [item.data(0, LINE_ROLE).name for item in shown if item] == ["ann/patches", "bob/patches"]
    window.session.close_source(opened[0])
    left = tree.topLevelItem(0)
    assert left is not None
    assert left.text(0) == "patches"
