"""Rival and ours in turns, in one run: ratios survive a noisy machine, seconds do not."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

ROUNDS = 5


def timed_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Run a command that prints one JSON object of figures last; adds the whole process's wall seconds.

    Modules are kept compiled as for any program that has been started once, also where the environment of
    those who develop says otherwise.
    """
    kept = {**(os.environ if environment is None else environment)}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=kept, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return {**json.loads(done.stdout.splitlines()[-1]), "process_s": seconds}


def run_pairs(
    commands: Mapping[str, Sequence[str]],
    *,
    rounds: int = ROUNDS,
    environment: Mapping[str, str] | None = None,
) -> dict[str, list[dict[str, float]]]:
    """Each command in turn, round after round, after one round that is not counted."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            figures = timed_process(command, environment)
            if number:
                found[name].append(figures)
    return found


def median(rounds: Sequence[Mapping[str, float]], figure: str) -> float:
    return statistics.median(round_[figure] for round_ in rounds)


def median_ratio(
    rival: Sequence[Mapping[str, float]], ours: Sequence[Mapping[str, float]], figure: str
) -> str:
    """Median of the pairwise ratios rival / ours, with the smallest and the largest."""
    ratios = [a[figure] / b[figure] for a, b in zip(rival, ours, strict=True)]
    return f"{statistics.median(ratios):.2f}x ({min(ratios):.2f}-{max(ratios):.2f})"
