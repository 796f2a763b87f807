"""What the machine trains on: its processors, and the arithmetic they are fastest at."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import keras
import tensorflow as tf

from histoviewer.openvino_core import openvino_core
from model_training.config import Precision, TrainingConfig

log = logging.getLogger(__name__)


def fastest_precision() -> Precision:
    """Half precision on a GPU, and on a CPU that has instructions for it.

    By how much: ``python -m tests.benchmarks.bench_fine_tuning``.
    """
    if tf.config.list_physical_devices("GPU"):
        return "mixed_float16"
    capabilities = openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "mixed_bfloat16" if "BF16" in capabilities else "float32"


def with_precision(folder: Path, config: TrainingConfig) -> TrainingConfig:
    """A recipe that leaves the arithmetic open, with the fastest of this machine, so that what is kept of a
    training says which it was.

    One that goes on in ``folder`` stays as it is: its file may be of before, and leave it open, too.
    """
    if config.precision is not None or (folder / "config.json").exists():
        return config
    return replace(config, precision=fastest_precision())


def scaled(optimizer: keras.optimizers.Optimizer, precision: Precision) -> keras.optimizers.Optimizer:
    """The optimizer for that arithmetic: float16 has no room for small gradients, bfloat16 has."""
    return keras.optimizers.LossScaleOptimizer(optimizer) if precision == "mixed_float16" else optimizer


def strategy() -> tf.distribute.Strategy:
    """Every GPU that TensorFlow sees; the CPU where there is none."""
    devices = tf.config.list_physical_devices("GPU")
    log.info("training on %s", f"{len(devices)} GPU" if devices else "the CPU")
    return tf.distribute.MirroredStrategy() if len(devices) > 1 else tf.distribute.get_strategy()
