from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.closer_look import CloserLook
from histoviewer.inference.gradcam import LAYER, LayerGradient, enlarged, gradient_map
from histoviewer.inference.opening import open_differentiable
from tests.helpers.fake_classifier import FakeClassifier


class TwoChannels:
    """Its first channel is active at the upper right, the second at the lower left, wider than high."""

    def layer_gradient(self, pixels: NDArray[np.uint8], layer: str) -> LayerGradient:
        assert layer == LAYER
        assert pixels.shape == (50, 50, 3)
        activation = np.zeros((5, 5, 2), np.float32)
        activation[0, 4, 0] = 2
        activation[4, 0:2, 1] = 4
        gradient = np.zeros((5, 5, 2), np.float32)
        gradient[..., 0] = np.arange(25).reshape(5, 5) / 12  # 1 on average
        gradient[..., 1] = -0.5
        return LayerGradient(activation, gradient, 0.7)


def test_channels_are_weighed_by_their_mean_gradient_and_keep_sign_and_place() -> None:
    found = gradient_map(TwoChannels(), np.zeros((50, 50, 3), np.uint8))
    assert (found.method, found.probability) == ("gradients", 0.7)
    assert found.effect.dtype == np.float32
    assert found.effect[:5, 45:] == pytest.approx(2)
    assert found.effect[45:, :14] == pytest.approx(-2)
    assert not found.effect[15:30].any()
    assert found.largest == pytest.approx(2)


def test_values_go_in_line_from_place_to_place_in_rows_and_columns_of_any_number() -> None:
    values = enlarged(np.array([[0, 1, 2], [3, 4, 5]], np.float32), height=20, width=30)
    assert values.shape == (20, 30)
    assert values[0, [0, 29]].tolist() == [0, 2]
    assert values[19, [0, 29]].tolist() == [3, 5]
    assert np.diff(values[0, 5:25]) == pytest.approx(0.1, abs=1e-5)
    assert np.diff(values[5:15, 12]) == pytest.approx(0.3, abs=1e-5)


def test_the_gradient_is_the_real_networks_own(tiny_bundle: Path) -> None:
    classifier = open_differentiable(tiny_bundle)
    pixels = np.random.default_rng(5).integers(0, 255, (50, 50, 3), np.uint8)
    found = classifier.layer_gradient(pixels, LAYER)
    assert found.activation.shape == found.gradient.shape == (6, 6, 8)
    assert found.probability == pytest.approx(float(classifier.predict(pixels[np.newaxis])[0]), abs=1e-5)
    # One channel's bias acts on every place where the channel is active.
    kernel, bias = classifier._network.get_layer(LAYER).get_weights()
    by_channel = (found.gradient * (found.activation > 0)).sum(axis=(0, 1))
    channel = int(np.argmax(np.abs(by_channel)))
    answers = []
    for step in (-1e-2, 1e-2):
        changed = bias.copy()
        changed[channel] += step
        classifier._network.get_layer(LAYER).set_weights([kernel, changed])
        p = classifier.layer_gradient(pixels, LAYER).probability
        answers.append(np.log(p / (1 - p)))
    assert by_channel[channel] != 0
    assert (answers[1] - answers[0]) / 2e-2 == pytest.approx(float(by_channel[channel]), rel=0.1)


def test_a_model_without_such_a_layer_or_without_gradients_says_so(tiny_bundle: Path) -> None:
    pixels = np.zeros((50, 50, 3), np.uint8)
    with pytest.raises(ModelError, match="cannot say what an answer of the model tiny 1 rests on"):
        open_differentiable(tiny_bundle).layer_gradient(pixels, "block9_conv1")
    with pytest.raises(ModelError, match="does not tell its gradients"):
        CloserLook().explanation("gradients", pixels, FakeClassifier())
