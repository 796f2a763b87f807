"""What each command of ``histoviewer-train`` does. The heavy libraries are imported when one begins."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from histoviewer.errors import ModelError, SourceError
from histoviewer.inference.model_card import CARD_NAME, read_card
from histoviewer.quiet_tensorflow import quiet_tensorflow
from model_training.config import Block, NetworkConfig, TrainingConfig, load_config
from model_training.progress import Done, Progress, Started, silent, telling

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model_training.dataset import Dataset, Split
    from model_training.patches import PatchFacts

MODEL_MPP = 4.0
"""µm/px of the data set's patches: scans at 40x reduced 16:1 (Cruz-Roa et al. 2014)."""

TRIALS = 20
"""Of a tuning that is given neither their number nor minutes."""

log = logging.getLogger(__name__)


def _import_tensorflow(*, is_debugging: bool) -> None:
    """Before any module that needs it: that would import it, too, and let it say everything."""
    with quiet_tensorflow(is_debugging=is_debugging):
        import keras  # noqa: F401


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a training begins with, beside its recipe.

    Attributes:
        weights: of the base; None where they are to be downloaded.
        counts: patients, patches and malignant patches of each side.
    """

    dataset: Dataset
    split: Split
    weights: dict[str, NDArray[Any]] | None
    counts: Mapping[str, Mapping[str, int]]


def _material(options: argparse.Namespace, config: TrainingConfig, progress: Progress) -> Material:
    """What fails without TensorFlow fails before it is imported, and what fails by names before pixels are
    read."""
    from model_training.checks import check_identical, check_patches, check_sides
    from model_training.dataset import describe_split, read_dataset, split_warnings
    from model_training.patches import list_patches
    from model_training.run_folder import check_settings, make_folder
    from model_training.weights import read_weights

    _check_one_split(options)
    make_folder(options.output)
    weights = None if options.weights is None else read_weights(options.weights, config.network)
    listed = list_patches(options.data, input_size=config.network.input_size, mpp=MODEL_MPP)
    check_patches(listed.facts, is_split=not options.all_patients)
    split = _split(options, listed.facts)
    check_sides(split, listed.facts)
    check_settings(options.output, config, split)
    dataset = read_dataset(listed, progress)
    check_sides(split, dataset)
    check_identical(split, dataset)
    counts = describe_split(split, dataset)
    log.info("split: %s", json.dumps({**split.facts(), **counts}))
    for line in split_warnings(split):
        log.warning("%s", line)
    return Material(dataset, split, weights, counts)


def train_command(options: argparse.Namespace) -> None:
    with telling(as_json=options.progress_json) as progress:
        _train(options, progress)


def _train(options: argparse.Namespace, progress: Progress) -> None:
    from model_training.run_folder import keep_settings

    config = _recipe(options)
    material = _material(options, config, progress)
    keep_settings(options.output, config, material.split)

    _import_tensorflow(is_debugging=options.debug)
    import keras

    from model_training.network import build_network, imagenet_weights, set_base_weights
    from model_training.training import phases, train

    epochs = {phase.name: phase.epochs for phase in phases(config)}
    progress(Started(material.split.facts(), material.counts, epochs, sum(epochs.values())))
    keras.utils.set_random_seed(config.seed)
    network = build_network(config.network)
    set_base_weights(network, imagenet_weights(None) if material.weights is None else material.weights)
    train(network, material.dataset, material.split, config, options.output, progress=progress)
    network.save_weights(options.output / "network.weights.h5")
    progress(Done(str(options.output)))


def _recipe(options: argparse.Namespace) -> TrainingConfig:
    """That of the options, or of the file that ``--config`` names; its seed is the split's, too."""
    given = TrainingConfig(
        network=NetworkConfig(),
        seed=options.seed,
        batch_size=options.batch_size,
        head_epochs=options.head_epochs,
        fine_tune=_block(options.fine_tune),
        fine_tune_epochs=options.fine_tune_epochs,
        fine_tune_rate=options.fine_tune_rate,
        orientations=options.orientations,
        stain_jitter=options.stain_jitter,
        label_smoothing=options.label_smoothing,
        most_of_patient=options.most_of_patient or None,
        class_weights=not options.equal_patches,
        precision=options.precision,
    )
    if options.config is None:
        return given
    if given != TrainingConfig():
        raise SourceError("--config is the whole recipe: give none of its settings as an option, too.")
    config = load_config(options.config)
    options.seed = config.seed
    return config


