from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from histoviewer.slides.canvas import level_origin, paste, upright, white
from histoviewer.slides.geometry import Region, Size
from tests.helpers.pictures import boxed, textured


@pytest.mark.parametrize(("x", "y"), [(0, 0), (-5, -7), (45, 33), (-60, 0), (0, 60), (-5, 3)])
def test_pasting_cuts_what_falls_outside(x: int, y: int) -> None:
    pixels = textured(30, 20)
    canvas = white(Size(50, 40))
    paste(canvas, pixels, x=x, y=y)
    large = np.full((200, 200, 3), 255, np.uint8)
    large[80 + y : 100 + y, 80 + x : 110 + x] = pixels
    np.testing.assert_array_equal(canvas, large[80:120, 80:130])


def test_a_place_between_two_pixels_of_a_level_goes_to_the_nearer() -> None:
    size = Size(1, 1)
    assert level_origin(Region(11, -11, 1, size), 4.0) == (3, -3)
    assert level_origin(Region(9, 8, 1, size), 4.0) == (2, 2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_pillow_turns_them(orientation: int) -> None:
    image = Image.fromarray(boxed())
    image.getexif()[0x0112] = orientation
    np.testing.assert_array_equal(upright(boxed(), orientation), np.asarray(ImageOps.exif_transpose(image)))
