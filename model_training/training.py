"""The two phases of training: the head on a frozen base, then the upper blocks with it."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model_training.config import Block, TrainingConfig
from model_training.dataset import Dataset, Split
from model_training.features import FeatureCache
from model_training.network import frozen_part, last_frozen_layer, trained_part

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Phase:
    """One pass of training: which block is the first to be trained (None: only the head), how long."""

    name: str
    first_trained: Block | None
    epochs: int
    learning_rate: float
    orientations: int


def phases(config: TrainingConfig) -> list[Phase]:
    """The phases of a training, in order. The head, which fine-tuning trains on, needs one orientation."""
    orientations = config.orientations if config.fine_tune is None else 1
    head = Phase("head", None, config.head_epochs, config.head_rate, orientations)
    if config.fine_tune is None:
        return [head]
    upper = Phase(
        f"fine-tune {config.fine_tune}",
        config.fine_tune,
        config.fine_tune_epochs,
        config.fine_tune_rate,
        config.orientations,
    )
    return [head, upper]


class OrientedBatches(keras.utils.PyDataset):
    """Batches of features, each patch in a random orientation, shuffled anew each epoch.

    The order depends on seed and epoch alone, so that a training that goes on after being killed sees
    what it would have seen.
    """

    def __init__(
        self,
        orientations: Sequence[NDArray[np.float16]],
        truth: NDArray[np.int8],
        *,
        batch_size: int,
        seed: int,
    ) -> None:
        super().__init__()
        self._orientations = orientations
        self._truth = truth
        self._batch_size = batch_size
        self._seed = seed
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        random = np.random.default_rng((self._seed, epoch))
        self._order = random.permutation(len(self._truth))
        self._views = random.integers(len(self._orientations), size=len(self._truth))

    def __len__(self) -> int:
        return math.ceil(len(self._truth) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        features = [self._orientations[self._views[row]][row] for row in rows]
        return np.asarray(features, np.float32), self._truth[rows, None].astype(np.float32)


class EpochStart(keras.callbacks.Callback):
    """Tells the batches which epoch begins: after a restart the first one is not number 0."""

    def __init__(self, batches: OrientedBatches) -> None:
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del logs
        self._batches.start_epoch(epoch)


@dataclass(frozen=True, slots=True)
class Best:
    """The epoch of a phase, counted from 1, with the highest validation ROC AUC."""

    epoch: int
    val_auc: float


def best_so_far(history: Path, phase: str) -> Best | None:
    """The first best epoch that ``history`` lists for a phase; None where there is none."""
    if not history.exists():
        return None
    lines = map(json.loads, history.read_text(encoding="utf-8").splitlines())
    epochs = [Best(line["epoch"], line["val_auc"]) for line in lines if line["phase"] == phase]
    return max(epochs, key=lambda found: found.val_auc, default=None)


class HistoryLog(keras.callbacks.Callback):
    """Appends each epoch's figures to a JSON-lines file and to the log."""

    def __init__(self, path: Path, phase: str) -> None:
        super().__init__()
        self._path = path
        self._phase = phase

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        # Not rounded: a training that goes on compares with these.
        figures = {name: float(value) for name, value in (logs or {}).items()}
        line = json.dumps({"phase": self._phase, "epoch": epoch + 1, **figures})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        log.info("%s", line)


class ContinuedStopping(keras.callbacks.EarlyStopping):
    """Early stopping that counts its patience from the best epoch so far, be it before a restart."""

    def __init__(self, best: Best | None, *, patience: int) -> None:
        super().__init__(monitor="val_auc", mode="max", patience=patience)
        self._so_far = best

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del logs
        if self._so_far is not None:
            self.best = self._so_far.val_auc
            self.wait = epoch - self._so_far.epoch
            self._so_far = None  # from here on it counts by itself


def train(network: keras.Model, dataset: Dataset, split: Split, config: TrainingConfig, output: Path) -> None:
    """Train ``network`` in place through all phases; it ends with the best validation weights.

    ``output`` gets ``history.jsonl`` and a checkpoint an epoch. Called again after being stopped, it goes
    on behind the last finished epoch.
    """
    for phase in phases(config):
        best = output / f"best {phase.name}.weights.h5"
        done = output / f"done {phase.name}"
        if not done.exists():
            _train_phase(network, dataset, split, config, phase, output=output, best=best)
            done.touch()
        _trained(network, phase).load_weights(best)


def _trained(network: keras.Model, phase: Phase) -> keras.Model:
    return trained_part(network, last_frozen_layer(phase.first_trained))


def _train_phase(
    network: keras.Model,
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    phase: Phase,
    *,
    output: Path,
    best: Path,
) -> None:
    frozen = frozen_part(network, last_frozen_layer(phase.first_trained))
    cache = FeatureCache(output / "features")
    train_rows, validation_rows = dataset.rows_of(split.train), dataset.rows_of(split.validation)
    batches = OrientedBatches(
        cache.features(frozen, dataset.pixels[train_rows], orientations=phase.orientations),
        dataset.truth[train_rows],
        batch_size=config.batch_size,
        seed=config.seed,
    )
    (upright,) = cache.features(frozen, dataset.pixels[validation_rows], orientations=1)
    validation = (upright.astype(np.float32), dataset.truth[validation_rows, None].astype(np.float32))

    trained = _trained(network, phase)
    trained.compile(
        optimizer=_optimizer(phase, config, steps=len(batches) * phase.epochs),
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.AUC(name="auc")],
    )
    trained.fit(
        batches,
        validation_data=validation,
        epochs=phase.epochs,
        verbose=0,
        callbacks=[EpochStart(batches), *_records(phase, config, output=output, best=best)],
    )


def _records(
    phase: Phase, config: TrainingConfig, *, output: Path, best: Path
) -> list[keras.callbacks.Callback]:
    """What each epoch leaves behind. The order matters to a training that is killed between two of them:
    an epoch in the history has its weights saved if they are the best, and only then counts as finished.
    """
    history = output / "history.jsonl"
    so_far = best_so_far(history, phase.name) if best.exists() else None
    return [
        keras.callbacks.ModelCheckpoint(
            best,
            monitor="val_auc",
            mode="max",
            save_best_only=True,
            save_weights_only=True,
            initial_value_threshold=None if so_far is None else so_far.val_auc,
        ),
        HistoryLog(history, phase.name),
        ContinuedStopping(so_far, patience=config.patience),
        keras.callbacks.BackupAndRestore(output / f"backup {phase.name}", delete_checkpoint=True),
    ]


def _optimizer(phase: Phase, config: TrainingConfig, *, steps: int) -> keras.optimizers.Optimizer:
    rate = keras.optimizers.schedules.CosineDecay(
        phase.learning_rate / 10,
        decay_steps=steps,
        warmup_target=phase.learning_rate,
        warmup_steps=max(1, steps // 20),
    )
    return keras.optimizers.AdamW(rate, weight_decay=config.weight_decay)
