from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from tests.helpers.qt import box_of_colour, image_pixels


def test_pixels_keep_their_place_and_colour() -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 0, 0))
    image.setPixelColor(4, 1, QColor(10, 20, 30))
    pixels = image_pixels(image)
    assert pixels.shape == (3, 5, 3)
    assert pixels[1, 4].tolist() == [10, 20, 30]
    assert box_of_colour(pixels, (10, 20, 30)) == (4, 1, 1, 1)


def test_a_missing_colour_is_an_error() -> None:
    with pytest.raises(AssertionError, match="nothing is painted"):
        box_of_colour(np.zeros((2, 2, 3), np.uint8), (1, 2, 3))
