"""Every patient judged by a network that has not seen them: a training a fold, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from model_training.answers import Answers, load_answers
from model_training.checkpoints import save_finished
from model_training.checksums import checksums_of_all
from model_training.config import TrainingConfig, load_config
from model_training.dataset import Dataset, Split
from model_training.features import compile_for_cpu, to_openvino
from model_training.judging import judged
from model_training.network import build_network, set_base_weights
from model_training.progress import Progress, silent
from model_training.quantisation import quantise
from model_training.run_folder import keep_settings, make_folder
from model_training.training import train

EXACT, QUANTISED = "f32", "int8"
"""The two arithmetics that each fold's network is asked in."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class OutOfFold:
    """What networks said of patients they have not seen; both in the order of the files' names.

    Attributes:
        exact: by the networks in float32.
        quantised: by their int8 forms, each calibrated on its own training patches.
    """

    exact: Answers
    quantised: Answers


def crossvalidate(
    dataset: Dataset,
    splits: Mapping[Path, Split],
    config: TrainingConfig,
    imagenet: Mapping[str, NDArray[Any]],
    *,
    progress: Progress = silent,
) -> OutOfFold:
    """Train and ask one network a fold; called again after being stopped, it goes on where it was.

    ``splits``: folder of each fold -> who is trained on and who is judged in it. Nobody is for validation,
    as in the final training of a recipe, which sees everybody. The folders lie side by side; each gets what
    a training leaves behind and its answers, their parent the answers of all.
    """
    material = checksums_of_all(dataset, imagenet)
    for fold, (folder, split) in enumerate(splits.items(), start=1):
        make_folder(folder)
        keep_settings(folder, config, split, material=material)
        if not all(_path(folder, arithmetic).exists() for arithmetic in (EXACT, QUANTISED)):
            log.info("fold %d of %d", fold, len(splits))
            _judge_fold(dataset, split, config, imagenet, fold=fold, folder=folder, progress=progress)
    pooled = {a: _pooled([_path(folder, a) for folder in splits]) for a in (EXACT, QUANTISED)}
    for arithmetic, answers in pooled.items():
        answers.save(_path(next(iter(splits)).parent, arithmetic))
    return OutOfFold(pooled[EXACT], pooled[QUANTISED])


def histories(folder: Path) -> dict[int, Path]:
    """The history of each fold's training, by the fold's number, ascending."""
    paths = {path.parent.name.removeprefix("fold-"): path for path in folder.glob("fold-*/history.jsonl")}
    return {int(number): paths[number] for number in sorted(filter(str.isdecimal, paths), key=int)}


def load_out_of_fold(folder: Path) -> OutOfFold:
    """What ``crossvalidate`` left in its output. Raises SourceError unless it came to its end."""
    return OutOfFold(load_answers(_path(folder, EXACT)), load_answers(_path(folder, QUANTISED)))


def check_same_recipe(folder: Path, config: TrainingConfig) -> None:
    """Raises SourceError unless every fold of the cross-validation in ``folder`` is of this recipe.

    The arithmetic counts where there is fine-tuning, and where both say which: files of before may not.
    """
    first = folder / "fold-1" / "config.json"
    used = [load_config(path) for path in {first, *folder.glob("fold-*/config.json")}]
    differing = [f.name for f in fields(config) if any(_differs(f.name, other, config) for other in used)]
    if differing:
        raise SourceError(
            f"The cross-validation in {folder} is of another recipe than the training: "
            f"{', '.join(differing)} differ. Its figures say nothing of this network."
        )


def _differs(setting: str, one: TrainingConfig, other: TrainingConfig) -> bool:
    values = getattr(one, setting), getattr(other, setting)
    if setting == "precision" and (other.fine_tune is None or None in values):
        return False
    return bool(values[0] != values[1])


def _path(folder: Path, arithmetic: str) -> Path:
    return folder / f"answers-{arithmetic}.npz"


def _judge_fold(
    dataset: Dataset,
    split: Split,
    config: TrainingConfig,
    imagenet: Mapping[str, NDArray[Any]],
    *,
    fold: int,
    folder: Path,
    progress: Progress,
) -> None:
    keras.utils.set_random_seed(config.seed)
    network = build_network(config.network)
    set_base_weights(network, imagenet)
    train(network, dataset, split, config, folder, progress=progress, features=folder.parent / "features")
    save_finished(network, folder)
    exact = to_openvino(network)
    quantised = quantise(exact, dataset.pixels, split.rows(dataset, "train"), seed=config.seed)
    rows = split.rows(dataset, "test")
    for arithmetic, model in ((EXACT, exact), (QUANTISED, quantised)):
        judged(compile_for_cpu(model), dataset, rows, fold=fold).save(_path(folder, arithmetic))


def _pooled(paths: list[Path]) -> Answers:
    """The answers of all folds in the order of the files' names."""
    parts = [load_answers(path) for path in paths]
    together = Answers.together(parts)
    if len(np.unique(together.files)) != len(together):
        raise SourceError(f"{paths[0].parent.parent} holds folds of different data. Choose another --output.")
    return together[np.argsort(together.files, kind="stable")]
