"""The customer's network in Keras: VGG16 without its top, and a small head."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from histoviewer.errors import ModelError, reason_of
from model_training.config import Block, NetworkConfig, Precision
from model_training.weights import CONVOLUTIONS, convolution_names, read_weights

IMAGENET_MEAN_RGB = (123.68, 116.779, 103.939)
"""Subtracted from each channel, without scaling: ``keras.applications.vgg16.preprocess_input``."""

LAST_OF_BASE = "block5_pool"
"""The layer whose output the head takes."""


def build_network(config: NetworkConfig, *, precision: Precision = "float32") -> keras.Model:
    """Uint8 RGB (n, s, s, 3) in, probability of malignancy float32 (n, 1) out.

    Preprocessing is inside: the mean is subtracted in RGB order, and the first convolution takes RGB (see
    ``set_base_weights``), so nobody outside has to swap channels. ``precision``: of the arithmetic between
    the two; weights are float32 in any case, and fit each other's networks.
    """
    pixels = keras.Input((config.input_size, config.input_size, 3), dtype="uint8", name="pixels")
    x = layers.Rescaling(
        1.0, offset=[-mean for mean in IMAGENET_MEAN_RGB], name="preprocessing", dtype="float32"
    )(pixels)
    for number, (width, count) in enumerate(zip(config.widths, CONVOLUTIONS, strict=True), start=1):
        for i in range(1, count + 1):
            name = f"block{number}_conv{i}"
            x = layers.Conv2D(width, 3, padding="same", activation="relu", name=name, dtype=precision)(x)
        x = layers.MaxPooling2D(name=f"block{number}_pool", dtype=precision)(x)
    x = layers.Flatten(name="flatten", dtype=precision)(x)
    x = layers.Dense(config.dense_units, activation="relu", name="dense", dtype=precision)(x)
    x = layers.Dropout(config.dropout, name="dropout", dtype=precision)(x)
    probability = layers.Dense(1, activation="sigmoid", name="probability", dtype="float32")(x)
    return keras.Model(pixels, probability, name="idc_vgg16")


def set_base_weights(network: keras.Model, weights: Mapping[str, NDArray[Any]]) -> None:
    """Put ImageNet weights (``blockN_convM/kernel`` HWIO and ``/bias``) into the base.

    The published kernels take BGR; the first one's input channels are turned round to take RGB.
    """
    for name in convolution_names():
        kernel = np.asarray(weights[f"{name}/kernel"], np.float32)
        if name == "block1_conv1":
            kernel = kernel[:, :, ::-1, :]
        network.get_layer(name).set_weights([kernel, np.asarray(weights[f"{name}/bias"], np.float32)])


def imagenet_weights(path: Path | None) -> dict[str, NDArray[Any]]:
    """VGG16's ImageNet weights from an ``.npz`` file, or from Keras (which downloads them) without one.

    Raises ModelError where they cannot be had.
    """
    if path is not None:
        return read_weights(path, NetworkConfig())
    try:
        base = keras.applications.VGG16(weights="imagenet", include_top=False)
    except Exception as error:  # Keras knows no kind of its own for what cannot be downloaded
        raise ModelError(
            f"Cannot download the ImageNet weights: {reason_of(error)}. Give them as a file, --weights NPZ."
        ) from error
    pairs = {name: base.get_layer(name).get_weights() for name in convolution_names()}
    return {
        f"{name}/{part}": a
        for name, ab in pairs.items()
        for part, a in zip(("kernel", "bias"), ab, strict=True)
    }


def load_trained(network: keras.Model, path: Path) -> None:
    """Load the weights of a finished training. Raises ModelError where they are missing or do not fit."""
    try:
        network.load_weights(path)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"Cannot read the weights {path}: expected those of a finished training. Run train to its end."
        ) from error


def train_from(network: keras.Model, first_trained: Block) -> None:
    """Let the convolutions of ``first_trained`` and of the blocks above it, and the head, be trained."""
    first = [layer.name for layer in network.layers].index(f"{first_trained}_conv1")
    for place, layer in enumerate(network.layers):
        layer.trainable = place >= first


def frozen_part(network: keras.Model, last_layer: str) -> keras.Model:
    """From the pixels to the output of ``last_layer``; shares the network's layers."""
    return keras.Model(network.input, network.get_layer(last_layer).output, name="frozen")


def trained_part(network: keras.Model, last_frozen: str) -> keras.Model:
    """From the output of ``last_frozen`` to the probability; shares the network's layers."""
    names = [layer.name for layer in network.layers]
    features = keras.Input(network.get_layer(last_frozen).output.shape[1:], name="features")
    x = features
    for layer in network.layers[names.index(last_frozen) + 1 :]:
        layer.trainable = True
        x = layer(x)
    return keras.Model(features, x, name="trained")
