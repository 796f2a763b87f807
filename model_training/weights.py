"""The file of ImageNet weights, read and checked without the libraries that use them."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from model_training.config import NetworkConfig

CONVOLUTIONS = (2, 2, 3, 3, 3)
"""Of VGG16's five blocks (Simonyan & Zisserman 2014, configuration D)."""

Weights = dict[str, NDArray[Any]]
"""``blockN_convM/kernel`` HWIO and ``/bias`` of each convolution."""


NPZ_ERRORS = (OSError, ValueError, TypeError, BadZipFile, EOFError, zlib.error)
"""What NumPy raises for an ``.npz`` file that is empty, damaged, or something else."""


def convolution_names() -> list[str]:
    """Names of the base's convolution layers, in order."""
    return [f"block{b}_conv{i}" for b, n in enumerate(CONVOLUTIONS, start=1) for i in range(1, n + 1)]


def read_weights(path: Path, config: NetworkConfig) -> Weights:
    """Weights of the base from an ``.npz`` file. Raises ModelError where it is none, or lacks any, or they do
    not fit."""
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            found = dict(arrays)
    except FileNotFoundError as error:
        raise ModelError(f"There are no ImageNet weights {path}. Check --weights.") from error
    except NPZ_ERRORS as error:
        raise ModelError(f"Cannot read the ImageNet weights {path}: expected an .npz file.") from error
    wanted = _shapes(config)
    missing = [name for name in wanted if name not in found]
    if missing:
        raise ModelError(
            f"{path} lacks {missing[0]} ({len(missing)} of {len(wanted)} arrays): expected kernel (HWIO) and "
            "bias of VGG16's 13 convolutions, named block1_conv1/kernel and so on. Check --weights."
        )
    for name, shape in wanted.items():
        if found[name].shape != shape or found[name].dtype.kind != "f":
            raise ModelError(
                f"{name} in {path} is {found[name].dtype} {found[name].shape}: expected floats {shape}. "
                "Check --weights."
            )
        if not np.isfinite(found[name]).all():
            raise ModelError(f"{name} in {path} holds what is no number. Check --weights.")
    return found


def _shapes(config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    channels = 3
    widths = [width for width, count in zip(config.widths, CONVOLUTIONS, strict=True) for _ in range(count)]
    for name, width in zip(convolution_names(), widths, strict=True):
        shapes[f"{name}/kernel"] = (3, 3, channels, width)
        shapes[f"{name}/bias"] = (width,)
        channels = width
    return shapes
