from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.view_motion import ViewMotion
from histoviewer.gui.canvas.view_transform import ViewTransform

START = ViewTransform(100.0, 100.0, 1.0, 400.0, 300.0)


@pytest.fixture
def motion(qtbot: QtBot) -> ViewMotion:
    del qtbot
    return ViewMotion(START)


def test_a_glide_arrives_exactly_and_rests(qtbot: QtBot, motion: ViewMotion) -> None:
    end = START.zoomed_at(20.0, 30.0, 4.0)
    with qtbot.waitSignal(motion.rested):
        motion.glide_to(end)
        assert not motion.is_resting
        assert (motion.current, motion.target) == (START, end)
    assert motion.is_resting
    assert motion.current == motion.target == end


def test_a_glide_comes_closer_with_every_step_and_wobbles_nowhere(qtbot: QtBot, motion: ViewMotion) -> None:
    end, fixed = START.zoomed_at(20.0, 30.0, 4.0), START.to_level0(20.0, 30.0)
    seen: list[ViewTransform] = []
    motion.moved.connect(lambda: seen.append(motion.current))
    with qtbot.waitSignal(motion.rested):
        motion.glide_to(end)
    scales = [START.scale, *(view.scale for view in seen)]
    assert scales == sorted(scales)
    assert all(view.to_view(*fixed) == pytest.approx((20.0, 30.0)) for view in seen)


def test_a_second_glide_goes_on_from_where_the_first_is(qtbot: QtBot, motion: ViewMotion) -> None:
    motion.glide_to(START.panned(-5000.0, 0.0), seconds=10.0)
    qtbot.waitSignal(motion.moved).wait()
    before = motion.current
    motion.glide_to(START)
    assert motion.current == before != START
    qtbot.waitSignal(motion.rested).wait()
    assert motion.current == START


def test_a_jump_is_there_at_once_and_ends_a_glide(qtbot: QtBot, motion: ViewMotion) -> None:
    motion.glide_to(START.panned(500.0, 0.0))
    there = START.panned(0.0, 70.0)
    with qtbot.waitSignals([motion.moved, motion.rested]):
        motion.jump_to(there)
    assert motion.is_resting
    assert motion.current == motion.target == there
