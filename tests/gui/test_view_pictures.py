"""The view on the clipboard and in a file is the view on the screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from histoviewer.gui.look.look_mark import LookMark
from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import PATIENCE, judge, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.qt import image_pixels, widget_pixels

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
CONTROL_SHIFT = CONTROL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    write_idc_like(tmp_path / "patches", patients=1, patches=12)
    source = opened_in(window.session, tmp_path / "patches", qtbot)
    judge(window.session, source, {Path(file).name: 0.9 for file in source.source.columns.files})
    window.session.show_source(None)
    window.session.show_source(source)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.canvas.view.turn_to(30.0)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    return window


def copied(qtbot: QtBot, window: MainWindow) -> QImage:
    qtbot.keyClick(window.canvas.view, KEY.Key_C, CONTROL)
    return QGuiApplication.clipboard().image()


def texts(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_what_is_copied_is_what_is_seen_with_scale_bar_and_legend(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.canvas.view
    assert view.legend.isVisible()
    assert view.scale_bar.isVisible()
    assert not view.overview.isVisible()
    assert np.array_equal(image_pixels(copied(qtbot, opened)), widget_pixels(view))
    assert "Copied the view" in opened.run_bar.currentMessage()


def test_the_truth_and_the_mark_of_a_look_are_in_the_picture(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.canvas.view
    qtbot.keyClick(view, KEY.Key_T)
    opened.session.eye.set_look(brightness=20)
    qtbot.waitUntil(view.is_sharp)
    (mark,) = view.findChildren(LookMark)
    assert mark.isVisible()
    assert opened.canvas.truth.layer.isVisible()
    assert np.array_equal(image_pixels(copied(qtbot, opened)), widget_pixels(view))


def test_the_frame_under_the_mouse_and_the_overview_are_left_out(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.canvas.view
    view.zoom_by(3)
    qtbot.waitUntil(view.is_sharp)
    assert view.overview.isVisible()
    plain = image_pixels(copied(qtbot, opened))
    qtbot.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    assert not np.array_equal(widget_pixels(view), plain)
    assert np.array_equal(image_pixels(copied(qtbot, opened)), plain)
    view.overview.hide()
    view.set_hover(None)
    assert np.array_equal(widget_pixels(view), plain)


def test_two_views_are_copied_side_by_side(qtbot: QtBot, opened: MainWindow) -> None:
    alone = copied(qtbot, opened)
    opened._pages.views.set_double(True)
    for view in opened._pages.views.shown_views():
        qtbot.waitUntil(view.is_sharp)
    both = image_pixels(copied(qtbot, opened))
    first, second = (widget_pixels(view) for view in opened._pages.views.shown_views())
    assert alone.width() > first.shape[1]
    assert np.array_equal(both[:, : first.shape[1]], first)
    assert np.array_equal(both[:, -second.shape[1] :], second)


def test_the_view_is_saved_as_it_was_seen(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figure"
    asked: list[str] = []

    def choose(_parent: object, _title: str, name: str, _pattern: str) -> tuple[str, str]:
        asked.append(name)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    with qtbot.waitSignal(opened._exporter.written, timeout=PATIENCE):
        qtbot.keyClick(opened.canvas.view, KEY.Key_S, CONTROL_SHIFT)
    assert asked == ["1000.view.png"]
    saved = QImage(str(path.with_name("figure.png")))
    assert np.array_equal(image_pixels(saved), widget_pixels(opened.canvas.view))
    assert not list(tmp_path.glob(".*.part"))


def test_a_picture_that_cannot_be_written_is_told(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere" / "figure.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(nowhere), ""))
    with qtbot.waitSignal(opened._exporter.failed, timeout=PATIENCE):
        qtbot.keyClick(opened.canvas.view, KEY.Key_S, CONTROL_SHIFT)
    assert f"Cannot write {nowhere.name}" in texts(opened)
    assert str(nowhere) in opened.messages._details.text()


def test_without_a_slide_in_front_there_is_no_picture(qtbot: QtBot, opened: MainWindow) -> None:
    QGuiApplication.clipboard().clear()
    opened.show_patches_tab()
    assert copied(qtbot, opened).isNull()
    opened.show_slide_tab()
    assert not copied(qtbot, opened).isNull()
    QGuiApplication.clipboard().clear()
    opened.session.close_source(opened.session.sources[0])
    qtbot.keyClick(opened, KEY.Key_C, CONTROL)
    assert QGuiApplication.clipboard().image().isNull()
