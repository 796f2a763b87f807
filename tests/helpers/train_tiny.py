"""Train the tiny network in a process of its own, so that a test can kill it: DATA OUTPUT."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import keras

from model_training.dataset import load_dataset, split_by_patient
from model_training.network import build_network
from model_training.training import HistoryLog, train
from tests.helpers.tiny_bundle import TINY


def main() -> None:
    data, output = map(Path, sys.argv[1:])
    output.mkdir(exist_ok=True)
    config = replace(TINY, head_epochs=6, patience=100)
    keras.utils.set_random_seed(config.seed)
    dataset = load_dataset(data, input_size=50, mpp=4.0)
    split = split_by_patient(dataset.patients.tolist(), seed=config.seed)
    announce = HistoryLog.on_epoch_begin

    def on_epoch_begin(self: HistoryLog, epoch: int, logs: object = None) -> None:
        sys.stdout.write(f"epoch {epoch}\n")
        sys.stdout.flush()
        announce(self, epoch, logs)

    HistoryLog.on_epoch_begin = on_epoch_begin  # type: ignore[method-assign]
    train(build_network(config.network), dataset, split, config, output)


if __name__ == "__main__":
    main()
