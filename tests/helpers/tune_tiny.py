"""A tuning of the tiny network: what it is given, and, as a process of its own, one that a test can kill.

Called with the words that follow ``histoviewer-train tune``, it stops before each epoch as ``train_tiny``
does.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from model_training.cli import main
from model_training.config import TrainingConfig
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY
from tests.helpers.tiny_weights import write_tiny_weights
from tests.helpers.train_tiny import stop_at_each

RECIPE = replace(TINY, seed=25)
"""The seed is one that draws no fine-tuning for the first trial, and block 5 for the second."""


def prepare(folder: Path, recipe: TrainingConfig = RECIPE) -> list[str | Path]:
    """Write patches, weights and a recipe; returns the words of a command that tunes on them into
    ``folder/search``, without its budget."""
    write_idc_like(folder / "data", patients=6, patches=16)
    write_tiny_weights(folder / "weights.npz")
    recipe.save(folder / "recipe.json")
    files = {"--weights": "weights.npz", "--config": "recipe.json", "--output": "search"}
    return [
        "tune",
        folder / "data",
        *(word for option, name in files.items() for word in (option, folder / name)),
    ]


if __name__ == "__main__":
    stop_at_each(by_batch=False)
    sys.exit(main(["tune", *sys.argv[1:]]))
