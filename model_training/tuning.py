"""Which recipe judges validation patients best: trainings at random places of a space of settings.

Keras Tuner draws the settings; what runs them is ``training.train``. Test patients take no part.
"""

from __future__ import annotations

import json
import logging
import math
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import keras
import keras_tuner
import numpy as np
import tensorflow as tf
from keras_tuner.engine.base_tuner import BaseTuner
from keras_tuner.engine.trial import TrialStatus

from histoviewer.errors import SourceError, reason_of
from model_training.checkpoints import FINISHED, save_finished
from model_training.checksums import Weights, checksums_of
from model_training.config import Block, TrainingConfig, write_whole
from model_training.dataset import Dataset, Split
from model_training.epoch_figures import DivergedError
from model_training.history_log import best_so_far, whole_lines
from model_training.network import build_network, set_base_weights
from model_training.progress import Progress, silent
from model_training.run_folder import keep_settings, make_folder
from model_training.training import phases, train
from model_training.trials import RECORD, Trial, load_trial, ranked, save_table

OBJECTIVE = keras_tuner.Objective("val_auc", "max")
RECORDS = ("config.json", "split.json", "history.jsonl", RECORD)
"""What stays of a trial that is not the best."""

log = logging.getLogger(__name__)


def space() -> keras_tuner.HyperParameters:
    """What is searched. Rate of fine-tuning and stain jitter are drawn only where there is fine-tuning."""
    drawn = keras_tuner.HyperParameters()
    drawn.Int("dense_units", 64, 512, step=2, sampling="log")
    drawn.Float("dropout", 0.0, 0.7, step=0.05)
    drawn.Float("head_rate", 1e-4, 1e-2, sampling="log")
    blocks = sorted(get_args(Block), reverse=True)
    drawn.Choice("fine_tune", ["none", *blocks])
    with drawn.conditional_scope("fine_tune", blocks):
        drawn.Float("fine_tune_rate", 1e-5, 3e-4, sampling="log")
        drawn.Float("stain_jitter", 0.0, 0.2, step=0.01)
    return drawn


def config_of(drawn: Mapping[str, Any], base: TrainingConfig) -> TrainingConfig:
    """The recipe of a trial: ``base`` with what was drawn, to three digits."""
    facts = {name: _three_digits(value) for name, value in drawn.items()}
    network = replace(base.network, dense_units=facts.pop("dense_units"), dropout=facts.pop("dropout"))
    if facts["fine_tune"] == "none":
        facts["fine_tune"] = None
    return replace(base, network=network, **facts)


def _three_digits(value: Any) -> Any:
    return float(f"{value:.3g}") if isinstance(value, float) else value


@dataclass(frozen=True, slots=True)
class Search:
    """What the trials of one folder have in common, beside the recipe and the split.

    Attributes:
        space: as Keras Tuner describes it.
        data: checksum of the patches of training and validation patients.
        weights: checksum of the base's weights.
    """

    space: list[dict[str, Any]]
    data: str
    weights: str

    def text(self) -> str:
        facts = {"space": self.space, "data": self.data, "weights": self.weights}
        return json.dumps(facts, indent=1) + "\n"

    def save(self, path: Path) -> None:
        write_whole(path, self.text())


def tune(
    weights: Weights,
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    output: Path,
    *,
    trials: int | None,
    minutes: float | None,
    progress: Progress = silent,
) -> list[Trial]:
    """Try recipes and return all trials of ``output``, the best first.

    No trial begins where there are ``trials`` already, or where they have taken ``minutes`` together; the
    one that runs is finished, since a training that was broken off is no match for one that was not.
    ``config``: what is not searched; its seed decides what is drawn. ``weights``: of the base.

    Called again, it goes on: trials that ended are not run again, an interrupted one goes on behind its last
    epoch. ``output`` gets ``trials.csv``, ``best.json`` (the best recipe) and a folder for each trial;
    that of the best holds its weights, as a finished training. Trials that fail for lack of memory or
    diverge are recorded. Raises SourceError where ``output`` holds another search, or
    where no trial has succeeded.
    """
    keep_settings(output, config, split, search=_search(weights, dataset, split))
    task = Task(weights, dataset, split, config, output, progress)
    # Its own notes are thrown away: it draws the same again, and a kill could leave them half written.
    with tempfile.TemporaryDirectory() as notes:
        Tuner(task, Oracle(task, trials=trials, minutes=minutes), notes).search()
    found = ranked(task.ended())
    if not found or found[0].failure:
        reason = f" ({found[0].failure})" if found else ""
        raise SourceError(f"No trial in {output} succeeded{reason}. Change what all of them have in common.")
    return found


