from __future__ import annotations

from dataclasses import replace

import pytest

from histoviewer.gui.canvas.view_transform import ViewTransform, turn_between
from histoviewer.slides.geometry import Box

VIEW = ViewTransform(1000.0, 600.0, 0.25, 800.0, 500.0)
TURNED = replace(VIEW, rotation=90.0)


@pytest.mark.parametrize("view", [VIEW, TURNED, replace(VIEW, rotation=33.0)])
def test_level0_and_view_are_each_others_inverse(view: ViewTransform) -> None:
    assert view.to_level0(*view.to_view(123.0, 456.0)) == pytest.approx((123.0, 456.0))


def test_x_goes_right_and_y_goes_down() -> None:
    assert VIEW.to_view(1000.0, 600.0) == (400.0, 250.0)
    assert VIEW.to_view(1040.0, 680.0) == (410.0, 270.0)


def test_a_turned_slide_turns_clockwise() -> None:
    assert TURNED.to_view(1040.0, 600.0) == pytest.approx((400.0, 260.0))


@pytest.mark.parametrize("view", [VIEW, TURNED])
def test_zoom_keeps_the_point_under_the_cursor(view: ViewTransform) -> None:
    before = view.to_level0(70.0, 420.0)
    zoomed = view.zoomed_at(70.0, 420.0, 3.0)
    assert zoomed.scale == pytest.approx(0.75)
    assert zoomed.to_level0(70.0, 420.0) == pytest.approx(before)


@pytest.mark.parametrize("view", [VIEW, TURNED])
def test_pan_moves_the_slide_with_the_hand(view: ViewTransform) -> None:
    under_hand = view.to_level0(100.0, 100.0)
    assert view.panned(30.0, -20.0).to_view(*under_hand) == pytest.approx((130.0, 80.0))


def test_visible_is_the_box_on_the_screen() -> None:
    assert VIEW.visible == Box(-600.0, -400.0, 3200.0, 2000.0)
    turned = TURNED.visible
    assert (turned.width, turned.height) == pytest.approx((2000.0, 3200.0))


def test_box_under_a_part_of_the_view() -> None:
    assert VIEW.box_under(400.0, 250.0, 10.0, 20.0) == Box(1000.0, 600.0, 40.0, 80.0)


@pytest.mark.parametrize(("rotation", "scale"), [(0.0, 800 / 4000), (90.0, 500 / 4000)])
def test_fitted_shows_all_of_a_box_and_touches_its_tighter_sides(rotation: float, scale: float) -> None:
    fitted = replace(VIEW, rotation=rotation).fitted(Box(100.0, 200.0, 4000.0, 1000.0))
    assert fitted.scale == pytest.approx(scale)
    assert (fitted.x, fitted.y) == (2100.0, 700.0)


def test_kept_on_a_box_moves_no_further_than_needed() -> None:
    assert VIEW.kept_on(Box(0.0, 0.0, 900.0, 900.0)) == VIEW.centred_on(900.0, 600.0)
    assert VIEW.kept_on(Box(0.0, 0.0, 2000.0, 900.0)) == VIEW


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_on_device_moves_by_whole_pixels_only(ratio: float) -> None:
    before, after = VIEW.on_device(ratio), VIEW.panned(3.4, 0.3).on_device(ratio)
    assert (after.width, after.height) == (800 * ratio, 500 * ratio)
    moved = [b - a for a, b in zip(before.to_view(777, 55), after.to_view(777, 55), strict=True)]
    assert moved == pytest.approx([round(m) for m in moved])
    assert moved == pytest.approx([3.4 * ratio, 0.3 * ratio], abs=1.0)


def test_on_the_way_of_a_zoom_the_point_under_the_cursor_lies_still() -> None:
    end = VIEW.zoomed_at(70.0, 420.0, 5.0)
    fixed = VIEW.to_level0(70.0, 420.0)
    for fraction in (0.1, 0.5, 0.9):
        assert VIEW.towards(end, fraction).to_view(*fixed) == pytest.approx((70.0, 420.0))


def test_on_the_way_of_a_pan_the_slide_moves_straight() -> None:
    halfway = VIEW.towards(VIEW.panned(100.0, -40.0), 0.5)
    assert (halfway.x, halfway.y) == pytest.approx((VIEW.x - 200.0, VIEW.y + 80.0))


def test_the_way_ends_at_the_end() -> None:
    end = VIEW.zoomed_at(70.0, 420.0, 0.2).panned(5.0, 5.0)
    assert VIEW.towards(end, 1.0).distance(end) == pytest.approx(0.0, abs=1e-6)


def test_distance_counts_view_pixels() -> None:
    assert VIEW.distance(VIEW.panned(3.0, 4.0)) == pytest.approx(5.0)
    assert VIEW.distance(VIEW.zoomed_at(400.0, 250.0, 1.01)) > 4.0


@pytest.mark.parametrize(
    ("start", "end", "turn"), [(0, 90, 90), (350, 10, 20), (10, 350, -20), (0, 180, 180), (270, 0, 90)]
)
def test_it_turns_the_shorter_way_round(start: float, end: float, turn: float) -> None:
    assert turn_between(start, end) == pytest.approx(turn)
    here = ViewTransform(50.0, 40.0, 2.0, 400.0, 300.0, rotation=start)
    half = here.towards(here.turned_to(end), 0.5)
    assert turn_between(start, half.rotation) == pytest.approx(turn / 2)
    assert (half.x, half.y, half.scale) == (50.0, 40.0, 2.0)
    assert here.distance(here.turned_to(end)) > 50


def test_a_turned_view_whose_surrounding_box_holds_a_slide_may_still_cut_its_corners() -> None:
    slide = Box(0.0, 0.0, 100.0, 100.0)
    upright = ViewTransform(50.0, 50.0, 1.0, 110.0, 110.0)
    assert upright.shows_all_of(slide)
    assert not upright.turned_to(45).shows_all_of(slide)
    assert upright.turned_to(45).fitted(slide).shows_all_of(slide)
