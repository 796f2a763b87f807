"""Show why: what the selected patch's answer rests on, with the tiny real model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.why_image import FULL, why_image
from histoviewer.inference.engine import Explained
from histoviewer.inference.explain import Explanation, Method
from tests.gui.panels.panel_session import opened_in
from tests.helpers.array_source import ArraySource
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import idc_name, write_patch
from tests.helpers.qt import image_pixels, widget_pixels

PATIENCE = 30_000


def said(window: MainWindow) -> list[str]:
    return [label.text() for label in window.patch_panel.findChildren(QLabel) if label.isVisible()]


def explain(qtbot: QtBot, window: MainWindow, row: int) -> Explained:
    window.session.select(row)
    qtbot.waitUntil(lambda: window.session.explaining.answer is not None, timeout=PATIENCE)
    answer = window.session.explaining.answer
    assert answer is not None
    return answer


def test_y_shows_why_on_the_slide_and_in_the_panel(qtbot: QtBot, opened: MainWindow) -> None:
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_Y)
    answer = explain(qtbot, opened, 3)
    assert answer.row == 3
    assert answer.explanation is not None
    assert opened.canvas.why.isVisible()
    assert any("speaks for malignancy" in text for text in said(opened))
    assert any(f"by up to {answer.explanation.largest:.2f}" in text for text in said(opened))
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_Y)
    assert not opened.canvas.why.isVisible()
    assert not any("speaks for malignancy" in text for text in said(opened))


def test_nothing_is_asked_while_it_is_off_and_switching_it_on_asks(qtbot: QtBot, opened: MainWindow) -> None:
    explaining = opened.session.explaining
    opened.session.select(2)
    explaining._rest.timeout.emit()
    assert not opened.canvas.why.isVisible()
    with qtbot.waitSignal(opened.session._runs.explained, timeout=PATIENCE) as asked:
        explaining.set_on(True)
    assert asked.args[0].row == 2


def test_the_answer_for_a_patch_that_was_left_is_not_shown(qtbot: QtBot, opened: MainWindow) -> None:
    explaining, runs = opened.session.explaining, opened.session._runs
    explaining.set_on(True)
    old = explain(qtbot, opened, 1)
    opened.session.select(4)
    assert not opened.canvas.why.isVisible()
    runs.explained.emit(old)
    assert explaining.answer is None
    qtbot.waitUntil(lambda: explaining.answer is not None, timeout=PATIENCE)
    assert explaining.answer.row == 4


def test_it_lies_on_its_patch_also_in_a_turned_view(qtbot: QtBot, opened: MainWindow) -> None:
    session, view = opened.session, opened.canvas.view
    session.explaining.set_on(True)
    real = explain(qtbot, opened, 3)
    effect = np.zeros((50, 50), np.float32)
    effect[5:15, 30:45] = 1  # asymmetric
    white = np.full((50, 50, 3), 255, np.uint8)
    session.explaining.answer = replace(real, pixels=white, explanation=Explanation(effect, 0.5))
    session.explaining.changed.emit()
    assert session.current is not None
    columns = session.current.source.columns
    view.fly_to(opened.canvas._box(3))
    for turned in (0, 90):
        view.turn_to(turned)
        qtbot.waitUntil(view.is_sharp, timeout=PATIENCE)
        pixels = widget_pixels(view)
        for at, is_marked in (((37, 10), True), ((10, 37), False), ((13, 10), False)):
            x, y = view.transform.to_view(columns.x[3] + at[0], columns.y[3] + at[1])
            red, _green, blue = pixels[int(y), int(x)].tolist()
            assert (red - blue > 60) is is_marked, (turned, at)


def test_an_unreadable_patch_says_why_it_cannot_be_said(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    name = idc_name("10253", x=50, y=100, truth=1)
    write_patch(tmp_path / "patches", name)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    (tmp_path / "patches" / opened.source.columns.file(0)).write_bytes(b"no picture")
    window.session.explaining.set_on(True)
    assert explain(qtbot, window, 0).explanation is None
    assert any("It cannot be said why: " in text for text in said(window))
    assert not window.canvas.why.isVisible()


def test_gradients_are_the_other_choice_and_are_kept(
    qtbot: QtBot, open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = open_window(settings)
    write_idc_like(tmp_path / "patches", patients=2, patches=12)
    opened_in(window.session, tmp_path / "patches", qtbot)
    window.session.explaining.set_on(True)
    assert explain(qtbot, window, 3).method == "covering"
    choice = {action.data(): action for action in window.findChildren(QAction) if action.actionGroup()}
    choice["gradients"].trigger()
    assert any("the first time takes some seconds" in text for text in said(window))
    answer = explain(qtbot, window, 3)
    assert answer.method == "gradients"
    assert answer.explanation is not None
    assert answer.explanation.largest > 0
    assert any("(Grad-CAM): coarse, and its strength has no unit" in text for text in said(window))
    assert window.canvas.why.isVisible()
    assert not window.session.explaining.is_preparing  # whoever asks now need not wait for Keras
    settings.sync()
    assert open_window(settings).session.explaining.method == "gradients"


def test_closing_the_source_forgets_it(qtbot: QtBot, opened: MainWindow) -> None:
    opened.session.explaining.set_on(True)
    explain(qtbot, opened, 3)
    assert opened.session.current is not None
    opened.session.close_source(opened.session.current)
    assert opened.session.explaining.answer is None
    assert not opened.canvas.why.isVisible()


@pytest.mark.parametrize(
    ("role", "word"), [("train", "trained on"), ("validation", "validation"), ("test", "test")]
)
def test_the_panel_says_what_the_patient_was_to_the_model(opened: MainWindow, role: str, word: str) -> None:
    session = opened.session
    assert session.current is not None
    patient = session.current.source.columns.patch(0).patient
    session.card = replace(session.card, split={role: (patient,)})
    session.select(0)
    texts = [label.text() for label in opened.patch_panel.findChildren(QLabel)]
    assert texts[texts.index("To the model") + 1] == word
    session.card = replace(session.card, split={})
    session.results_changed.emit()
    assert "not seen" in [label.text() for label in opened.patch_panel.findChildren(QLabel)]


@pytest.mark.parametrize(
    ("method", "sign", "stronger"), [("covering", 1, 0), ("covering", -1, 2), ("gradients", 1, 0)]
)
def test_colours_say_the_sign_and_have_one_scale_for_all_patches(
    method: Method, sign: int, stronger: int
) -> None:
    effect = sign * FULL[method]
    grey = np.full((2, 3, 3), 128, np.uint8)
    values = np.array([[effect, effect / 2, 0], [2 * effect, 0, 0]], np.float32)
    image = why_image(Explained(ArraySource(1), 0, method, grey, Explanation(values, 0.5, method)))
    assert image is not None
    pixels = image_pixels(image).astype(int)
    assert (pixels[0, 2] == 128).all()
    assert (pixels[0, 0] == pixels[1, 0]).all()  # beyond the scale it stays as strong
    assert pixels[0, 0, stronger] > pixels[0, 1, stronger] > 128
    assert pixels[0, 0, 2 - stronger] < 128


def test_a_patch_in_which_nothing_stands_out_says_so(qtbot: QtBot, opened: MainWindow) -> None:
    opened.session.explaining.set_on(True)
    real = explain(qtbot, opened, 3)
    assert real.explanation is not None
    for largest, is_told in ((0.019, True), (0.021, False)):
        effect = np.zeros((50, 50), np.float32)
        effect[10, 10] = largest
        answer = replace(real, explanation=replace(real.explanation, effect=effect))
        opened.session._runs.explained.emit(answer)
        assert any("No place in it stands out" in text for text in said(opened)) is is_told
        assert any("speaks for malignancy" in text for text in said(opened))
