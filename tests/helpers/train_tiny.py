"""Train the tiny network in a process of its own, so that a test can kill it: DATA OUTPUT.

Before each epoch it says so and waits for a line, or the end, of its input.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import keras

from model_training.config import TrainingConfig
from model_training.dataset import Dataset, Split, load_dataset, split_by_patient
from model_training.network import build_network
from model_training.training import HistoryLog, train
from tests.helpers.tiny_bundle import TINY

PATIENCE = 3


def upside_down(data: Path) -> tuple[Dataset, Split]:
    """The truth of validation patients is turned round: the longer the training, the worse it judges them,
    so that its first epochs are its best."""
    dataset = load_dataset(data, input_size=50, mpp=4.0)
    split = split_by_patient(dataset.patients.tolist(), seed=TINY.seed)
    truth = dataset.truth.copy()
    truth[dataset.rows_of(split.validation)] ^= 1
    return replace(dataset, truth=truth), split


def wrong_way_round(config: TrainingConfig) -> keras.Model:
    """A network whose random head judges the validation patients rightly until it has learnt."""
    network = build_network(config.network)
    head = network.get_layer("probability")
    kernel, bias = head.get_weights()
    head.set_weights([-kernel, bias])
    return network


def main() -> None:
    data, output = map(Path, sys.argv[1:])
    output.mkdir(exist_ok=True)
    config = replace(TINY, head_epochs=8, head_rate=1e-2, patience=PATIENCE)
    keras.utils.set_random_seed(config.seed)
    dataset, split = upside_down(data)
    announce = HistoryLog.on_epoch_begin

    def on_epoch_begin(self: HistoryLog, epoch: int, logs: object = None) -> None:
        sys.stdout.write(f"epoch {epoch}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        announce(self, epoch, logs)

    HistoryLog.on_epoch_begin = on_epoch_begin  # type: ignore[method-assign]
    train(wrong_way_round(config), dataset, split, config, output)


if __name__ == "__main__":
    main()
