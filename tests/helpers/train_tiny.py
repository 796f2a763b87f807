"""Train the tiny network in a process of its own, so that a test can kill it: DATA OUTPUT [--by-batch].

Before each epoch it says so and waits for a line, or the end, of its input; with --by-batch before each
batch.
Without, the truth of validation patients is turned round.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import keras

from model_training.config import TrainingConfig
from model_training.dataset import Dataset, Split, load_dataset, split_by_patient
from model_training.history_log import HistoryLog
from model_training.network import build_network
from model_training.training import train
from tests.helpers.tiny_bundle import TINY

PATIENCE = 3


def upside_down(data: Path) -> tuple[Dataset, Split]:
    """The truth of validation patients is turned round: the longer the training, the worse it judges them,
    so that its first epochs are its best."""
    dataset, split = right_way_up(data)
    truth = dataset.truth.copy()
    truth[split.rows(dataset, "validation")] ^= 1
    return replace(dataset, truth=truth), split


def right_way_up(data: Path) -> tuple[Dataset, Split]:
    dataset = load_dataset(data, input_size=50, mpp=4.0)
    return dataset, split_by_patient(dataset.patients.tolist(), seed=TINY.seed)


def wrong_way_round(config: TrainingConfig) -> keras.Model:
    """A network whose random head judges the validation patients rightly until it has learnt."""
    network = build_network(config.network)
    head = network.get_layer("probability")
    kernel, bias = head.get_weights()
    head.set_weights([-kernel, bias])
    return network


def stop_at(moment: str) -> None:
    """Say it, and wait."""
    sys.stdout.write(f"{moment}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def stop_at_each(*, by_batch: bool) -> None:
    """Let a training stop at its epochs, or at its batches."""

    def on_epoch_begin(self: HistoryLog, epoch: int, logs: object = None) -> None:
        del logs
        self.epoch = epoch
        if not by_batch:
            stop_at(f"{self.phase} epoch {epoch}")

    def on_train_batch_begin(self: HistoryLog, batch: int, logs: object = None) -> None:
        del logs
        if by_batch:
            stop_at(f"{self.phase} epoch {self.epoch} batch {batch}")

    HistoryLog.on_epoch_begin = on_epoch_begin  # type: ignore[method-assign]
    HistoryLog.on_train_batch_begin = on_train_batch_begin  # type: ignore[method-assign]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--by-batch", action="store_true")
    options = parser.parse_args()
    options.output.mkdir(exist_ok=True)
    stop_at_each(by_batch=options.by_batch)
    keras.utils.set_random_seed(TINY.seed)
    if options.by_batch:
        config = replace(TINY, head_epochs=3, fine_tune_epochs=3)
        train(build_network(config.network), *right_way_up(options.data), config, options.output)
    else:
        config = replace(TINY, head_epochs=8, head_rate=1e-2, patience=PATIENCE)
        train(wrong_way_round(config), *upside_down(options.data), config, options.output)


if __name__ == "__main__":
    main()
