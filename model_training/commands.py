"""What each command of ``histoviewer-train`` does. The heavy libraries are imported when one begins."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, get_args

from histoviewer.errors import ModelError, SourceError
from histoviewer.inference.model_card import CARD_NAME
from histoviewer.quiet_tensorflow import quiet_tensorflow
from model_training.config import Block, NetworkConfig, TrainingConfig, load_config

if TYPE_CHECKING:
    from model_training.dataset import Split

MODEL_MPP = 4.0
"""µm/px of the data set's patches: scans at 40x reduced 16:1 (Cruz-Roa et al. 2014)."""

log = logging.getLogger(__name__)


def _import_tensorflow(*, is_debugging: bool) -> None:
    """First of all: else a module that a command imports would, and let it say everything."""
    with quiet_tensorflow(is_debugging=is_debugging):
        import keras  # noqa: F401


def train_command(options: argparse.Namespace) -> None:
    _import_tensorflow(is_debugging=options.debug)
    import keras

    from model_training.dataset import describe_split, load_dataset
    from model_training.network import build_network, imagenet_weights, set_base_weights
    from model_training.run_folder import keep_settings, make_folder
    from model_training.training import train

    config = TrainingConfig(
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
    make_folder(options.output)
    keras.utils.set_random_seed(config.seed)
    dataset = load_dataset(options.data, input_size=config.network.input_size, mpp=MODEL_MPP)
    split = _split(options, dataset.patients.tolist())
    log.info("%s", json.dumps(describe_split(split, dataset)))
    keep_settings(options.output, config, split)

    network = build_network(config.network)
    set_base_weights(network, imagenet_weights(options.weights))
    train(network, dataset, split, config, options.output)
    network.save_weights(options.output / "network.weights.h5")


def _block(name: str) -> Block | None:
    if name == "none":
        return None
    if name not in get_args(Block):
        raise SourceError(
            f"Unknown --fine-tune {name}. Expected none or one of {', '.join(get_args(Block))}."
        )
    return name  # type: ignore[return-value]  # checked against the literal's own values


def _split(options: argparse.Namespace, patients: list[str]) -> Split:
    from model_training.dataset import load_split, split_by_fold, split_by_list, split_by_patient

    if options.folds is not None:
        if options.split_list is not None or options.hold_out:
            raise SourceError("--folds says by itself whom to test on: give no --split-list, no --hold-out.")
        fold = 1 if options.fold is None else options.fold
        return split_by_fold(patients, folds=options.folds, fold=fold, seed=options.seed)
    if options.fold is not None:
        raise SourceError("--fold is one of --folds: give their number, too.")
    if options.split_list is None:
        return split_by_patient(patients, seed=options.seed, hold_out=options.hold_out)
    return split_by_list(patients, load_split(options.split_list), options.hold_out)


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
    from model_training.bundle import evaluate_bundle
    from model_training.dataset import load_dataset

    dataset = load_dataset(options.data, input_size=NetworkConfig().input_size, mpp=MODEL_MPP)
    figures = evaluate_bundle(options.bundle, dataset, options.patients)
    sys.stdout.write(json.dumps({name: asdict(m) for name, m in figures.items()}, indent=1) + "\n")
