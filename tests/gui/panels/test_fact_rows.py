"""Names and values under one another."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.panels.fact_rows import Fact, FactRows


@pytest.fixture
def panel(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setLayout(FactRows())
    return widget


def rows_of(panel: QWidget) -> FactRows:
    rows = panel.layout()
    assert isinstance(rows, FactRows)
    return rows


def texts(panel: QWidget) -> list[str]:
    labels = (rows_of(panel).itemAt(i).widget() for i in range(rows_of(panel).count()))
    return [label.text().replace("\u200b", "") for label in labels if isinstance(label, QLabel)]


def test_facts_are_shown_in_order_and_replaced(panel: QWidget) -> None:
    rows_of(panel).show_facts([Fact("File", "a/b_c.png"), Fact("Truth", "benign", "by the data set")])
    assert texts(panel) == ["File", "a/b_c.png", "Truth", "benign"]
    rows_of(panel).show_facts([Fact("File", "d.png")])
    assert texts(panel) == ["File", "d.png"]
    rows_of(panel).show_facts([])
    assert texts(panel) == []


def test_the_same_facts_leave_what_is_selected(panel: QWidget) -> None:
    rows_of(panel).show_facts([Fact("File", "abc")])
    value = rows_of(panel).itemAt(1).widget()
    assert isinstance(value, QLabel)
    value.setSelection(0, 2)
    rows_of(panel).show_facts([Fact("File", "abc")])
    assert value.selectedText() == "ab"
