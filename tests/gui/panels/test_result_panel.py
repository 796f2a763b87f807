from pathlib import Path

from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from histoviewer.gui.panels.result_panel import ResultPanel
from histoviewer.gui.session import Session


def test_a_threshold_can_be_typed(qtbot: QtBot, tiny_bundle: Path) -> None:
    session = Session(tiny_bundle)
    panel = ResultPanel(session)
    qtbot.addWidget(panel)
    box = panel.findChild(QDoubleSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "0.75\r")
    assert session.threshold == 0.75
    session.close()
