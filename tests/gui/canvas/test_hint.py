from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas import hint
from histoviewer.gui.canvas.hint import Hint


def a_hint(qtbot: QtBot) -> tuple[QWidget, Hint]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(600, 400)
    parent.show()
    qtbot.waitExposed(parent)
    return parent, Hint(parent)


def test_it_says_its_line_in_the_middle_also_of_a_wider_parent(qtbot: QtBot) -> None:
    parent, line = a_hint(qtbot)
    assert not line.isVisible()
    line.show_text("Tab brings the panels back")
    assert line.isVisible()
    assert abs(line.geometry().center().x() - 300) <= 1
    parent.resize(900, 400)
    line.place()
    assert abs(line.geometry().center().x() - 450) <= 1


def test_it_goes_by_itself(qtbot: QtBot) -> None:
    _, line = a_hint(qtbot)
    line._patience.setInterval(0)
    line.show_text("so")
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=5 * hint.FADE_MS)


def test_a_new_line_is_whole_while_the_one_before_fades(qtbot: QtBot) -> None:
    _, line = a_hint(qtbot)
    line._patience.setInterval(0)
    line.show_text("one")
    qtbot.waitUntil(lambda: line._opacity < 1)
    line._patience.setInterval(hint.SHOWN_MS)
    line.show_text("two")
    assert line._opacity == 1
    line.dismiss()
    assert not line.isVisible()
