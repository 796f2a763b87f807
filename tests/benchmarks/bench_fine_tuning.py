"""Fine-tuning VGG16 from some block on, in float32 against the arithmetic that the trainer chooses here.

Random pixels; the steps alone, without what else a training does (turning, restaining, checkpoints).

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
BLOCKS = ("block1", "block3", "block4", "block5")
"""The first that is trained; those below are frozen."""


def main() -> None:
    if sys.argv[1:2] == ["--train"]:
        _train(sys.argv[2], sys.argv[3])
    else:
        _compare(int(sys.argv[1]) if len(sys.argv) > 1 else 5)


def _compare(rounds: int) -> None:
    base = [sys.executable, "-m", "tests.benchmarks.bench_fine_tuning", "--train"]
    rows = []
    for block in BLOCKS:
        sides = {side: [*base, side, block] for side in ("float32", "chosen")}
        found = run_pairs(sides, rounds=rounds)
        plain, ours = found["float32"], found["chosen"]
        rates = [BATCH / median(side, "step_s") for side in (plain, ours)]
        ratio = median_ratio(plain, ours, "step_s")
        rows.append(f"| from {block} | {rates[0]:.0f}/s | {rates[1]:.0f}/s | {ratio} |")
    print(f"| forward and back, batches of {BATCH}, median of {rounds} | float32 | {_chosen()} | ratio |")
    print("|---|---|---|---|")
    print("\n".join(rows))


def _chosen() -> str:
    from model_training.machine import fastest_precision

    return fastest_precision()


def _train(side: str, block: str) -> None:
    import keras
    import numpy as np

    from model_training.config import NetworkConfig
    from model_training.network import build_network, train_from

    precision = "float32" if side == "float32" else _chosen()
    network = build_network(NetworkConfig(), precision=precision)
    train_from(network, block)
    network.compile(keras.optimizers.AdamW(1e-5), "binary_crossentropy")
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (BATCH, 50, 50, 3), np.uint8)
    truth = random.integers(0, 2, (BATCH, 1)).astype(np.float32)
    for _ in range(WARM_UP):
        network.train_on_batch(pixels, truth)
    started = time.perf_counter()
    for _ in range(STEPS):
        network.train_on_batch(pixels, truth)
    print(json.dumps({"step_s": (time.perf_counter() - started) / STEPS}))


if __name__ == "__main__":
    main()
