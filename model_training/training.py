"""The two phases of training: the head on a frozen base, then the upper blocks with it."""

from __future__ import annotations

import logging
import math
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model_training.batches import (
    EpochBatches,
    FeatureBatches,
    Labels,
    PatchBatches,
    RowsInOrder,
    class_weights,
)
from model_training.budget import Budget
from model_training.checkpoints import Backup, KeptWeights
from model_training.config import Block, Precision, TrainingConfig
from model_training.dataset import Dataset, Split
from model_training.epoch_figures import Soundness, ValidationFigures
from model_training.features import FeatureCache
from model_training.history_log import Best, HistoryLog, best_so_far
from model_training.machine import fastest_precision, scaled, strategy
from model_training.network import LAST_OF_BASE, build_network, frozen_part, train_from, trained_part
from model_training.progress import Epoch, Progress, Step, silent
from model_training.run_folder import STOP
from model_training.stopping import StopAskedError, StopWatch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Phase:
    """One pass of training: which block is the first to be trained (None: only the head), how long."""

    name: str
    first_trained: Block | None
    epochs: int
    learning_rate: float
    orientations: int = 1
    label_smoothing: float = 0.0

    @property
    def rate_setting(self) -> str:
        """What its learning rate is called in the recipe."""
        return "head_rate" if self.first_trained is None else "fine_tune_rate"


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
        label_smoothing=config.label_smoothing,
    )
    return [head, upper]


class EpochStart(keras.callbacks.Callback):
    """Tells the batches, and the layers that draw numbers, which epoch begins: after a restart the first one
    is not number 0."""

    def __init__(self, batches: EpochBatches, *, seed: int) -> None:
        super().__init__()
        self._batches = batches
        self._seed = seed

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del logs
        self._batches.start_epoch(epoch)
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.Dropout) and layer.rate:  # else it draws nothing
                # Keras keeps no seeds in its checkpoints.
                layer.seed_generator.state.assign([self._seed, epoch])


