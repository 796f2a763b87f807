"""What both sources over one slide give of it."""

from __future__ import annotations

import numpy as np
import pytest

from histoviewer.patches.grid import SlideSource
from histoviewer.patches.one_slide import OneSlide
from histoviewer.patches.view_only import ViewOnlySource
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.stained import glass


def gridded(slide: NumpySlide) -> OneSlide:
    return SlideSource(slide, input_size=50, model_mpp=4.0, tissue_only=False)


def only_viewed(slide: NumpySlide) -> OneSlide:
    return ViewOnlySource(slide, input_size=50)


@pytest.mark.parametrize(("opened", "patches"), [(gridded, 4), (only_viewed, 0)])
def test_a_source_over_a_slide_gives_that_slide_and_all_its_rows(opened, patches) -> None:  # type: ignore[no-untyped-def]
    slide = NumpySlide(glass(100, 100), mpp=4.0)
    source = opened(slide)
    assert (source.kind, source.problems, source.scale) == ("slide", (), slide.scale)
    assert list(source.slides()) == [slide.name]
    assert source.slide(slide.name) is slide
    rows = source.rows(slide.name)
    assert (rows.tolist(), rows.dtype) == (list(range(patches)), np.intp)
    for asked in (source.slide, source.rows):
        with pytest.raises(KeyError):
            asked("another")
