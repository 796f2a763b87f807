"""Two views in the real window: what is shown in each, what the panels speak of, what is let go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.canvas import Canvas
from histoviewer.gui.canvas.tile_cache import CAPACITY
from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.scale_banner import ScaleBanner
from tests.gui.panels.panel_session import PATIENCE, judge, opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.qt import image_pixels, widget_pixels

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """Two folders are open, the first with answers and in front; two views are shown."""
    for name, patients in (("one", 2), ("other", 1)):
        write_idc_like(tmp_path / name, patients=patients, patches=12)
        source = opened_in(window.session, tmp_path / name, qtbot)
        names = [Path(file).name for file in source.source.columns.files]
        judge(window.session, source, dict.fromkeys(names, 0.9))
    window.session.show_source(window.session.sources[0])
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.canvas.setFocus()
    qtbot.keyClick(window, KEY.Key_2, CONTROL_ALT)
    return window


def views_of(window: MainWindow) -> TwoViews:
    found = window.findChild(TwoViews)
    assert found is not None
    return found


def second(window: MainWindow) -> Canvas:
    canvas = views_of(window).second
    assert canvas is not None
    return canvas


def choose(canvas: Canvas, text: str) -> None:
    """As a person does in the list above a view."""
    box = canvas.parentWidget().findChild(QComboBox)
    assert box is not None
    texts = [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(texts.index(text))
    box.activated.emit(box.currentIndex())


def chosen(canvas: Canvas) -> str:
    box = canvas.parentWidget().findChild(QComboBox)
    assert box is not None
    return box.currentText()


def rest(qtbot: QtBot, window: MainWindow) -> None:
    for view in views_of(window).shown_views():
        qtbot.waitUntil(view.is_sharp)


def click_patch(qtbot: QtBot, canvas: Canvas, row: int) -> None:
    assert canvas.shown.opened is not None
    columns = canvas.shown.opened.source.columns
    x, y = canvas.view.transform.to_view(columns.x[row] + 25.0, columns.y[row] + 25.0)
    qtbot.mouseClick(canvas.view, LEFT, pos=QPoint(round(x), round(y)))


def test_the_second_view_shows_the_same_slide_without_its_heat_map(qtbot: QtBot, opened: MainWindow) -> None:
    rest(qtbot, opened)
    first, other = opened.canvas, second(opened)
    assert other.view.isVisible()
    assert other.view.slide is first.view.slide is opened.session.slide
    assert first.view.legend.isVisible()
    assert not other.view.legend.isVisible()
    assert abs(first.view.width() - other.view.width()) <= 2
    plain = widget_pixels(other.view)
    box = other.parentWidget().findChild(QCheckBox)
    assert box is not None
    box.click()
    assert other.view.legend.isVisible()
    assert not np.array_equal(widget_pixels(other.view), plain)
    assert chosen(first) == "one · 1000"
    assert chosen(other) == "The same slide"


def test_both_follow_what_is_brought_to_the_front(opened: MainWindow) -> None:
    opened.session.show_slide("1001")
    assert opened.canvas.view.slide is second(opened).view.slide is opened.session.slide
    assert opened.canvas.shown.name == second(opened).shown.name == "1001"


def test_they_move_together_unless_the_key_says_otherwise(qtbot: QtBot, opened: MainWindow) -> None:
    first, other = opened.canvas.view, second(opened).view
    qtbot.keyClick(first, KEY.Key_Plus)
    rest(qtbot, opened)
    assert first.transform.scale == other.transform.scale
    qtbot.keyClick(opened, KEY.Key_S, CONTROL_ALT)
    before = other.transform
    qtbot.keyClick(first, KEY.Key_Plus)
    rest(qtbot, opened)
    assert other.transform == before != first.transform
    qtbot.keyClick(opened, KEY.Key_S, CONTROL_ALT)
    assert other.transform.scale == first.transform.scale


def test_a_slide_of_its_own_beside_the_one_in_front(qtbot: QtBot, opened: MainWindow) -> None:
    one, two = opened.session.sources
    choose(second(opened), "other")
    assert second(opened).shown.opened is two
    assert opened.session.current is one
    opened.session.show_slide("1001")
    assert second(opened).shown.opened is two
    click_patch(qtbot, second(opened), 3)
    assert opened.session.current is two
    assert opened.session.selected == 3
    assert (opened.canvas.shown.opened, opened.canvas.shown.name) == (one, "1001")
    click_patch(qtbot, opened.canvas, 20)
    assert (opened.session.current, opened.session.slide_name) == (one, "1001")
    assert opened.session.selected is not None
    assert second(opened).shown.opened is two
    choose(second(opened), "The same slide")
    assert second(opened).view.slide is opened.canvas.view.slide


def test_coming_to_the_front_leaves_both_views_as_they_are(qtbot: QtBot, opened: MainWindow) -> None:
    choose(second(opened), "other")
    qtbot.keyClick(opened.canvas.view, KEY.Key_Plus)
    rest(qtbot, opened)
    before = [canvas.view.transform for canvas in (opened.canvas, second(opened))]
    qtbot.keyClick(opened.canvas.view, KEY.Key_F6)
    assert views_of(opened).active is second(opened)
    assert opened.session.current is opened.session.sources[1]
    assert [canvas.view.transform for canvas in (opened.canvas, second(opened))] == before


def test_the_read_out_is_of_the_view_under_the_mouse(qtbot: QtBot, opened: MainWindow) -> None:
    def position() -> str:
        return "\n".join(label.text() for label in opened.run_bar.findChildren(QLabel))

    rest(qtbot, opened)
    for canvas in (second(opened), opened.canvas):
        view = canvas.view
        qtbot.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
        at = view.hand.position
        assert at is not None
        point = view._pointing.on_slide(at)
        assert point is not None
        assert f"{int(point[0])}, {int(point[1])} px" in position()
        assert "probability 0.90" in position()
        qtbot.mouseMove(view, QPoint(1, 1))
        assert "probability" not in position()


def test_answers_that_come_in_reach_a_slide_that_is_not_in_front(qtbot: QtBot, opened: MainWindow) -> None:
    folder = opened.session.sources[1].source.path
    write_idc_like(folder.parent / "third", patients=1, patches=12)
    third = opened_in(opened.session, folder.parent / "third", qtbot)
    opened.session.show_source(opened.session.sources[0])
    choose(second(opened), "third")
    heatmap = second(opened).shown.heatmap
    assert heatmap is not None
    assert not heatmap.has_answers
    opened.session.classify(third)
    qtbot.waitUntil(lambda: not opened.session.is_running, timeout=PATIENCE)
    assert np.array_equal(np.sort(heatmap.values.ravel()), np.sort(third.store.probability))


@pytest.mark.parametrize("closed", [0, 1])
def test_a_source_that_is_closed_is_let_go_of_in_both_views(
    qtbot: QtBot, opened: MainWindow, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(second(opened), "other")
    going, staying = opened.session.sources[closed], opened.session.sources[1 - closed]
    shown_at_close: list[object] = []
    close = going.source.close

    def watch() -> None:
        shown_at_close.extend(c.shown.opened for c in (opened.canvas, second(opened)) if c.view.slide)
        close()

    monkeypatch.setattr(going.source, "close", watch)
    opened.session.close_source(going)
    assert shown_at_close
    assert going not in shown_at_close
    rest(qtbot, opened)
    assert {c.shown.opened for c in (opened.canvas, second(opened))} == {staying}
    opened.session.close_source(staying)
    assert opened.canvas.view.slide is second(opened).view.slide is None


def test_a_slide_given_another_scale_stays_in_its_view(qtbot: QtBot, opened: MainWindow) -> None:
    choose(second(opened), "other")
    old = opened.session.sources[1]
    opened.session.give_scale(old, 2.0)
    qtbot.waitUntil(lambda: opened.session.sources[1] is not old, timeout=PATIENCE)
    assert second(opened).shown.opened is opened.session.sources[1]
    assert opened.session.current is opened.session.sources[0]


def test_one_view_again_keeps_what_each_was_for(qtbot: QtBot, opened: MainWindow) -> None:
    one, two = opened.session.sources
    choose(second(opened), "other")
    qtbot.keyClick(opened.canvas.view, KEY.Key_F6)
    assert opened.session.current is two
    assert opened.canvas.view._tiles._capacity == CAPACITY // 2
    qtbot.keyClick(opened, KEY.Key_2, CONTROL_ALT)
    assert opened.session.current is one
    assert not second(opened).view.isVisible()
    assert second(opened).view.slide is None
    assert opened.canvas.view._tiles._capacity == CAPACITY
    assert opened.focusWidget() is opened.canvas.view
    qtbot.keyClick(opened, KEY.Key_2, CONTROL_ALT)
    assert second(opened).view.slide is opened.canvas.view.slide


def test_tab_leaves_the_two_views_alone(qtbot: QtBot, opened: MainWindow) -> None:
    second(opened).setFocus()
    qtbot.keyClick(second(opened).view, KEY.Key_Tab)
    assert opened.surroundings.only_slide.isChecked()
    assert second(opened).view.isVisible()


def test_alone_again_the_view_has_its_heat_map(qtbot: QtBot, opened: MainWindow) -> None:
    box = opened.canvas.parentWidget().findChild(QCheckBox)
    assert box is not None
    box.click()
    assert not opened.canvas.view.legend.isVisible()
    qtbot.keyClick(opened, KEY.Key_2, CONTROL_ALT)
    assert opened.canvas.view.legend.isVisible()


def test_two_views_are_shown_from_the_patches_too(qtbot: QtBot, opened: MainWindow) -> None:
    qtbot.keyClick(opened, KEY.Key_2, CONTROL_ALT)
    opened.show_patches_tab()
    qtbot.keyClick(opened, KEY.Key_2, CONTROL_ALT)
    assert second(opened).view.isVisible()


def test_enter_in_the_gallery_flies_in_the_view_that_shows_the_source(
    qtbot: QtBot, opened: MainWindow
) -> None:
    choose(second(opened), "other")
    qtbot.keyClick(opened.canvas.view, KEY.Key_F6)
    before = opened.canvas.shown.slide
    opened.show_patches_tab()
    qtbot.keyClick(opened.gallery_page.gallery, KEY.Key_End)
    qtbot.keyClick(opened.gallery_page.gallery, KEY.Key_Return)
    rest(qtbot, opened)
    row, view = opened.session.selected, second(opened).view
    assert row is not None
    columns = opened.session.sources[1].source.columns
    middle = view.transform.to_view(columns.x[row] + 25.0, columns.y[row] + 25.0)
    assert middle == pytest.approx((view.width() / 2, view.height() / 2), abs=1)
    assert opened.canvas.shown.slide is before


def test_the_ghost_is_of_the_slide_under_the_mouse(qtbot: QtBot, opened: MainWindow) -> None:
    choose(second(opened), "other")
    rest(qtbot, opened)
    opened.ghost_switch.action.trigger()
    canvas = second(opened)
    other = canvas.shown.opened
    assert other is opened.session.sources[1]
    columns = other.source.columns
    x, y = canvas.view.transform.to_view(columns.x[0] + 25.0, columns.y[0] + 25.0)
    for at in (QPoint(1, 1), QPoint(round(x), round(y))):
        qtbot.mouseMove(canvas.view, at)
    qtbot.waitUntil(lambda: canvas.ghost.layer.pixels is not None and not canvas.ghost.layer.is_old)
    shown = canvas.ghost.layer.pixels
    assert shown is not None
    block = other.source.blocks()[other.block_of[0]]
    expected = other.source.read(block)
    assert block.patches[0] == 0
    assert np.array_equal(image_pixels(shown), expected.pixels[0])
    assert opened.canvas.ghost.layer.pixels is None


def test_a_length_is_measured_on_the_slide_that_is_asked_about(qtbot: QtBot, opened: MainWindow) -> None:
    choose(second(opened), "other")
    rest(qtbot, opened)
    click_patch(qtbot, second(opened), 0)
    assert opened.session.current is opened.session.sources[1]
    opened.session.ask_scale()
    banner = opened.findChild(ScaleBanner)
    assert banner is not None
    next(b for b in banner.findChildren(QPushButton) if "easure" in b.text() and b.isVisible()).click()
    assert opened.measuring.ruler.parentWidget() is second(opened).view
    assert opened.measuring.ruler.isVisible()


def test_a_view_that_is_put_away_shows_nothing_more(qtbot: QtBot, opened: MainWindow) -> None:
    canvas = second(opened)
    choose(canvas, "other")
    rest(qtbot, opened)
    views_of(opened).set_double(False)
    opened.session.give_scale(opened.session.sources[1], 1.0)
    qtbot.waitUntil(lambda: opened.session.sources[1].mpp == 1.0, timeout=PATIENCE)
    assert canvas.shown.slide is None
    assert not canvas.shown.is_pinned
