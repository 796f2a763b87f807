"""The second level shows what the first one does, at its place."""

import numpy as np
import pytest

from histoviewer.slides.geometry import Box, Region, Size
from tests.helpers.levelled_slide import LevelledSlide
from tests.helpers.pictures import boxed, textured


@pytest.mark.parametrize("box", [Box(0, 0, 370, 370), Box(101, 33, 185, 222)])
def test_both_levels_show_the_same_at_a_place(box: Box) -> None:
    slide = LevelledSlide(boxed(), downsample=3.7)
    size = Size(round(box.width / 3.7), round(box.height / 3.7))
    coarse = slide.read_box(box, size)
    assert slide.reads[-1].level == 1
    fine = LevelledSlide(boxed(), downsample=300.0).read_box(box, size)
    assert np.abs(coarse.astype(int) - fine).mean() < 4


def test_beyond_the_slide_it_is_white() -> None:
    slide = LevelledSlide(textured(400, 300), downsample=3.7)
    assert (slide.read_region(Region(-200, -200, 1, Size(40, 40))) == 255).all()
