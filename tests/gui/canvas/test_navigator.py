from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.navigator import FIT, LARGEST_SCALE, SMALLEST_OF_FIT, Navigator, Standing
from histoviewer.slides.geometry import Box

BOUNDS = Box(100.0, 50.0, 4000.0, 1000.0)


@pytest.fixture
def navigator(qtbot: QtBot) -> Navigator:
    del qtbot
    navigator = Navigator()
    navigator.resize(800.0, 600.0)
    navigator.set_bounds(BOUNDS)
    return navigator


def rest(qtbot: QtBot, navigator: Navigator) -> None:
    qtbot.waitUntil(lambda: navigator.is_resting)


def test_a_slide_is_shown_whole_in_the_middle(navigator: Navigator) -> None:
    assert navigator.current.scale == pytest.approx(FIT * 800 / 4000)
    assert (navigator.current.x, navigator.current.y) == (2100.0, 550.0)


def test_a_fitted_slide_stays_fitted_until_it_is_moved(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.resize(1600.0, 600.0)
    assert navigator.current.scale == pytest.approx(FIT * 1600 / 4000)
    navigator.drag(100.0, 0.0)
    moved = navigator.current
    navigator.resize(400.0, 300.0)
    assert navigator.current == moved.resized(400.0, 300.0)
    navigator.fit()
    rest(qtbot, navigator)
    navigator.resize(800.0, 600.0)
    assert navigator.current.scale == pytest.approx(FIT * 800 / 4000)


@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_the_slide_cannot_be_dragged_out_of_sight(navigator: Navigator, direction: tuple[int, int]) -> None:
    for _ in range(50):
        navigator.drag(300.0 * direction[0], 300.0 * direction[1])
    view = navigator.current
    assert 100.0 <= view.x <= 4100.0
    assert 50.0 <= view.y <= 1050.0


def test_zoom_stops_at_its_limits_and_holds_the_point_under_the_cursor(
    qtbot: QtBot, navigator: Navigator
) -> None:
    fixed = navigator.current.to_level0(500.0, 320.0)
    navigator.zoom_at(500.0, 320.0, 1e6)
    rest(qtbot, navigator)
    assert navigator.current.scale == pytest.approx(LARGEST_SCALE)
    assert navigator.current.to_view(*fixed) == pytest.approx((500.0, 320.0))
    navigator.zoom(1e-6)
    rest(qtbot, navigator)
    assert navigator.current.scale == pytest.approx(SMALLEST_OF_FIT * FIT * 800 / 4000)


def test_quick_turns_of_the_wheel_add_up(qtbot: QtBot, navigator: Navigator) -> None:
    before = navigator.current.scale
    for _ in range(3):
        navigator.zoom_at(400.0, 300.0, 1.5)
    rest(qtbot, navigator)
    assert navigator.current.scale == pytest.approx(before * 1.5**3)


def test_a_tiny_picture_is_not_blown_up_beyond_the_limit(navigator: Navigator) -> None:
    navigator.set_bounds(Box(0.0, 0.0, 1.0, 1.0))
    assert navigator.current.scale == LARGEST_SCALE


def test_a_fling_runs_on_and_comes_to_rest(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.zoom_at(400.0, 300.0, 4.0, at_once=True)
    before = navigator.current
    navigator.fling(-800.0, 0.0)
    assert navigator.current == before
    rest(qtbot, navigator)
    assert navigator.current.x - before.x == pytest.approx(200.0 / before.scale)


def test_a_slow_hand_flings_nothing(navigator: Navigator) -> None:
    navigator.fling(20.0, -20.0)
    assert navigator.is_resting


def test_a_hand_laid_on_the_slide_stops_a_glide_and_nothing_else(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.hold()
    navigator.resize(1600.0, 600.0)
    assert navigator.current.scale == pytest.approx(FIT * 1600 / 4000)  # still fitted
    navigator.centre_on(4000.0, 900.0)
    qtbot.waitSignal(navigator.moved).wait()
    here = navigator.current
    navigator.hold()
    assert navigator.is_resting
    assert navigator.current == navigator.target == here


def test_a_drag_stops_a_glide_where_it_is(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.centre_on(4000.0, 900.0)
    qtbot.waitSignal(navigator.moved).wait()
    here = navigator.current
    navigator.drag(0.0, 0.0)
    assert navigator.is_resting
    assert navigator.target == here


def test_without_a_slide_nothing_moves(qtbot: QtBot) -> None:
    del qtbot
    navigator = Navigator()
    navigator.resize(800.0, 600.0)
    before = navigator.current
    navigator.zoom(2.0)
    navigator.drag(50.0, 50.0)
    navigator.fit()
    assert navigator.is_resting
    assert navigator.current == before


def test_centring_may_ask_for_a_scale_and_never_zooms_out(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.centre_on(2000.0, 600.0, smallest_scale=2.0)
    rest(qtbot, navigator)
    assert (navigator.current.x, navigator.current.y, navigator.current.scale) == (2000.0, 600.0, 2.0)
    navigator.centre_on(2100.0, 600.0, smallest_scale=0.5)
    rest(qtbot, navigator)
    assert navigator.current.scale == 2.0
    navigator.centre_on(2100.0, 600.0, smallest_scale=2 * LARGEST_SCALE)
    rest(qtbot, navigator)
    assert navigator.current.scale == LARGEST_SCALE


def test_what_is_fitted_stays_fitted_when_it_is_turned(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.turn_to(90.0)
    rest(qtbot, navigator)
    assert navigator.current.rotation == 90.0
    assert navigator.current.scale == pytest.approx(FIT * 600 / 4000)
    navigator.resize(800.0, 1200.0)
    assert navigator.current.scale == pytest.approx(FIT * min(1200 / 4000, 800 / 1000))


def test_what_is_not_fitted_turns_about_the_middle(qtbot: QtBot, navigator: Navigator) -> None:
    navigator.zoom_at(300.0, 200.0, 4.0, at_once=True)
    before = navigator.current
    navigator.turn_to(-30.0)
    rest(qtbot, navigator)
    assert navigator.current == before.turned_to(330.0)


def test_the_hand_turns_at_once_and_keeps_the_size(navigator: Navigator) -> None:
    before = navigator.current
    navigator.turn_by_hand(20.0)
    assert navigator.current == before.turned_to(20.0)


def test_another_slide_may_start_turned_and_is_fitted_so(navigator: Navigator) -> None:
    navigator.set_bounds(BOUNDS, Standing(BOUNDS, navigator.target.turned_to(90.0), is_fitted=True))
    assert navigator.current.rotation == 90.0
    assert navigator.current.scale == pytest.approx(FIT * 600 / 4000)
