from pathlib import Path

import keras
import numpy as np
import pytest

from model_training.config import NetworkConfig
from model_training.network import (
    LAST_OF_BASE,
    build_network,
    frozen_part,
    imagenet_weights,
    set_base_weights,
    train_from,
    trained_part,
)
from model_training.weights import convolution_names

TINY = NetworkConfig(widths=(2, 2, 3, 3, 3), dense_units=4)


def test_the_network_is_vgg16_with_the_customers_head() -> None:
    network = build_network(NetworkConfig())
    assert network.input_shape == (None, 50, 50, 3)
    assert network.output_shape == (None, 1)
    head = [type(layer).__name__ for layer in network.layers][-4:]
    assert head == ["Flatten", "Dense", "Dropout", "Dense"]
    base = 14_714_688  # parameters of VGG16 without its top (Simonyan & Zisserman 2014)
    assert network.count_params() == base + (512 * 256 + 256) + (256 + 1)


def test_preprocessing_inside_equals_keras_own(vgg16_weights: Path) -> None:
    network = build_network(NetworkConfig())
    weights = imagenet_weights(vgg16_weights)
    set_base_weights(network, weights)
    published = keras.applications.VGG16(weights=None, include_top=False, input_shape=(50, 50, 3))
    for name in convolution_names():
        published.get_layer(name).set_weights(
            [weights[f"{name}/kernel"].astype(np.float32), weights[f"{name}/bias"]]
        )
    pixels = np.random.default_rng(0).integers(0, 256, (3, 50, 50, 3), np.uint8)
    ours = frozen_part(network, "block5_pool")(pixels)
    preprocessed = keras.applications.vgg16.preprocess_input(pixels.astype(np.float32))
    np.testing.assert_allclose(ours, published(preprocessed), rtol=1e-3, atol=1e-2)


def test_the_two_parts_together_are_the_whole() -> None:
    network = build_network(TINY)
    pixels = np.random.default_rng(1).integers(0, 256, (5, 50, 50, 3), np.uint8)
    for last in (LAST_OF_BASE, "block4_pool", "preprocessing"):
        features = frozen_part(network, last)(pixels)
        np.testing.assert_allclose(
            trained_part(network, last)(features, training=False), network(pixels, training=False), atol=1e-5
        )


@pytest.mark.parametrize("first", ["block5", "block1"])
def test_training_from_a_block_leaves_those_below_alone(first: str) -> None:
    network = build_network(TINY)
    before = {layer.name: layer.get_weights() for layer in network.layers}
    train_from(network, first)  # type: ignore[arg-type]
    network.compile("adam", "binary_crossentropy")
    pixels = np.random.default_rng(2).integers(0, 256, (8, 50, 50, 3), np.uint8)
    network.fit(pixels, np.arange(8)[:, None] % 2, verbose=0)
    changed = {
        layer.name
        for layer in network.layers
        if any(not np.array_equal(a, b) for a, b in zip(before[layer.name], layer.get_weights(), strict=True))
    }
    assert "probability" in changed
    assert all(name >= first for name in changed if name.startswith("block"))


def test_half_precision_takes_the_same_weights_and_says_nearly_the_same() -> None:
    network = build_network(NetworkConfig(widths=(4, 4, 8, 8, 8), dense_units=8))
    half = build_network(NetworkConfig(widths=(4, 4, 8, 8, 8), dense_units=8), precision="mixed_bfloat16")
    half.set_weights(network.get_weights())
    assert {str(weight.dtype) for weight in half.weights} == {"float32"} | {
        str(weight.dtype) for weight in network.weights
    }
    pixels = np.random.default_rng(1).integers(0, 256, (16, 50, 50, 3), np.uint8)
    exact, nearly = np.asarray(network(pixels)), np.asarray(half(pixels))
    assert nearly.dtype == np.float32
    np.testing.assert_allclose(nearly, exact, atol=0.05)
    assert not np.array_equal(nearly, exact)
