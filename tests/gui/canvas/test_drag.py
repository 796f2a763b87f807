from __future__ import annotations

import pytest

from histoviewer.gui.canvas.drag import Drag


def test_a_shaky_click_does_not_drag() -> None:
    drag = Drag(100.0, 100.0, 0, threshold=10)
    assert drag.moved_to(103.0, 98.0, 10) == (0.0, 0.0)
    assert not drag.has_moved


def test_past_the_threshold_the_slide_catches_up_with_the_hand() -> None:
    drag = Drag(100.0, 100.0, 0, threshold=10)
    drag.moved_to(104.0, 100.0, 10)
    assert drag.moved_to(112.0, 101.0, 20) == (12.0, 1.0)
    assert drag.has_moved
    assert drag.moved_to(110.0, 101.0, 30) == (-2.0, 0.0)


def test_speed_is_that_of_the_last_steps() -> None:
    drag = Drag(0.0, 0.0, 0, threshold=0)
    for step in range(1, 20):
        drag.moved_to(10.0 * step, -5.0 * step, 10 * step)
    assert drag.speed_at(195) == pytest.approx((1000.0, -500.0), rel=0.01)


def test_a_hand_that_stopped_flings_nothing() -> None:
    drag = Drag(0.0, 0.0, 0, threshold=0)
    drag.moved_to(0.0, 10.0, 10)
    drag.moved_to(0.0, 20.0, 20)
    assert drag.speed_at(25) != (0.0, 0.0)
    assert drag.speed_at(200) == (0.0, 0.0)