def _search(weights: Weights, dataset: Dataset, split: Split) -> Search:
    rows = np.concatenate([split.rows(dataset, side) for side in ("train", "validation")])
    found = checksums_of(dataset, rows, weights)
    return Search(space().get_config()["space"], found.data, found.weights)


@dataclass(frozen=True, slots=True)
class Task:
    """What every trial is trained from, and where the trials are.

    Attributes:
        config: what is not searched.
        progress: is told how far each trial is.
    """

    weights: Weights
    dataset: Dataset
    split: Split
    config: TrainingConfig
    output: Path
    progress: Progress = silent

    def ended(self) -> list[Trial]:
        """All that have been recorded, in no order."""
        found = (load_trial(path.parent) for path in self._folder.glob(f"*/{RECORD}"))
        return [trial for trial in found if trial is not None]

    def run(self, number: int, config: TrainingConfig) -> Trial:
        """Run a trial and record it, unless it is recorded."""
        folder = self._folder_of(number)
        make_folder(folder)
        keep_settings(folder, config, self.split)
        trial = load_trial(folder)
        if trial is None:
            log.info("trial %d", number)
            trial = self._run(number, config, folder)
            trial.save(folder)
            log.info("trial %d: %s", number, trial.failure or f"{trial.val_auc:.4f}")
        self._tidy()
        return trial

    def _run(self, number: int, config: TrainingConfig, folder: Path) -> Trial:
        started = time.perf_counter()
        failure = ""
        try:
            self._train(config, folder)
        except DivergedError as error:
            failure = error.reason
        except (MemoryError, tf.errors.OpError) as error:
            failure = reason_of(error)
        history = folder / "history.jsonl"
        best = None if failure else best_so_far(history, phases(config)[-1].name)
        return Trial(
            number,
            config,
            epochs=len(whole_lines(history)),
            val_auc=0.0 if best is None else best.val_auc,
            seconds=time.perf_counter() - started,
            failure=failure,
        )

    def _train(self, config: TrainingConfig, folder: Path) -> None:
        keras.utils.clear_session()
        keras.utils.set_random_seed(config.seed)  # whatever ran before: it may have been another process
        network = build_network(config.network)
        set_base_weights(network, self.weights)
        train(
            network,
            self.dataset,
            self.split,
            config,
            folder,
            progress=self.progress,
            features=self.output / "features",
        )
        save_finished(network, folder)

    def _tidy(self) -> None:
        """Write the table and the best recipe, and remove what is large but the best trial's weights."""
        best, *others = ranked(self.ended())
        save_table([best, *others], self.output / "trials.csv")
        if not best.failure:
            best.config.save(self.output / "best.json")
        _keep_only(self._folder_of(best.number), {*RECORDS, FINISHED})
        for trial in others:
            _keep_only(self._folder_of(trial.number), set(RECORDS))

    @property
    def _folder(self) -> Path:
        return self.output / "trials"

    def _folder_of(self, number: int) -> Path:
        return self._folder / f"{number:03d}"


def _keep_only(folder: Path, names: set[str]) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in names:
            path.unlink()


class Oracle(keras_tuner.oracles.RandomSearchOracle):
    """Draws at random, as the seed says, until the trials or the minutes are used up.

    At random because trials are few beside what is searched, and then no guided search is known to be
    better; because what one trial draws does not hang on how others ended, so that a search that goes on
    draws as one left alone.
    """

    def __init__(self, task: Task, *, trials: int | None, minutes: float | None) -> None:
        super().__init__(
            OBJECTIVE,
            max_trials=trials,
            # It takes 0 for none, and draws with neighbouring seeds much the same one after the other.
            seed=int(np.random.default_rng(task.config.seed).integers(1, 2**31)),
            hyperparameters=space(),
            allow_new_entries=False,
            tune_new_entries=False,
            max_consecutive_failed_trials=None,
        )
        self.verbose = 0
        self._task = task
        self._seconds = math.inf if minutes is None else minutes * 60

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        if sum(trial.seconds for trial in self._task.ended()) >= self._seconds:
            return {"status": TrialStatus.STOPPED}
        drawn: dict[str, Any] = super().populate_space(trial_id)
        return drawn


class Tuner(BaseTuner):
    """Runs what the oracle draws."""

    def __init__(self, task: Task, oracle: Oracle, notes: str) -> None:
        super().__init__(oracle, directory=notes)
        self._task = task

    def run_trial(self, trial: Any) -> dict[str, float]:
        config = config_of(trial.hyperparameters.values, self._task.config)
        return {OBJECTIVE.name: self._task.run(int(trial.trial_id) + 1, config).val_auc}

    def _try_run_and_update_trial(self, trial: Any) -> None:
        # Keras Tuner's own would go on after whatever is raised: a full disk, a folder of another search.
        self._run_and_update_trial(trial)
        trial.status = TrialStatus.COMPLETED
