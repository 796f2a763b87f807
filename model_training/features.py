"""What the frozen part of the network says about each patch, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import openvino
from numpy.typing import NDArray

from histoviewer.errors import reason_of
from histoviewer.openvino_core import openvino_core
from model_training.augmentation import oriented
from model_training.progress import Features, Progress, silent

BATCH = 64

CHUNK = 32 * BATCH
"""Patches after which what has been computed is on disk, and stays when the process is killed."""

Stored = np.memmap[Any, np.dtype[np.float16]]

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
    compiled: openvino.CompiledModel, pixels: NDArray[np.uint8], rows: NDArray[np.intp] | None = None
) -> NDArray[np.float32]:
    """The model's output for ``rows`` (by default all) of uint8 RGB (n, s, s, 3), batch by batch: float32
    (rows, ...)."""
    chosen = np.arange(len(pixels)) if rows is None else rows
    return np.concatenate(list(_answers(compiled, pixels, chosen, 0)))


def _answers(
    compiled: openvino.CompiledModel, pixels: NDArray[np.uint8], rows: NDArray[np.intp], orientation: int
) -> Iterator[NDArray[np.float32]]:
    """The model's output for some rows of ``pixels`` in one orientation: a batch at a time, since a copy of
    all of them is as large as the data set."""
    for start in range(0, len(rows), BATCH):
        batch = oriented(pixels[rows[start : start + BATCH]], orientation)
        yield compiled(np.ascontiguousarray(batch))[0]


class FeatureCache:
    """Features on disk, one float16 file for each orientation, under a key of weights and patches.

    A file has room for every patch of the data set and is filled as patches are asked for, so that folds,
    trials and a training that was killed share what has been computed. Half precision halves the files and
    costs a relative error of 0.05 %, far below what training itself varies by.
    """

    def __init__(self, folder: Path, progress: Progress = silent) -> None:
        """``progress`` is told of what is computed."""
        self._folder = folder
        self._progress = progress
        self._compiled: tuple[str, openvino.CompiledModel] | None = None

    def features(
        self, network: keras.Model, pixels: NDArray[np.uint8], rows: NDArray[np.intp], *, orientations: int
    ) -> list[NDArray[np.float16]]:
        """Output of ``network`` for each orientation of ``pixels``, uint8 RGB (n, s, s, 3): float16 (n, ...),
        memory-mapped, of which ``rows`` are filled."""
        key = _key(network, pixels)
        shape = (len(pixels), *network.output.shape[1:])
        self._folder.mkdir(parents=True, exist_ok=True)
        files = [_FeatureFile(self._folder / f"{key}-{o}.npy", shape) for o in range(orientations)]
        missing = [rows[~file.is_filled[rows]] for file in files]
        total = sum(map(len, missing))
        if total:
            compiled = self._compile(network, key)
            done = 0
            for orientation, (file, wanted) in enumerate(zip(files, missing, strict=True)):
                log.info("features of %d patches, orientation %d", len(wanted), orientation)
                for start in range(0, len(wanted), CHUNK):
                    part = wanted[start : start + CHUNK]
                    file.fill(part, _answers(compiled, pixels, part, orientation))
                    done += len(part)
                    self._progress(Features(done, total))
        return [file.values for file in files]

    def _compile(self, network: keras.Model, key: str) -> openvino.CompiledModel:
        """Seconds of work, so done once for training and validation patients."""
        if self._compiled is None or self._compiled[0] != key:
            self._compiled = (key, compile_for_cpu(to_openvino(network)))
        return self._compiled[1]


class _FeatureFile:
    """One orientation's features, and beside them which rows are there.

    Attributes:
        values: float16 (n, ...), memory-mapped.
        is_filled: bool (n,).
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        """What is there already, or nothing yet, where the files are new or cannot be read."""
        self._rows_path = path.with_suffix(".rows.npy")
        try:
            self.values, self.is_filled = self._kept(path, shape)
        except FileNotFoundError:
            self.values, self.is_filled = self._begun(path, shape)
        except (OSError, EOFError, ValueError) as error:
            log.warning(
                "cannot read the features in %s (%s): they are computed again", path, reason_of(error)
            )
            self.values, self.is_filled = self._begun(path, shape)

    def _kept(self, path: Path, shape: tuple[int, ...]) -> tuple[Stored, NDArray[np.bool_]]:
        is_filled: NDArray[np.bool_] = np.load(self._rows_path)
        # Opened for writing, a file that was cut short would be filled up with zeros: features, it seems.
        np.lib.format.open_memmap(path, mode="r")
        values = np.lib.format.open_memmap(path, mode="r+")
        if (values.shape, is_filled.shape) != (shape, shape[:1]) or values.dtype != np.float16:
            raise ValueError(f"expected float16 {shape}, found {values.dtype} {values.shape}")
        return values, is_filled

    def _begun(self, path: Path, shape: tuple[int, ...]) -> tuple[Stored, NDArray[np.bool_]]:
        self._rows_path.unlink(missing_ok=True)  # first: it says of the older file what is there
        values = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
        return values, np.zeros(shape[0], bool)

    def fill(self, rows: NDArray[np.intp], batches: Iterator[NDArray[np.float32]]) -> None:
        """Write what the batches hold into these rows; they count as filled once that is on disk."""
        start = 0
        for batch in batches:
            self.values[rows[start : start + len(batch)]] = batch
            start += len(batch)
        self.values.flush()
        self.is_filled[rows] = True
        unfinished = self._rows_path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.save(file, self.is_filled)
        unfinished.replace(self._rows_path)


def _key(network: keras.Model, pixels: NDArray[np.uint8]) -> str:
    digest = pixels_digest(pixels, np.arange(len(pixels)))
    for weight in network.get_weights():
        digest.update(np.ascontiguousarray(weight).data)
    return f"{network.layers[-1].name}-{digest.hexdigest()[:16]}"


def pixels_digest(pixels: NDArray[np.uint8], rows: NDArray[np.intp]) -> hashlib._Hash:
    """SHA-256 of some rows of ``pixels``, to go on with."""
    digest = hashlib.sha256()
    for start in range(0, len(rows), BATCH):
        digest.update(pixels[rows[start : start + BATCH]].data)
    return digest
