from collections.abc import Callable

import numpy as np
import openvino
from openvino import Node
from openvino import opset13 as ops

from model_training.features import to_openvino
from model_training.network import build_network
from model_training.quantisation import agreeing, quantise
from tests.helpers.tiny_bundle import TINY

GREYS = np.array([20, 60, 200, 240], np.uint8)
PIXELS = np.broadcast_to(GREYS[:, None, None, None], (4, 50, 50, 3)).copy()
TRUTH = np.array([0, 1, 0, 1], np.int8)


def model(probability_of_grey: Callable[[Node], Node]) -> openvino.Model:
    pixels = ops.parameter([-1, 50, 50, 3], np.uint8)
    mean = ops.reduce_mean(ops.convert(pixels, "f32"), np.array([1, 2]), keep_dims=False)
    grey = ops.reduce_mean(mean, np.array([1]), keep_dims=True)
    return openvino.Model([probability_of_grey(ops.divide(grey, np.float32(255)))], [pixels])


EXACT = model(lambda grey: grey)


def test_a_network_that_hardly_differs_is_shipped() -> None:
    agrees, agreement = agreeing(EXACT, model(lambda g: ops.multiply(g, np.float32(0.99))), PIXELS, TRUTH)
    assert agrees
    assert 0 < agreement["largest_difference"] < 0.01


def test_a_network_that_decides_otherwise_is_not_shipped() -> None:
    agrees, agreement = agreeing(EXACT, model(lambda g: ops.multiply(g, np.float32(0.6))), PIXELS, TRUTH)
    assert not agrees
    assert agreement["decisions"] == 0.75  # only the third patch falls below 0.5
    assert agreement["auc_loss"] == 0


def test_a_network_that_ranks_worse_is_not_shipped() -> None:
    agrees, agreement = agreeing(EXACT, model(lambda g: ops.round(g)), PIXELS, TRUTH)
    assert not agrees
    assert agreement["decisions"] == 1
    assert agreement["auc_loss"] == 0.25


def test_three_training_patches_are_enough_to_calibrate_on() -> None:
    quantised = quantise(to_openvino(build_network(TINY.network)), PIXELS, np.arange(3), seed=0)
    assert "FakeQuantize" in {node.get_type_name() for node in quantised.get_ops()}
