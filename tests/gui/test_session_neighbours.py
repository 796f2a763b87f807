"""What the session tells of patches whose neighbours have been judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.store import ResultStore
from tests.gui.conftest import closing_windows
from tests.gui.panels.panel_session import opened_in
from tests.gui.test_session import settle
from tests.helpers.changed_bundle import CONTEXT, changed_bundle
from tests.helpers.idc_like import write_idc_like


def test_widgets_hear_of_all_patches_whose_probability_has_changed(
    qtbot: QtBot, data_folder: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    del data_folder  # asked for so that nothing is written to the user's own
    write_idc_like(tmp_path / "patches", patients=2, patches=200)
    with closing_windows() as windows:
        bundle = changed_bundle(tiny_bundle, tmp_path / "bundle", context=CONTEXT)
        windows.append(window := MainWindow(Session(bundle)))
        window.show()
        session = window.session
        opened = opened_in(session, tmp_path / "patches", qtbot)
        heard = opened.store.probability.copy()

        def hear(rows: NDArray[np.intp]) -> None:
            assert len(np.unique(rows)) == len(rows)
            heard[rows] = opened.store.probability[rows]

        session.rows_judged.connect(hear)
        session.classify()
        settle(qtbot, window)
        store, heatmap = opened.store, session.heatmap
        assert heatmap is not None
        assert not np.isnan(store.probability).any()
        assert (store.probability != store.patch_probability).all()
        assert np.array_equal(heard, store.probability)
        assert np.array_equal(
            heatmap.values, Heatmap(store, opened.source.rows("1000")).values, equal_nan=True
        )
        assert store.unsaved == 0
        assert np.array_equal(ResultStore.read(store.path).probability, store.probability)
