from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import keras
import pytest

from model_training.config import Precision
from model_training.machine import fastest_precision, scaled
from tests.helpers.idc_like import write_idc_like

ROOT = Path(__file__).resolve().parents[2]


def test_the_fastest_precision_is_one_that_a_network_takes() -> None:
    assert fastest_precision() in get_args(Precision)


@pytest.mark.parametrize("precision", get_args(Precision))
def test_only_float16_needs_its_loss_scaled(precision: Precision) -> None:
    is_scaled = isinstance(scaled(keras.optimizers.SGD(), precision), keras.optimizers.LossScaleOptimizer)
    assert is_scaled == (precision == "mixed_float16")


def test_both_phases_are_trained_on_several_devices(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    (tmp_path / "run").mkdir()
    code = f"""
from pathlib import Path
import tensorflow as tf
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from model_training import training
from model_training.network import build_network
from tests.helpers.tiny_bundle import TINY
from tests.helpers.train_tiny import right_way_up
devices = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
training.strategy = lambda: devices
training.train(build_network(TINY.network), *right_way_up(Path({str(tmp_path / "data")!r})), TINY,
               Path({str(tmp_path / "run")!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "run" / "done fine-tune block4").exists()
