"""A file of base weights for the tiny network, in the form of the published ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model_training.config import NetworkConfig
from model_training.weights import CONVOLUTIONS, Weights, convolution_names
from tests.helpers.tiny_bundle import TINY


def tiny_weights(config: NetworkConfig = TINY.network) -> Weights:
    """Random kernels and zero biases."""
    random = np.random.default_rng(0)
    widths = [width for width, count in zip(config.widths, CONVOLUTIONS, strict=True) for _ in range(count)]
    weights: Weights = {}
    channels = 3
    for name, width in zip(convolution_names(), widths, strict=True):
        spread = (2 / (9 * channels)) ** 0.5
        weights[f"{name}/kernel"] = random.normal(0, spread, (3, 3, channels, width)).astype(np.float16)
        weights[f"{name}/bias"] = np.zeros(width, np.float32)
        channels = width
    return weights


def write_tiny_weights(path: Path) -> Path:
    np.savez(path, **tiny_weights())  # type: ignore[arg-type]  # its stub takes them for allow_pickle
    return path