class ProgressReport(keras.callbacks.Callback):
    """Tells of each step, and of each epoch when all that it leaves behind is written."""

    def __init__(self, progress: Progress, phase: Phase, *, batch_size: int) -> None:
        super().__init__()
        self._progress = progress
        self._phase = phase
        self._batch_size = batch_size
        self._epoch = 0
        self._since = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del logs
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        now = time.monotonic()
        if batch == 0:
            self._since = now
        self._progress(
            Step(
                phase=self._phase.name,
                epoch=self._epoch,
                epochs=self._phase.epochs,
                step=batch + 1,
                steps=self.params["steps"],
                loss=float((logs or {}).get("loss", math.nan)),
                images_per_second=batch * self._batch_size / (now - self._since) if batch else None,
            )
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        figures = {name: float(value) for name, value in (logs or {}).items()}
        self._progress(Epoch(self._phase.name, epoch + 1, self._phase.epochs, figures))


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


def train(
    network: keras.Model,
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    output: Path,
    *,
    progress: Progress = silent,
    features: Path | None = None,
    budget: Budget | None = None,
) -> None:
    """Train ``network`` in place through all phases; it ends with the best validation weights, or those of
    the last epoch where the split has no validation side.

    ``output`` gets ``history.jsonl`` and a checkpoint an epoch. Called again after being stopped, it goes
    on behind the last finished epoch. Raises DivergedError behind an epoch whose losses or weights are no
    numbers; nothing of it is kept. ``features``: folder of the frozen base's answers, which trainings
    may share; one in ``output`` by default.

    While there is a file ``stop`` in ``output``, it trains no further than its first epoch: see ``stopping``.
    Called again without that file, it goes on from there. Once ``budget`` is over it makes that file itself.
    """
    cache = FeatureCache(features or output / "features", progress)
    for number, phase in enumerate(phases(config)):
        best = output / f"best {phase.name}.weights.h5"
        done = output / f"done {phase.name}"
        backup = Backup(output / f"backup {phase.name}")
        has_ended = done.exists()
        if not has_ended:
            records = _records(phase, config, backup, output=output, best=best, split=split)
            stop = StopWatch(output, has_kept=number > 0 or best.exists(), budget=budget)
            has_ended = _train_phase(
                network, dataset, split, config, phase, cache, records=records, stop=stop, progress=progress
            )
        if has_ended:
            done.touch()
            backup.remove()
        if has_ended or best.exists():
            _load_best(network, phase, best)
        if not has_ended:
            log.info("stopped early, as %s says", output / STOP)
            return


def _load_best(network: keras.Model, phase: Phase, best: Path) -> None:
    trained = trained_part(network, LAST_OF_BASE) if phase.first_trained is None else network
    trained.load_weights(best)


@dataclass(frozen=True, slots=True)
class Setting:
    """What one phase trains, and on what.

    Attributes:
        model: takes what the batches hold, and shares or resembles the network's layers.
        precision: of its arithmetic.
        batches: of the training patients.
        validation: those of the validation patients, if there are any.
    """

    model: keras.Model
    precision: Precision
    batches: EpochBatches
    validation: RowsInOrder | None


def _head_setting(
    network: keras.Model,
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    phase: Phase,
    cache: FeatureCache,
) -> Setting:
    """The base is frozen: what it says of each patch is computed once."""
    frozen = frozen_part(network, LAST_OF_BASE)
    train_rows, validation_rows = split.rows(dataset, "train"), split.rows(dataset, "validation")
    features = cache.features(frozen, dataset.pixels, train_rows, orientations=phase.orientations)
    validation = None
    if split.has_validation:
        (upright,) = cache.features(frozen, dataset.pixels, validation_rows, orientations=1)
        validation = RowsInOrder(upright, validation_rows, dataset.truth[validation_rows])
    return Setting(
        model=trained_part(network, LAST_OF_BASE),
        precision="float32",
        batches=FeatureBatches(
            features,
            train_rows,
            _labels(dataset, train_rows, config, None),
            batch_size=config.batch_size,
            seed=config.seed,
        ),
        validation=validation,
    )


def _upper_setting(
    network: keras.Model, dataset: Dataset, split: Split, config: TrainingConfig, first_trained: Block
) -> Setting:
    """From the pixels: a patch is never seen twice in the same stain."""
    train_rows, validation_rows = split.rows(dataset, "train"), split.rows(dataset, "validation")
    validation = None
    if split.has_validation:
        validation = RowsInOrder(dataset.pixels, validation_rows, dataset.truth[validation_rows])
    precision = config.precision or fastest_precision()
    log.info("arithmetic: %s", precision)
    model = build_network(config.network, precision=precision)
    model.set_weights(network.get_weights())
    train_from(model, first_trained)
    return Setting(
        model=model,
        precision=precision,
        batches=PatchBatches(
            dataset.pixels,
            train_rows,
            _labels(dataset, train_rows, config, config.most_of_patient),
            batch_size=config.batch_size,
            seed=config.seed,
            stain_jitter=config.stain_jitter,
            most_of_patient=config.most_of_patient,
        ),
        validation=validation,
    )


def _labels(
    dataset: Dataset, rows: NDArray[np.intp], config: TrainingConfig, most_of_patient: int | None
) -> Labels:
    truth, patients = dataset.truth[rows], dataset.patients[rows]
    balanced = config.class_weights
    weights = class_weights(truth, patients, most_of_patient) if balanced else np.ones(2, np.float32)
    return Labels(truth, patients, weights)


@dataclass(frozen=True, slots=True)
class Records:
    """What a phase leaves behind.

    Attributes:
        backup: what it goes on from.
        callbacks: that write all of it, in order.
        last_epoch: counted from 1, behind which it ends unless a better one is still to come.
    """

    backup: Backup
    callbacks: list[keras.callbacks.Callback]
    last_epoch: int

    def ends_after(self, epoch: int) -> bool:
        """Whether the phase is over behind this epoch."""
        return epoch >= self.last_epoch


def _train_phase(
    network: keras.Model,
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    phase: Phase,
    cache: FeatureCache,
    *,
    records: Records,
    stop: StopWatch,
    progress: Progress,
) -> bool:
    """Whether it has come to its end; else it was stopped."""
    # The head shares its layers with the network, which lives on one device, and is trained in no time.
    with nullcontext() if phase.first_trained is None else strategy().scope():
        if phase.first_trained is None:
            setting = _head_setting(network, dataset, split, config, phase, cache)
        else:
            setting = _upper_setting(network, dataset, split, config, phase.first_trained)
        optimizer = optimizer_of(phase, config, steps=len(setting.batches) * phase.epochs)
        loss = keras.losses.BinaryCrossentropy(label_smoothing=phase.label_smoothing)
        setting.model.compile(
            optimizer=scaled(optimizer, setting.precision),
            loss=loss,
            weighted_metrics=[],
            metrics=["accuracy", keras.metrics.AUC(name="auc")],
        )
        behind = records.backup.restore(setting.model)
    if records.ends_after(behind):  # it was killed before it could say so
        return True
    callbacks = [
        EpochStart(setting.batches, seed=config.seed),
        *([] if setting.validation is None else [ValidationFigures(setting.validation, loss)]),
        Soundness(phase.name, rate=phase.rate_setting),
        *records.callbacks,
        ProgressReport(progress, phase, batch_size=config.batch_size),
        stop,
    ]
    try:
        setting.model.fit(
            setting.batches,
            epochs=phase.epochs,
            initial_epoch=behind,
            shuffle=False,  # the batches are
            verbose=0,
            callbacks=callbacks,
        )
    except StopAskedError:
        return False
    return True


def _records(
    phase: Phase, config: TrainingConfig, backup: Backup, *, output: Path, best: Path, split: Split
) -> Records:
    """What each epoch leaves behind. The order matters to a training that is killed between two of them:
    an epoch in the history has its weights saved if they are the best, and only then counts as finished.
    Without validation, or if the recipe says so, the last epoch counts as the best.
    """
    log_of_epochs = HistoryLog(output / "history.jsonl", phase.name)
    if not split.has_validation or config.keep == "last":
        last = KeptWeights(best, backup.draft, monitor=None)
        return Records(backup, [last, log_of_epochs, backup], last_epoch=phase.epochs)
    so_far = best_so_far(output / "history.jsonl", phase.name) if best.exists() else None
    return Records(
        backup,
        [
            KeptWeights(best, backup.draft, monitor="val_auc", best=so_far.val_auc if so_far else -math.inf),
            log_of_epochs,
            ContinuedStopping(so_far, patience=config.patience),
            backup,
        ],
        last_epoch=min(phase.epochs, so_far.epoch + config.patience) if so_far else phase.epochs,
    )


def optimizer_of(phase: Phase, config: TrainingConfig, *, steps: int) -> keras.optimizers.Optimizer:
    """AdamW with the rate of the phase, of ``steps`` in all, as the recipe schedules it."""
    if config.schedule == "constant":
        return keras.optimizers.AdamW(phase.learning_rate, weight_decay=config.weight_decay)
    rate = keras.optimizers.schedules.CosineDecay(
        phase.learning_rate / 10,
        decay_steps=steps,
        warmup_target=phase.learning_rate,
        warmup_steps=max(1, steps // 20),
    )
    return keras.optimizers.AdamW(rate, weight_decay=config.weight_decay)
