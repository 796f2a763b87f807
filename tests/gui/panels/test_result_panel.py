from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.about.card_parts import about_parts
from histoviewer.gui.about.rendering import as_text
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.result_panel import ResultPanel
from histoviewer.inference.model_card import Context, ModelCard


def test_a_threshold_can_be_typed(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.findChild(ResultPanel)
    box = panel.findChild(QDoubleSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "0.75\r")
    assert window.session.threshold == 0.75


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_figures_of_another_threshold_than_the_chosen_one_say_so(
    window: MainWindow, threshold: float
) -> None:
    panel, points = window.findChild(ResultPanel), window.session.card.operating_points
    window.session.set_threshold(points[0].threshold)
    assert any(label.text().startswith("at ") for label in panel.findChildren(QLabel))
    window.session.set_threshold(threshold)
    nearest = min(points, key=lambda point: abs(point.threshold - threshold))
    assert nearest.threshold != threshold
    text = f"nearest measured: {nearest.threshold:.2f}, sensitivity {nearest.sensitivity:.2f}"
    assert any(label.text().startswith(text) for label in panel.findChildren(QLabel))


def test_figures_stand_beside_their_intervals_as_far_as_the_card_has_them(window: MainWindow) -> None:
    card = window.session.card
    own = min(card.operating_points, key=lambda point: abs(point.threshold - card.threshold))
    assert own.threshold == card.threshold
    low, high = card.metrics["recall"].low, card.metrics["recall"].high
    assert f"sensitivity {own.sensitivity:.2f} ({low:.2f}–{high:.2f}), " in card_texts(window, card)[0]
    line = next(
        label
        for label in window.findChild(ResultPanel).findChildren(QLabel)
        if "sensitivity " in label.text()
    )
    assert "95 % intervals" in line.toolTip()
    bare = [replace(p, sensitivity_interval=None, specificity_interval=None) for p in card.operating_points]
    older = replace(card, operating_points=tuple(bare))
    assert f"sensitivity {own.sensitivity:.2f} ({low:.2f}–{high:.2f}), " in card_texts(window, older)[0]
    window.session.set_threshold(card.operating_points[0].threshold)
    first = card.operating_points[0]
    assert first.sensitivity_interval is not None
    assert f"({first.sensitivity_interval.low:.2f}–" in card_texts(window, card)[0]
    assert "(" not in card_texts(window, older)[0]
    assert "at its own threshold only" in line.toolTip()
    assert "(" not in card_texts(window, replace(older, metrics={}))[0]
    assert "has no intervals" in line.toolTip()


def test_figures_by_cross_validation_say_so(window: MainWindow) -> None:
    card = window.session.card
    everybody = replace(card, split={"train": ("1", "2", "3"), "validation": (), "test": ()})
    with_test = replace(card, split={"train": ("1",), "test": ("2", "3")}, context=None)
    assert card_texts(window, with_test)[0].endswith("on 2 patients not trained on")
    in_panel, in_about = card_texts(window, everybody)
    assert in_panel.endswith("in cross-validation of 3 patients")
    assert "Measured by cross-validation: 3 patients" in in_about


def test_figures_are_of_each_patch_alone_where_neighbours_count(window: MainWindow) -> None:
    card = window.session.card
    everybody = replace(
        card, split={"train": ("1", "2", "3")}, context=Context(-0.5, (0.5,), 0.0, 2.0, 8.0, {})
    )
    assert card_texts(window, everybody)[0].endswith("of 3 patients, each patch alone")


def test_figures_that_leak_say_so_whoever_is_on_the_test_side(window: MainWindow) -> None:
    card = window.session.card
    training = {**card.training, "split": {"leaks": True}}
    for test in (("1", "2"), ()):
        leaky = replace(card, split={"train": ("1", "2"), "validation": (), "test": test}, training=training)
        in_panel, in_about = card_texts(window, leaky)
        assert in_panel.endswith("on 2 patients trained on as well: these figures leak")
        assert "2 patients that were trained on as well: the figures leak" in in_about
        assert "not trained on" not in in_panel + in_about


def card_texts(window: MainWindow, card: ModelCard) -> tuple[str, str]:
    window.session.card = card
    panel = window.findChild(ResultPanel)
    window.session.threshold_changed.emit()
    (line,) = [label.text() for label in panel.findChildren(QLabel) if "sensitivity " in label.text()]
    return line, as_text(about_parts(card))