def _block(name: str) -> Block | None:
    if name == "none":
        return None
    if name not in get_args(Block):
        raise SourceError(
            f"Unknown --fine-tune {name}. Expected none or one of {', '.join(get_args(Block))}."
        )
    return name  # type: ignore[return-value]  # checked against the literal's own values


def _split(options: argparse.Namespace, patches: PatchFacts) -> Split:
    from model_training.dataset import (
        load_split,
        split_at_random,
        split_by_fold,
        split_by_list,
        split_by_patient,
        split_of_all,
    )

    patients = patches.patients.tolist()
    if options.all_patients:
        return split_of_all(patients)
    if options.split == "random":
        return split_at_random(patches, seed=options.seed)
    if options.folds is not None:
        fold = 1 if options.fold is None else options.fold
        return split_by_fold(patients, folds=options.folds, fold=fold, seed=options.seed)
    if options.split_list is None:
        return split_by_patient(patients, seed=options.seed, hold_out=options.hold_out)
    return split_by_list(patients, load_split(options.split_list), options.hold_out)


def _check_one_split(options: argparse.Namespace) -> None:
    """Raises SourceError where options say in two ways who is on which side."""
    ways = {
        "--all-patients": options.all_patients,
        "--split random": options.split == "random",
        "--folds": options.folds is not None,
        "--split-list": options.split_list is not None,
        "--hold-out": bool(options.hold_out),
    }
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1 and given != ["--split-list", "--hold-out"]:
        others = " and ".join(given[1:])
        raise SourceError(f"{given[0]} says by itself who is on which side: leave out {others}.")
    if options.fold is not None and options.folds is None:
        raise SourceError("--fold is one of --folds: give their number, too.")


def bundle_command(options: argparse.Namespace) -> None:
    _import_tensorflow(is_debugging=options.debug)
    from model_training.bundle import make_bundle
    from model_training.dataset import load_dataset, load_split
    from model_training.network import build_network, load_trained

    config = load_config(options.training / "config.json")
    network = build_network(config.network)
    split = load_split(options.training / "split.json")
    load_trained(network, options.training / "network.weights.h5")
    card = make_bundle(
        network,
        load_dataset(options.data, input_size=config.network.input_size, mpp=MODEL_MPP),
        split,
        config,
        name=options.name,
        version=options.version,
        mpp=MODEL_MPP,
        output=options.output,
        allow_int8=not options.no_int8,
    )
    sys.stdout.write(json.dumps(asdict(card)["metrics"], indent=1) + "\n")


def evaluate_command(options: argparse.Namespace) -> None:
    if not (options.bundle / CARD_NAME).is_file():
        raise ModelError(f"No model in {options.bundle}: expected a bundle with {CARD_NAME}. Check --bundle.")
    _import_tensorflow(is_debugging=options.debug)
    from model_training.bundle import bundle_answers, evaluate_bundle
    from model_training.dataset import load_dataset
    from model_training.report import write_report
    from model_training.report_sources import report_of_bundle
    from model_training.run_folder import make_folder

    if options.output is not None:
        make_folder(options.output)  # before time is spent
    dataset = load_dataset(options.data, input_size=NetworkConfig().input_size, mpp=MODEL_MPP)
    card, answers = read_card(options.bundle), bundle_answers(options.bundle, dataset, options.patients)
    figures = evaluate_bundle(card, answers)
    sys.stdout.write(json.dumps({name: asdict(m) for name, m in figures.items()}, indent=1) + "\n")
    if options.output is not None:
        write_report(options.output, report_of_bundle(card, answers))


def tune_command(options: argparse.Namespace) -> None:
    if (options.trials is not None and options.trials < 1) or (
        options.minutes is not None and not options.minutes > 0
    ):
        raise SourceError("Nothing to do: expected --trials of 1 or more, --minutes of more than 0.")
    config = TrainingConfig() if options.config is None else load_config(options.config)
    options.seed = config.seed if options.seed is None else options.seed
    config = replace(config, seed=options.seed)
    material = _material(options, config, silent)

    _import_tensorflow(is_debugging=options.debug)
    from model_training.network import imagenet_weights
    from model_training.trials import show_table
    from model_training.tuning import tune

    found = tune(
        imagenet_weights(None) if material.weights is None else material.weights,
        material.dataset,
        material.split,
        config,
        options.output,
        trials=TRIALS if options.trials is None and options.minutes is None else options.trials,
        minutes=options.minutes,
    )
    show_table(found)
