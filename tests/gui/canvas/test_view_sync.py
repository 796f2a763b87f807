from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.view_sync import Pairing, ViewSync, beside, length_ratio
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.slides.geometry import Box
from tests.helpers.numpy_slide import NumpySlide

HERE = ViewTransform(500.0, 400.0, 0.5, 300.0, 200.0)


def slide_of(width: int, height: int, mpp: float | None) -> NumpySlide:
    return NumpySlide(np.full((height, width, 3), 200, np.uint8), mpp=mpp)


@pytest.fixture
def views(qtbot: QtBot) -> Iterator[tuple[SlideView, SlideView]]:
    pair = SlideView(), SlideView()
    for view in pair:
        qtbot.addWidget(view)
        view.resize(300, 200)
        view.show()
        qtbot.waitExposed(view)
    yield pair
    for view in pair:
        view.shut_down()


def rest(qtbot: QtBot, *views: SlideView) -> None:
    for view in views:
        qtbot.waitUntil(view.is_sharp)


def test_scales_are_compared_in_micrometres_where_both_are_known() -> None:
    fine, coarse, unknown = slide_of(1000, 800, 0.25), slide_of(500, 100, 1.0), slide_of(250, 300, None)
    assert length_ratio(fine, coarse) == 0.25
    assert length_ratio(fine, unknown) == 0.3


def test_what_moves_together_moves_as_far_on_the_glass_and_the_same_way_on_the_screen() -> None:
    pairing = Pairing(HERE, ViewTransform(100.0, 50.0, 2.0, 300.0, 200.0, rotation=90.0), ratio=0.25)
    other = pairing.other_for(HERE.panned(-40.0, 0.0))
    # 80 level-0 pixels of the one are 20 of the other, which is turned: what is right on the screen is up.
    assert (other.x, other.y) == pytest.approx((100.0, 50.0 - 20.0))
    assert pairing.other.panned(-40.0, 0.0).x == pytest.approx(other.x)
    assert pairing.other_for(HERE.zoomed_at(150.0, 100.0, 3.0)).scale == 6.0
    assert pairing.other_for(HERE.turned_to(-30.0)).rotation == pytest.approx(60.0)


def test_there_and_back_is_where_it_was() -> None:
    pairing = Pairing(HERE, ViewTransform(100.0, 50.0, 2.0, 300.0, 200.0, rotation=70.0), ratio=0.25)
    there = HERE.panned(31.0, -17.0).zoomed_at(20.0, 30.0, 1.7).turned_to(110.0)
    back = pairing.reverse.other_for(pairing.other_for(there))
    assert back.distance(there) < 1e-6


def test_another_slide_is_put_beside_at_the_same_magnification() -> None:
    fine, coarse = slide_of(1000, 800, 0.25), slide_of(500, 100, 1.0)
    view = beside(HERE.panned(-10.0, 0.0), fine, coarse)
    assert (view.x, view.y, view.scale) == (255.0, 50.0, 2.0)


@pytest.mark.parametrize("leads", [0, 1])
def test_two_views_of_one_slide_show_the_same_place(
    qtbot: QtBot, views: tuple[SlideView, SlideView], leads: int
) -> None:
    one, other = views
    sync = ViewSync(one, other, lambda: one, QObject(one))
    slide = slide_of(1200, 900, 0.5)
    for view in views:
        view.set_slide(slide)
    views[leads].centre_on(300.0, 200.0)
    views[leads].zoom_to_downsample(0.5)
    rest(qtbot, *views)
    views[leads].turn_to(40.0)
    rest(qtbot, *views)
    assert one.transform == other.transform
    assert (one.transform.scale, one.transform.rotation) == pytest.approx((2.0, 40.0))
    assert sync.is_on


def test_two_slides_keep_the_place_a_person_has_given_them(
    qtbot: QtBot, views: tuple[SlideView, SlideView]
) -> None:
    one, other = views
    sync = ViewSync(one, other, lambda: one, QObject(one))
    one.set_slide(slide_of(1200, 900, 0.25))
    other.set_slide(slide_of(600, 450, 1.0))
    assert other.transform.scale == pytest.approx(4 * one.transform.scale)
    sync.set_on(False)
    other.centre_on(200.0, 150.0)
    rest(qtbot, *views)
    before = one.transform
    assert before.x == 600.0
    sync.set_on(True)
    assert (one.transform, other.transform.x) == (before, 200.0)
    one._navigator.drag(-8.0, 0.0)
    moved = one.transform.x - 600.0
    assert moved > 0
    assert other.transform.x == pytest.approx(200.0 + moved / 4)
    other._navigator.drag(8.0, 0.0)
    assert one.transform.x == pytest.approx(600.0)


def test_a_fitted_view_stays_fitted_when_only_the_size_of_both_changes(
    qtbot: QtBot, views: tuple[SlideView, SlideView]
) -> None:
    one, other = views
    sync = ViewSync(one, other, lambda: one, QObject(one))
    slide = slide_of(1200, 900, 0.5)
    for view in views:
        view.set_slide(slide)
    for width in (60, 600):
        for view in views:
            view.resize(width, 400)
    rest(qtbot, *views)
    assert one.transform.visible.height > 900 > 0.9 * 400 / one.transform.scale
    assert one.transform.scale == other.transform.scale
    assert one.transform.shows_all_of(Box(0, 0, 1200, 900))
    assert sync.is_on
