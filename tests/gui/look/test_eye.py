from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from histoviewer.gui.look.eye import Eye
from histoviewer.gui.look.look import Look
from histoviewer.gui.look.look_texts import look_parts
from histoviewer.slides.base import Slide
from tests.helpers.colour_profiles import screen_profile, swapped_profile
from tests.helpers.numpy_slide import NumpySlide


def a_slide(profile: bytes | None) -> Slide:
    slide = NumpySlide(np.zeros((8, 8, 3), np.uint8))
    slide.colour_profile = profile
    return slide


def test_the_way_back_is_first_the_channel_then_the_tones(qtbot: QtBot) -> None:
    eye = Eye()
    eye.set_look(channel="eosin", brightness=20)
    eye.step_back()
    assert eye.look == Look(brightness=20)
    eye.step_back()
    assert eye.look.is_original
    assert eye.rendering_of(a_slide(None)) is None
    with qtbot.assertNotEmitted(eye.changed):
        eye.step_back()


def test_reset_leaves_the_channel() -> None:
    eye = Eye()
    eye.set_look(channel="eosin", brightness=20, contrast=-5, gamma=2.0)
    eye.reset_tones()
    assert eye.look == Look("eosin")


def test_each_slide_is_shown_by_its_own_profile() -> None:
    eye = Eye()
    swapped, screen, bare = a_slide(swapped_profile()), a_slide(screen_profile()), a_slide(None)
    eye.set_slide(swapped)
    rendering = eye.rendering_of(swapped)
    assert rendering is not None
    eye.set_slide(screen)
    assert eye.profile is not None
    assert eye.rendering_of(screen) is None
    assert eye.rendering_of(swapped) is rendering, "shown beside the one in front"
    eye.set_look(uses_profile=False)
    assert eye.rendering_of(swapped) is None
    eye.set_slide(bare)
    assert eye.profile is None


def test_a_broken_profile_is_told_once_a_file(qtbot: QtBot) -> None:
    eye = Eye()
    with qtbot.waitSignal(eye.failed) as told:
        broken = a_slide(b"broken")
        eye.set_slide(broken)
    assert told.args is not None
    assert "numpy: its colour profile cannot be used" in told.args[0]
    assert eye.rendering_of(broken) is None
    assert eye.profile_problem
    eye.set_slide(None)
    assert not eye.profile_problem
    with qtbot.assertNotEmitted(eye.failed):
        eye.set_slide(a_slide(b"broken"))


def test_a_look_in_words() -> None:
    assert look_parts(Look()) == []
    assert look_parts(Look("haematoxylin", brightness=20)) == ["haematoxylin", "brightness +20"]
    look = Look(brightness=-5, contrast=10, gamma=1.5)
    assert look_parts(look) == ["brightness −5", "contrast +10", "gamma 1.50"]
