"""What the gallery hears of a run while it goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show
from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import opened_in
from tests.helpers.patch_folders import write_patch


def test_patches_that_fail_reach_the_gallery_before_the_run_ends(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for i in range(4):
        write_patch(tmp_path / "patches", f"{i}.png")
    opened, gallery = opened_in(window.session, tmp_path / "patches", qtbot), window.gallery_page.gallery
    rows, sizes = np.array([1, 2]), np.full((2, 2), 50, np.int32)
    opened.store.record(rows, np.array([0.9, np.nan], np.float32), sizes, {2: "failed: damaged"})
    window.session.rows_judged.emit(rows)
    gallery.set_order(GalleryOrder(show=Show.FAILED))
    assert gallery.rows.tolist() == [2]
    assert "damaged" in gallery.explanation(0)
    opened.store.record(rows, np.array([0.9, 0.2], np.float32), sizes, {})
    window.session.rows_judged.emit(rows)
    gallery.sort_again()
    assert gallery.rows.tolist() == []
