"""Whoever copies a result file while the window lives finds the latest decisions in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from histoviewer.errors import ResultError
from histoviewer.gui.main_window import MainWindow
from histoviewer.patches.patch import MALIGNANT
from histoviewer.results.store import ResultStore
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like


def test_a_decision_is_in_a_plain_copy_soon(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "patches", patients=1, patches=4)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)

    def copied(row: int) -> bool:
        try:
            shutil.copy(opened.store.path, tmp_path / "copy.histo")
            return row in ResultStore.read(tmp_path / "copy.histo").decisions
        except ResultError:  # nothing has got into it yet
            return False

    for row in (0, 2):
        window.session.reviewing.decide(opened, np.array([row]), MALIGNANT)
        qtbot.waitUntil(lambda row=row: copied(row), timeout=PATIENCE)
