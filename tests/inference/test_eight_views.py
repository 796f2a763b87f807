from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.inference.eight_views import VIEWS, EightViews, views
from tests.helpers.fake_classifier import FakeClassifier


def test_the_views_are_the_eight_ways_a_square_can_lie() -> None:
    pixels = np.arange(2 * 3 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3, 3)
    seen = list(views(pixels))
    assert len({view.tobytes() for view in seen}) == len(seen) == VIEWS
    assert np.array_equal(seen[0], pixels)
    for view in seen:
        assert view.shape == pixels.shape
        assert view.flags.c_contiguous
        assert np.array_equal(
            np.sort(view.reshape(2, -1, 3), axis=1), np.sort(pixels.reshape(2, -1, 3), axis=1)
        )


def test_the_answer_is_the_mean_and_does_not_mind_how_the_patch_lies() -> None:
    class OfTheCorner(FakeClassifier):
        def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
            return (pixels[:, 0, 0, 0] / 255).astype(np.float32)

    classifier = EightViews(OfTheCorner())
    pixels = np.zeros((1, 50, 50, 3), np.uint8)
    for value, (row, column) in zip((0, 51, 102, 255), ((0, 0), (0, -1), (-1, 0), (-1, -1)), strict=True):
        pixels[0, row, column] = value
    assert classifier.predict(pixels)[0] == pytest.approx(np.mean([0, 0.2, 0.4, 1.0]))
    for view in views(pixels):
        assert classifier.predict(view)[0] == pytest.approx(0.4)


def test_it_says_what_it_is() -> None:
    inner = FakeClassifier()
    classifier = EightViews(inner)
    assert classifier.precision == f"{inner.precision}, eight views"
    assert (classifier.engine, classifier.card, classifier.batch_size) == (
        inner.engine,
        inner.card,
        inner.batch_size,
    )
