"""A window with patches to decide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> OpenSource:
    """Two patients of six patches; the twelve answers lie the further from the threshold the later."""
    write_idc_like(tmp_path / "patches", patients=2, patches=6)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    sizes = np.full((12, 2), 50, np.int32)
    answers = np.float32(window.session.threshold) + np.linspace(0.01, 0.12, 12, dtype=np.float32)
    opened.store.record(np.arange(12), answers, sizes, {})
    assert window.session.heatmap is not None
    window.session.heatmap.update(np.arange(12), opened.store.probability)
    window.session.results_changed.emit()
    return opened
