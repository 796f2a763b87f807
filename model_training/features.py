"""What the frozen part of the network says about each patch, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import openvino
from numpy.typing import NDArray

from histoviewer.openvino_core import openvino_core
from model_training.augmentation import oriented
from model_training.progress import Features, Progress, silent

BATCH = 64

log = logging.getLogger(__name__)


def to_openvino(network: keras.Model) -> openvino.Model:
    """The Keras network as an OpenVINO model; weights and arithmetic stay float32.

    By way of a SavedModel, which the runtime reads itself; OpenVINO's converter for Keras objects hands
    them their input in a form that Keras warns of.
    """
    with tempfile.TemporaryDirectory() as folder:
        network.export(folder, verbose=False)
        return openvino_core().read_model(folder)


def compile_for_cpu(model: openvino.Model) -> openvino.CompiledModel:
    """Compiled for whole batches, in float32 unless the model itself is quantised."""
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    return openvino_core().compile_model(model, "CPU", settings)


def run_over(
    compiled: openvino.CompiledModel,
    pixels: NDArray[np.uint8],
    advanced: Callable[[int], None] = lambda _patches: None,
) -> NDArray[np.float32]:
    """The model's output for uint8 RGB (n, s, s, 3), batch by batch: float32 (n, ...).

    ``advanced`` is told of how many patches more are done.
    """
    outputs = []
    for start in range(0, len(pixels), BATCH):
        batch = np.ascontiguousarray(pixels[start : start + BATCH])
        outputs.append(compiled(batch)[0])
        advanced(len(batch))
    return np.concatenate(outputs)


class FeatureCache:
    """Features on disk, one float16 file for each orientation, under a key of weights and patches.

    Half precision halves the files and costs a relative error of 0.05 %, far below what training itself
    varies by.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def features(
        self,
        network: keras.Model,
        pixels: NDArray[np.uint8],
        *,
        orientations: int,
        progress: Progress = silent,
    ) -> list[NDArray[np.float16]]:
        """Output of ``network`` for each orientation of ``pixels``: float16 (n, ...), memory-mapped."""
        key = _key(network, pixels)
        missing = [o for o in range(orientations) if not self._path(key, o).exists()]
        if missing:
            self._compute(network, pixels, key, missing, progress)
        return [np.load(self._path(key, o), mmap_mode="r") for o in range(orientations)]

    def _compute(
        self,
        network: keras.Model,
        pixels: NDArray[np.uint8],
        key: str,
        orientations: list[int],
        progress: Progress,
    ) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        compiled = compile_for_cpu(to_openvino(network))
        counted = _Counted(len(orientations) * len(pixels), progress)
        for orientation in orientations:
            log.info("features of %d patches, orientation %d", len(pixels), orientation)
            path = self._path(key, orientation)
            unfinished = path.with_suffix(".part")
            features = run_over(compiled, oriented(pixels, orientation), counted.add).astype(np.float16)
            with unfinished.open("wb") as file:
                np.save(file, features)
            unfinished.replace(path)

    def _path(self, key: str, orientation: int) -> Path:
        return self._folder / f"{key}-{orientation}.npy"


class _Counted:
    """Adds up what is done, and tells it."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total = 0, total
        self._progress = progress

    def add(self, patches: int) -> None:
        self._done += patches
        self._progress(Features(self._done, self._total))


def _key(network: keras.Model, pixels: NDArray[np.uint8]) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(pixels).data)
    for weight in network.get_weights():
        digest.update(np.ascontiguousarray(weight).data)
    return f"{network.layers[-1].name}-{digest.hexdigest()[:16]}"
