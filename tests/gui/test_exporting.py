"""Exports of the window beside the table and the heat map."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from histoviewer.gui import exporting
from histoviewer.gui.main_window import MainWindow
from histoviewer.patches.patch import MALIGNANT
from histoviewer.reports import write_input_report
from histoviewer.results.reviews import decided
from histoviewer.results.store import ResultStore
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.pictures import textured, write_tiff_levels


@pytest.fixture
def judged(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """Two patients of six patches, the later half malignant, the first one decided by a person."""
    write_idc_like(tmp_path / "patches", patients=2, patches=6)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    answers = np.repeat(np.array([0.1, 0.9], np.float32), 6)
    opened.store.record(np.arange(12), answers, np.full((12, 2), 50, np.int32), {})
    opened.store.decide([0], decided([MALIGNANT], reviewer="Ann"))
    window.session.results_changed.emit()
    return window


def export(
    qtbot: QtBot, window: MainWindow, action: QAction, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(window._exporter.written, timeout=PATIENCE):
        action.trigger()


def test_the_report_is_of_the_whole_source_at_the_threshold_shown(
    qtbot: QtBot, judged: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged.session.set_threshold(0.95)
    export(qtbot, judged, judged.exports.report, tmp_path / "report", monkeypatch)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No region reaches the threshold." in text
    assert "--threshold 0.95" in text
    assert "Ann" in text
    assert "1000" in text
    assert "1001" in text


def test_the_geojson_is_of_the_slide_on_the_canvas(
    qtbot: QtBot, judged: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged.session.show_slide("1001")
    export(qtbot, judged, judged.exports.geojson, tmp_path / "slide.geojson", monkeypatch)
    features = json.loads((tmp_path / "slide.geojson").read_text())["features"]
    tiles = [f for f in features if f["properties"]["objectType"] == "tile"]
    assert len(tiles) == 6
    assert {f["properties"]["classification"]["name"] for f in tiles} == {"Tumor"}


def test_a_copy_of_the_results_holds_answers_and_reviews(
    qtbot: QtBot, judged: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(qtbot, judged, judged.exports.results, tmp_path / "for Bob", monkeypatch)
    copy = ResultStore.read(tmp_path / "for Bob.histo")
    assert (copy.probability >= 0.5).sum() == 6
    assert copy.decisions[0].reviewer == "Ann"


def test_results_that_are_not_kept_can_be_saved_all_the_same(
    qtbot: QtBot, judged: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = judged.session.current
    assert opened is not None
    opened.not_kept = "the disk is full"
    with ResultStore.open(Path(":memory:"), opened.store.columns, opened.store.facts) as store:
        store.decide([0], decided([MALIGNANT], reviewer="Ann"))
        monkeypatch.setattr(opened, "store", store)
        export(qtbot, judged, judged.exports.results, tmp_path / "saved.histo", monkeypatch)
        monkeypatch.undo()
    assert ResultStore.read(tmp_path / "saved.histo").decisions[0].reviewer == "Ann"


def test_there_is_nothing_to_export_without_a_source(window: MainWindow) -> None:
    assert not window.exports.report.isEnabled()
    assert not window.exports.geojson.isEnabled()
    assert not window.exports.results.isEnabled()


def test_a_source_that_is_closed_while_its_report_is_written_is_in_it_all_the_same(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiff_levels(tmp_path / "slide.ome.tiff", [textured(400, 300)], ome_mpp=4.0)
    opened = opened_in(window.session, tmp_path / "slide.ome.tiff", qtbot)
    is_closed = Event()
    closed: list[str] = []
    close = opened.source.close

    def close_and_say() -> None:
        closed.append(f"while it was read: {opened._holds > 0}")
        close()

    monkeypatch.setattr(opened.source, "close", close_and_say)

    def write_late(*arguments: Any, **named: Any) -> None:
        assert is_closed.wait(PATIENCE / 1000)
        write_input_report(*arguments, **named)

    monkeypatch.setattr(exporting, "write_input_report", write_late)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "late.html"), ""))
    with qtbot.waitSignal(window._exporter.written, timeout=PATIENCE):
        window.exports.report.trigger()
        window.session.close_source(opened)
        is_closed.set()
    assert "data:image" in (tmp_path / "late.html").read_text(encoding="utf-8")
    assert closed == ["while it was read: False"]
