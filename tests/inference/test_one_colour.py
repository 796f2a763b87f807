from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.one_colour import OneColourOnce, of_one_colour
from tests.helpers.fake_classifier import FakeClassifier


def some_patches() -> NDArray[np.uint8]:
    """Tissue, white, grey, white, and one that is white but for its last pixel."""
    pixels = np.full((5, 50, 50, 3), 255, np.uint8)
    pixels[0] = np.random.default_rng(3).integers(0, 256, (50, 50, 3))
    pixels[2] = (200, 210, 220)
    pixels[4, -1, -1] = (255, 255, 254)
    return pixels


def test_only_what_has_one_colour_in_every_pixel_is_of_one_colour() -> None:
    assert of_one_colour(some_patches()).tolist() == [1, 2, 3]
    assert of_one_colour(np.empty((0, 50, 50, 3), np.uint8)).tolist() == []
    grey = np.full((1, 50, 50, 3), (1, 1, 2), np.uint8)
    assert of_one_colour(grey).tolist() == [0], "a colour, not a grey"


def test_each_patch_gets_the_networks_answer_and_no_colour_is_asked_about_twice() -> None:
    network = FakeClassifier()
    pixels = some_patches()
    expected = network.predict(pixels)
    network.batches.clear()
    classifier = OneColourOnce(network)
    assert classifier.predict(pixels) == pytest.approx(expected)
    assert network.batches == [4]
    assert classifier.predict(pixels) == pytest.approx(expected)
    assert network.batches == [4, 2]
    assert classifier.predict(pixels[1:4]) == pytest.approx(expected[1:4])
    assert network.batches == [4, 2], "nothing was left to ask"


def test_a_failure_leaves_nothing_behind() -> None:
    network = FakeClassifier(fails=True)
    classifier = OneColourOnce(network)
    with pytest.raises(ModelError):
        classifier.predict(some_patches())
    network.fails = False
    assert classifier.predict(some_patches()) == pytest.approx(network.predict(some_patches()))
