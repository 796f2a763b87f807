"""Patches a second of the network alone: the bundle's own against Keras with the same weights.

    python -m tests.benchmarks.bench_network

Both judge the same arrays in memory. Of the two rivals, ``model.predict`` and one compiled call, the faster
one counts. In turns, in one process; TensorFlow's first calls do not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.keras_classifier import load_network
from histoviewer.inference.model_card import read_card
from histoviewer.inference.opening import open_classifier
from histoviewer.resources import default_bundle
from tests.benchmarks.figure import Figure, compared, report

PATCHES, ROUNDS, BATCH = 1024, 5, 64

Judge = Callable[[NDArray[np.uint8]], object]


def measure() -> list[Figure]:
    import tensorflow as tf

    card = read_card(default_bundle())
    network = card.network("keras")
    assert network is not None
    model, ours = load_network(card, network), open_classifier(default_bundle(), engine="openvino")
    compiled = tf.function(model, jit_compile=False, reduce_retracing=True)
    sides: dict[str, Judge] = {
        "model.predict": lambda pixels: model.predict(pixels, batch_size=BATCH, verbose=0),
        "a compiled Keras call": lambda pixels: _in_batches(
            lambda part: compiled(part, training=False), pixels
        ),
        "ours": lambda pixels: _in_batches(ours.predict, pixels, ours.batch_size),
    }
    pixels = np.random.default_rng(1).integers(0, 256, (PATCHES, *2 * (card.input_size,), 3), np.uint8)
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS + 1):
        for name, judge in sides.items():
            start = time.perf_counter()
            judge(pixels)
            if number:
                rates[name].append(PATCHES / (time.perf_counter() - start))
    own = rates.pop("ours")
    better = max(rates, key=lambda name: float(np.median(rates[name])))
    return [
        compared(
            f"network alone, {ours.engine} {ours.precision}",
            "patches/s",
            rival=rates[better],
            ours=own,
            aim=4,
            is_rate=True,
            rival_name=f"{better}, f32",
        )
    ]


def _in_batches(judge: Judge, pixels: NDArray[np.uint8], size: int = BATCH) -> None:
    for start in range(0, len(pixels), size):
        judge(pixels[start : start + size])


if __name__ == "__main__":
    report(measure)
