"""Slides are found again as they were left."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like


@pytest.fixture
def two_folders(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    for name in ("one", "two"):
        write_idc_like(tmp_path / name, patients=2, patches=12)
        opened_in(window.session, tmp_path / name, qtbot)
    return window


def test_a_slide_is_found_again_at_its_place_turned_and_zoomed(qtbot: QtBot, two_folders: MainWindow) -> None:
    window, session = two_folders, two_folders.session
    view, (one, two) = window.canvas.view, session.sources
    slides = list(two.source.slides())
    view.zoom_by(4)
    view.turn_to(30)
    view.centre_on(60, 40)
    qtbot.waitUntil(lambda: view.transform == view.standing.view and view.rotation == 30)
    left = view.transform
    session.show_slide(slides[1])
    assert view.standing.is_fitted
    assert view.rotation == 0
    session.show_source(one)
    session.show_source(two, slide=slides[0])
    assert not view.standing.is_fitted
    assert view.transform == left.resized(view.width(), view.height())
    qtbot.waitUntil(view.is_sharp)


def test_what_was_fitted_is_fitted_to_the_window_as_it_is_now(qtbot: QtBot, two_folders: MainWindow) -> None:
    window, session = two_folders, two_folders.session
    view, (one, two) = window.canvas.view, session.sources
    session.show_source(one)
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: view.transform.width == view.width())
    session.show_source(two)
    assert view.standing.is_fitted
    assert view.slide is not None
    assert view.transform.shows_all_of(view.slide.bounds)


def test_beside_another_slide_the_other_view_stays_where_it_is(qtbot: QtBot, two_folders: MainWindow) -> None:
    window, session = two_folders, two_folders.session
    views, (one, two) = window._pages.views, session.sources
    views.set_double(True)
    assert views.second is not None
    views.second.shown.pin(one, next(one.source.slides()))
    first, second = window.canvas.view, views.second.view
    first.zoom_by(3)
    qtbot.waitUntil(lambda: first.standing.view == first.transform)
    session.show_slide(list(two.source.slides())[1])
    before = second.transform
    session.show_slide(next(two.source.slides()))
    assert second.transform == before
