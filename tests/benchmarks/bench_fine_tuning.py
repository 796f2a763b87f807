"""Fine-tuning all of VGG16 in float32 against the arithmetic that the trainer chooses here, random pixels.

python -m tests.benchmarks.bench_fine_tuning [ROUNDS]
"""

from __future__ import annotations

import json
import sys
import time

from tests.benchmarks.pairs import median, median_ratio, run_pairs

BATCH = 32
STEPS = 8
WARM_UP = 2


def main() -> None:
    side = sys.argv[1] if len(sys.argv) > 1 else ""
    if side in ("--float32", "--chosen"):
        _train(side)
    else:
        _compare(int(side) if side else 5)


def _compare(rounds: int) -> None:
    base = [sys.executable, "-m", "tests.benchmarks.bench_fine_tuning"]
    found = run_pairs({side: [*base, f"--{side}"] for side in ("float32", "chosen")}, rounds=rounds)
    plain, ours = found["float32"], found["chosen"]
    print(
        f"| fine-tuning, batches of {BATCH}, median of {rounds} | float32 | {ours[0]['precision']} | ratio |"
    )
    print("|---|---|---|---|")
    rates = [BATCH / median(side, "step_s") for side in (plain, ours)]
    print(
        f"| forward and back | {rates[0]:.0f}/s | {rates[1]:.0f}/s | {median_ratio(plain, ours, 'step_s')} |"
    )


def _train(side: str) -> None:
    import keras
    import numpy as np

    from model_training.config import NetworkConfig
    from model_training.machine import fastest_precision
    from model_training.network import build_network

    precision = "float32" if side == "--float32" else fastest_precision()
    network = build_network(NetworkConfig(), precision=precision)
    network.compile(keras.optimizers.AdamW(1e-5), "binary_crossentropy")
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (BATCH, 50, 50, 3), np.uint8)
    truth = random.integers(0, 2, (BATCH, 1)).astype(np.float32)
    for _ in range(WARM_UP):
        network.train_on_batch(pixels, truth)
    started = time.perf_counter()
    for _ in range(STEPS):
        network.train_on_batch(pixels, truth)
    print(json.dumps({"precision": precision, "step_s": (time.perf_counter() - started) / STEPS}))


if __name__ == "__main__":
    main()
