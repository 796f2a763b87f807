from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.result_panel import ResultPanel


def test_a_threshold_can_be_typed(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.findChild(ResultPanel)
    box = panel.findChild(QDoubleSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "0.75\r")
    assert window.session.threshold == 0.75
