from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import keras
import numpy as np
import pytest

from model_training import machine
from model_training.config import Precision
from model_training.machine import fastest_precision, scaled
from model_training.network import build_network
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY
from tests.model_training.test_training import history

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("devices", "capabilities", "fastest"),
    [
        (["GPU:0"], ["FP32", "BF16"], "mixed_float16"),
        ([], ["FP32", "BF16"], "mixed_bfloat16"),
        ([], ["FP32", "INT8"], "float32"),
    ],
)
def test_half_precision_is_the_fastest_where_the_machine_has_it(
    monkeypatch: pytest.MonkeyPatch, devices: list[str], capabilities: list[str], fastest: Precision
) -> None:
    class Core:
        def get_property(self, device: str, name: str) -> list[str]:
            assert (device, name) == ("CPU", "OPTIMIZATION_CAPABILITIES")
            return capabilities

    monkeypatch.setattr(machine.tf.config, "list_physical_devices", lambda _: devices)
    monkeypatch.setattr(machine, "openvino_core", Core)
    assert fastest_precision() == fastest


def test_a_network_takes_the_fastest_precision_of_this_machine() -> None:
    network = build_network(TINY.network, precision=fastest_precision())
    pixels = np.random.default_rng(0).integers(0, 256, (4, 50, 50, 3), np.uint8)
    exact = build_network(TINY.network)
    exact.set_weights(network.get_weights())
    np.testing.assert_allclose(network(pixels), exact(pixels), atol=0.02)


@pytest.mark.parametrize("precision", get_args(Precision))
def test_only_float16_needs_its_loss_scaled(precision: Precision) -> None:
    is_scaled = isinstance(scaled(keras.optimizers.SGD(), precision), keras.optimizers.LossScaleOptimizer)
    assert is_scaled == (precision == "mixed_float16")


def test_a_training_on_several_devices_ends_as_one_on_one(tmp_path: Path) -> None:
    """Without dropout, for which each device draws numbers of its own. 17 patches cannot be halved."""
    write_idc_like(tmp_path / "data", patients=6, patches=17)
    for name in ("one", "several"):
        (tmp_path / name).mkdir()
    code = f"""
from dataclasses import replace
from pathlib import Path
import keras
import tensorflow as tf
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from model_training import training
from model_training.network import build_network
from tests.helpers.tiny_bundle import TINY
from tests.helpers.train_tiny import right_way_up
folder = Path({str(tmp_path)!r})
config = replace(TINY, network=replace(TINY.network, dropout=0.0), precision="float32")
devices = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
for name, strategy in (("one", tf.distribute.get_strategy()), ("several", devices)):
    training.strategy = lambda: strategy
    keras.utils.set_random_seed(0)
    training.train(build_network(config.network), *right_way_up(folder / "data"), config, folder / name)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    one, several = (history(tmp_path / name) for name in ("one", "several"))
    assert [(line["phase"], line["epoch"]) for line in several] == [
        ("head", 1),
        ("head", 2),
        ("fine-tune block4", 1),
        ("fine-tune block4", 2),
    ]
    for expected, found in zip(one, several, strict=True):
        assert found == pytest.approx(expected, abs=2e-3)
