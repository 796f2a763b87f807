from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.overlay_panel import OverlayPanel
from histoviewer.results.colormaps import COLORMAPS
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import write_patch


def panel_of(window: MainWindow) -> OverlayPanel:
    panel = window.findChild(OverlayPanel)
    assert panel is not None
    return panel


def controls(window: MainWindow) -> list[QWidget]:
    panel = panel_of(window)
    return [control for kind in (QCheckBox, QComboBox, QSlider) for control in panel.findChildren(kind)]


def test_colours_are_listed_in_plain_words_and_kept_by_their_names(window: MainWindow) -> None:
    box = panel_of(window).findChild(QComboBox)
    assert box is not None
    words = [box.itemText(i) for i in range(box.count())]
    assert len(words) == len(set(words)) == len(COLORMAPS)
    assert not set(words) & set(COLORMAPS)
    box.setCurrentText("Purple to orange")
    assert window.session.overlay.colormap == "PuOr_r"
    window.session.set_overlay(colormap="RdYlBu_r")
    assert box.currentText() == "Blue to red"


def test_without_a_slide_there_is_nothing_to_lay_a_heat_map_over(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_patch(tmp_path / "loose", "loose.png")
    write_idc_like(tmp_path / "placed", patients=1, patches=4)
    opened_in(window.session, tmp_path / "loose", qtbot)
    assert len(controls(window)) == 6
    assert not any(control.isEnabled() for control in controls(window))
    opened_in(window.session, tmp_path / "placed", qtbot)
    assert all(control.isEnabled() for control in controls(window))
