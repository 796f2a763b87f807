"""An occlusion map of a patch against one batch of as many patches, with the bundled model. Beside it what
else is said of a patch: its gradients through Keras, once that is loaded, and which patches it is like.

``python -m tests.benchmarks.bench_explain``
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from histoviewer.inference.explain import STEPS, occlusion_map
from histoviewer.inference.gradcam import Differentiable, gradient_map
from histoviewer.inference.opening import open_classifier, open_differentiable, open_similar
from histoviewer.resources import default_bundle

ROUNDS = 15
COUNT = STEPS * STEPS + 1


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    classifier = open_classifier(default_bundle())
    side = classifier.card.input_size
    patches = np.random.default_rng(0).integers(0, 255, (COUNT, side, side, 3), np.uint8)
    pairs = []
    for _ in range(ROUNDS + 2):
        batch = milliseconds(lambda: classifier.predict(patches))
        pairs.append((batch, milliseconds(lambda: occlusion_map(classifier, patches[0]))))
    pairs = pairs[2:]  # the first are slower
    ratios = [ours / batch for batch, ours in pairs]
    print(f"{'':24}{'median ms':>10}")
    print(f"{f'batch of {COUNT} patches':24}{statistics.median(batch for batch, _ in pairs):10.0f}")
    print(f"{'occlusion map':24}{statistics.median(ours for _, ours in pairs):10.0f}")
    opened: list[Differentiable] = []
    loading = milliseconds(lambda: opened.append(open_differentiable(default_bundle())))
    finder = open_similar(default_bundle())
    others: dict[str, Callable[[], object]] = {
        "gradient map": lambda: gradient_map(opened[0], patches[0]),
        "similar patches": lambda: finder.find(patches[0], "nobody"),
    }
    for name, work in others.items():
        times = [milliseconds(work) for _ in range(ROUNDS + 2)][2:]
        print(f"{name:24}{statistics.median(times):10.0f}")
    print(f"{'loading Keras, once':24}{loading:10.0f}")
    print(f"ratio {statistics.median(ratios):.2f}x ({min(ratios):.2f}-{max(ratios):.2f}), {ROUNDS} pairs")


if __name__ == "__main__":
    main()
