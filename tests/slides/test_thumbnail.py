from __future__ import annotations

import numpy as np
import pytest

from histoviewer.slides import thumbnail
from histoviewer.slides.geometry import Box
from histoviewer.slides.thumbnail import read_thumbnail
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.pictures import textured


def test_it_is_the_scanned_part_reduced_to_its_longer_side() -> None:
    pixels = np.full((400, 800, 3), 255, np.uint8)
    pixels[100:200, 600:] = (200, 30, 40)
    slide = NumpySlide(pixels)
    slide.bounds = Box(0, 100, 800, 200)
    small = read_thumbnail(slide, 40)
    assert small is not None
    assert small.shape == (10, 40, 3)
    assert np.abs(small[1, 38].astype(int) - (200, 30, 40)).max() < 5
    assert small[8, 38].min() > 250
    assert small[1, 2].min() > 250


def test_a_slide_without_coarse_levels_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    slide = NumpySlide(textured(1000, 620))
    whole = read_thumbnail(slide, 50)
    assert len(slide.reads) == 1
    monkeypatch.setattr(thumbnail, "MOST_READ", 300)
    pieces = read_thumbnail(slide, 50)
    assert len(slide.reads) == 1 + 4 * 3
    assert max(read.size.width for read in slide.reads[1:]) < 400
    assert whole is not None
    assert pieces is not None
    assert np.abs(whole.astype(int) - pieces).max() <= 2


def test_it_stops_where_it_is_when_it_is_not_wanted_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnail, "MOST_READ", 300)
    slide = NumpySlide(textured(1000, 600))
    assert read_thumbnail(slide, 50, lambda: len(slide.reads) == 2) is None
    assert len(slide.reads) == 2
