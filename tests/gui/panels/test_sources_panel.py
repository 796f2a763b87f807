from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.formatting import THIN_SPACE
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.sources_panel import SourcesPanel
from tests.gui.panels.panel_session import judge, opened_in
from tests.helpers.patch_folders import idc_name, write_patch

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
        yield item.text(0), item.text(1).replace(THIN_SPACE, " ")


def test_each_patient_shows_its_own_share_of_what_lies_on_its_slide(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    session = window.session
    opened = opened_in(session, folder, qtbot)
    session.set_threshold(0.5)
    everything = [("patches", "–"), ("10253", "–"), ("10254", "–")]
    assert list(shares(window)) == everything
    judge(session, opened, {FIRST[0]: 0.5, FIRST[1]: 0.1, SECOND[0]: 0.9, SECOND[1]: 0.8, "loose.png": 0.9})
    assert list(shares(window)) == [("patches", "80.0 % …"), ("10253", "50.0 % …"), ("10254", "100 %")]
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
    touched: list[str] = []
    tree.itemChanged.connect(lambda item: touched.append(item.text(0)))
    judge(session, opened, {SECOND[0]: 0.9})
    assert touched == ["10254"]
    assert "10254" not in asked, "only the slide on the canvas is anybody's to ask for"


def test_each_line_has_room(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    opened_in(window.session, folder, qtbot)
    tree = tree_of(window)
    tree.expandAll()
    top = tree.topLevelItem(0)
    heights = {tree.visualItemRect(item).height() for item in (top, top.child(0))}
    assert min(heights) >= 24
