"""Where there is nothing to be seen, it is said what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.gallery_empty import EmptyGallery
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.patch_panel import PatchPicture
from histoviewer.gui.panels.result_panel import ResultPanel
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like


def said(window: MainWindow, kind: type[QWidget]) -> str:
    widget = window.findChild(kind)
    assert widget is not None
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def glass(path: Path) -> Path:
    """A picture without scale and without tissue."""
    Image.fromarray(np.full((300, 400, 3), 250, np.uint8)).save(path)
    return path


def test_a_source_that_is_not_classified_says_how_to_until_it_is(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=4)
    opened_in(window.session, tmp_path / "patches", qtbot)
    assert "Press Classify (F5)." in said(window, ResultPanel)
    window.session.classify()
    assert "Press Classify" not in said(window, ResultPanel)
    qtbot.waitUntil(lambda: not window.session.is_running, timeout=PATIENCE)
    assert "Press Classify" not in said(window, ResultPanel)


def test_a_slide_without_scale_sends_to_the_question_in_panel_and_gallery(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened_in(window.session, glass(tmp_path / "glass.png"), qtbot)
    window.show_patches_tab()
    assert "Give it in the line above the slide." in said(window, ResultPanel)
    assert said(window, EmptyGallery) == "Scale needed\nGive it in the line above; then there are patches."


def test_glass_without_tissue_asks_whether_the_scale_is_right(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened = opened_in(window.session, glass(tmp_path / "glass.png"), qtbot)
    window.session.give_scale(opened, 2.0)
    qtbot.waitUntil(lambda: window.session.current is not opened, timeout=PATIENCE)
    window.show_patches_tab()
    for place in (ResultPanel, EmptyGallery):
        assert "If the scale is wrong: Classify > Change scale…" in said(window, place)


def test_without_a_selection_the_patch_panel_says_where_to_click(window: MainWindow) -> None:
    shown = window.findChild(PatchPicture)
    assert shown is not None
    assert shown._placeholder() == "Click a patch on the slide or in Patches"


def test_a_folder_without_patches_is_named_with_what_was_expected(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.md").write_text("no picture")
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.session.open([tmp_path / "texts"])
    line = said(window, type(window.messages)).splitlines()[0]
    assert line == "⚠  No patch in texts: expected PNG, JPEG, TIFF or BMP images, found 1 other file."
