from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.explain import occlusion_map
from histoviewer.inference.opening import open_classifier
from tests.helpers.fake_classifier import FakeClassifier

SPOT = (slice(5, 11), slice(34, 44))
"""Rows and columns: near the upper right corner, wider than high."""


class SpotClassifier(FakeClassifier):
    """Answers with the mean red of one spot."""

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(pixels))
        return (pixels[:, *SPOT, 0].mean(axis=(1, 2)) / 255).astype(np.float32)


def a_patch(spot: int, around: int) -> NDArray[np.uint8]:
    pixels = np.full((50, 50, 3), around, np.uint8)
    pixels[*SPOT] = spot
    return pixels


@pytest.mark.parametrize(("spot", "around", "sign"), [(250, 50, 1), (50, 250, -1)])
def test_the_map_is_where_the_answer_comes_from_and_has_its_sign(spot: int, around: int, sign: int) -> None:
    classifier = SpotClassifier()
    found = occlusion_map(classifier, a_patch(spot, around))
    assert classifier.batches == [26]
    assert found.effect.shape == (50, 50)
    assert found.effect.dtype == np.float32
    assert found.probability == pytest.approx(spot / 255)
    effect = sign * found.effect
    row, column = (float((at * effect).sum() / effect.sum()) for at in np.indices(effect.shape))
    assert (row, column) == pytest.approx((8, 39), abs=3)
    assert found.largest == pytest.approx(float(effect.max()))
    assert 0.5 * 200 / 255 < found.largest <= 200 / 255
    assert not effect[25:].any()
    assert not effect[:, :20].any()


def test_a_patch_of_one_colour_rests_on_nothing() -> None:
    found = occlusion_map(SpotClassifier(), a_patch(100, 100))
    assert found.largest == 0


def test_a_model_that_fails_says_so() -> None:
    with pytest.raises(ModelError, match="told to fail"):
        occlusion_map(FakeClassifier(fails=True), a_patch(1, 2))


def test_a_real_network_answers_as_it_does_without_being_asked_why(tiny_bundle: Path) -> None:
    classifier = open_classifier(tiny_bundle)
    pixels = np.random.default_rng(3).integers(0, 255, (50, 50, 3), np.uint8)
    before = pixels.copy()
    found = occlusion_map(classifier, pixels)
    assert (pixels == before).all()
    assert found.probability == pytest.approx(float(classifier.predict(pixels[np.newaxis])[0]), abs=1e-4)
    assert np.isfinite(found.effect).all()
    assert found.largest > 0
