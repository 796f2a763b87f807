from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.gallery_contents import GalleryContents
from histoviewer.gui.gallery.gallery_texts import facts
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.panel_column import PanelColumn
from histoviewer.gui.panels.patch_panel import PatchPanel, PatchPicture
from histoviewer.gui.panels.result_panel import ResultPanel
from histoviewer.inference.model_card import Context
from tests.gui.panels.panel_session import judge, opened_in
from tests.helpers.patch_folders import idc_name, write_patch

NAME = idc_name("10253", x=50, y=100, truth=1)


def texts(panel: PatchPanel) -> list[str]:
    return [label.text().replace("\u200b", "") for label in panel.findChildren(QLabel)]


@pytest.mark.parametrize(("threshold", "text"), [(0.68, "0.678"), (0.5, "0.68")])
def test_a_probability_reads_the_same_in_panel_gallery_and_canvas(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, threshold: float, text: str
) -> None:
    session = window.session
    write_patch(tmp_path / "patches", NAME)
    opened = opened_in(session, tmp_path / "patches", qtbot)
    session.set_threshold(threshold)
    judge(session, opened, {NAME: 0.6777})
    session.select(0)
    assert any(said.startswith(f"{text} ") for said in texts(window.patch_panel))
    contents = GalleryContents(opened.source.columns)
    contents.probabilities, contents.threshold = opened.store.probability, threshold
    said = dict(facts(contents, 0, None))["Probability"]
    assert said == f"{text} {'benign' if threshold > 0.6 else 'malignant'}"
    positions: list[str] = []
    window.canvas.position_changed.connect(positions.append)
    window.canvas.view.hovered.emit(75.0, 125.0)
    assert positions[-1].endswith(f"probability {text}")


def test_the_panel_and_the_gallery_tell_the_same_facts(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session = window.session
    write_patch(tmp_path / "patches", NAME)
    opened = opened_in(session, tmp_path / "patches", qtbot)
    failed = np.array([np.nan], np.float32)
    opened.store.record(np.array([0]), failed, np.zeros((1, 2), np.int32), {0: "failed: damaged"})
    session.select(0)
    contents = GalleryContents(opened.source.columns)
    known = facts(contents, 0, opened.store.note(0))
    assert ("Truth", "malignant") in known
    assert ("Position", "x 50 px, y 100 px") in known
    assert any("damaged" in value for _, value in known)
    shown = texts(window.patch_panel)
    for name, value in known:
        if name != "Probability":
            assert shown[shown.index(name) + 1] == value
    assert "not judged" in shown


@pytest.mark.parametrize("size", [QSize(1440, 900), QSize(1280, 720)])
def test_the_picture_is_a_square_as_wide_as_what_stands_above_it_and_all_is_in_view(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, size: QSize
) -> None:
    window.resize(size)
    write_patch(tmp_path / "patches", NAME)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    judge(window.session, opened, {NAME: 0.6777})
    window.session.select(0)
    panel, column = window.patch_panel, window.findChild(PanelColumn)
    picture, above = panel.findChild(PatchPicture), window.findChild(ResultPanel)
    qtbot.waitUntil(lambda: picture.height() == picture.width() > 0)
    margins = above.column.contentsMargins()
    assert picture.width() == above.width() - margins.left() - margins.right()
    assert column.widget().height() <= column.viewport().height()


def judged_with_context(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """Two patches side by side, judged by a model that takes neighbours into account; name -> row."""
    context = Context(own=0.0, rings=(1.0,), intercept=0.0, shrinkage=0.0, max_logit=6.0, evidence={})
    monkeypatch.setattr(window.session.opener, "_card", replace(window.session.card, context=context))
    names = [NAME, idc_name("10253", x=100, y=100), idc_name("10254", x=0, y=0)]
    for name in names:
        write_patch(tmp_path / "patches", name)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    judge(window.session, opened, dict(zip(names, (0.6, 0.8, 0.7), strict=True)))
    return {Path(file).name: row for row, file in enumerate(opened.source.columns.files)}


def test_a_patch_says_what_it_was_alone_where_neighbours_have_changed_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = judged_with_context(qtbot, window, tmp_path, monkeypatch)
    window.session.select(rows[NAME])
    shown = texts(window.patch_panel)
    assert shown[shown.index("Alone") + 1] == "0.60"
    assert any(said.startswith("0.86 ") for said in shown)  # 1 / (1 + exp(-logit 0.6 - logit 0.8))


def test_a_patch_without_neighbours_says_its_probability_once(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = judged_with_context(qtbot, window, tmp_path, monkeypatch)
    window.session.select(rows[idc_name("10254", x=0, y=0)])
    shown = texts(window.patch_panel)
    assert any(said.startswith("0.70 ") for said in shown)
    assert "Alone" not in shown


def test_of_a_marked_area_the_panel_says_what_is_in_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session = window.session
    names = [idc_name("10253", x=50 * i, truth=0) for i in range(4)]
    for name in names:
        write_patch(tmp_path / "patches", name)
    opened = opened_in(session, tmp_path / "patches", qtbot)
    session.set_threshold(0.5)
    judge(session, opened, dict(zip(names[:3], (0.9, 0.8, 0.1), strict=True)))
    session.area.set_rows(np.arange(4))
    said = texts(window.patch_panel)
    assert "4 patches marked" in said
    assert said[said.index("Malignant") + 1] == "2 of 3"
    session.reviewing.decide(opened, np.array([0, 1], np.intp), 1)
    said = texts(window.patch_panel)
    assert said[said.index("Decided") + 1] == "2 of 4"
    session.blind.set_on(True)
    assert "Malignant" not in texts(window.patch_panel)[2:] or "2 of 3" not in texts(window.patch_panel)
    session.blind.set_on(False)
    session.area.clear()
    assert "4 patches marked" not in texts(window.patch_panel)
