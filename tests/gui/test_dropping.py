"""Dropping anything anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.pictures import textured, write_tiff_levels

MOVE = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def files(paths: Iterable[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop_at(window: MainWindow, at: QPoint, data: QMimeData) -> list[bool]:
    """Enter, move on and drop there, as the system tells it; whether each was taken."""
    place = QPointF(at)
    events = (
        QDragEnterEvent(at, MOVE, data, LEFT, NO_KEY),
        QDragMoveEvent(at, MOVE, data, LEFT, NO_KEY),
        QDropEvent(place, MOVE, data, LEFT, NO_KEY),
    )
    for event in events:
        event.ignore()
        QApplication.sendEvent(window.windowHandle(), event)
    return [event.isAccepted() for event in events]


def middle(window: MainWindow, widget: QWidget) -> QPoint:
    return widget.mapTo(window, widget.rect().center())


def test_a_drop_over_any_widget_opens_what_was_dropped(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened_in(window.session, write_tiff_levels(tmp_path / "a.tiff", [textured(600, 400)]), qtbot)
    window.messages.show_note("a message")
    asked: list[list[Path]] = []
    window._drops.dropped.disconnect()
    window._drops.dropped.connect(asked.append)
    paths = [tmp_path / "one.svs", tmp_path / "two"]
    count = 0
    for show in (window.show_slide_tab, window.show_patches_tab):
        show()
        for widget in [w for w in window.findChildren(QWidget) if w.isVisible() and not w.isWindow()]:
            assert drop_at(window, middle(window, widget), files(paths)) == [True, True, True]
            assert asked.pop() == paths, widget
            count += 1
    assert count > 100
    assert all("file:" not in line.text() for line in window.findChildren(QLineEdit))


def test_what_is_dropped_on_a_text_field_is_opened_and_classified(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "one", patients=1, patches=4)
    write_idc_like(tmp_path / "two", patients=1, patches=4)
    opened_in(window.session, tmp_path / "one", qtbot)
    window.show_patches_tab()
    line = next(w for w in window.findChildren(QLineEdit) if w.accessibleName() == "Filter by name")
    drop_at(window, middle(window, line), files([tmp_path / "two"]))
    qtbot.waitUntil(lambda: len(window.session.sources) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.session.is_running, timeout=PATIENCE)
    assert line.text() == ""
    assert not len(window.session.sources[1].store.pending())


def test_text_still_goes_into_a_text_field(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "one", patients=1, patches=4)
    opened_in(window.session, tmp_path / "one", qtbot)
    window.show_patches_tab()
    line = next(w for w in window.findChildren(QLineEdit) if w.accessibleName() == "Filter by name")
    data = QMimeData()
    data.setText("1000")
    drop_at(window, middle(window, line), data)
    assert line.text() == "1000"


def test_what_is_no_file_is_not_taken_by_the_slide(window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.svs")])
    assert drop_at(window, middle(window, window.canvas), data)[0] is False
