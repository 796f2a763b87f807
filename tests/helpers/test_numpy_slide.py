from __future__ import annotations

import numpy as np
import pytest

from histoviewer.errors import SourceError
from histoviewer.slides.geometry import Box, Region, Size
from tests.helpers.numpy_slide import NumpySlide


def test_gives_its_pixels_and_white_beyond_them() -> None:
    pixels = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    read = NumpySlide(pixels).read_region(Region(3, 2, 0, Size(4, 4)))
    assert np.array_equal(read[:2, :2], pixels[2:, 3:])
    assert (read[2:] == 255).all()
    assert (read[:, 2:] == 255).all()


def test_is_broken_only_where_told() -> None:
    slide = NumpySlide(np.zeros((20, 20, 3), np.uint8), broken=[Box(10, 0, 5, 5)])
    slide.read_region(Region(0, 0, 0, Size(10, 10)))
    with pytest.raises(SourceError, match="broken at 6, 0"):
        slide.read_region(Region(6, 0, 0, Size(10, 10)))
