"""``histoviewer-train``: the training module's own command line."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from histoviewer.errors import HistoViewerError, ModelError, SourceError
from histoviewer.inference.model_card import CARD_NAME
from histoviewer.quiet_tensorflow import quiet_tensorflow
from model_training.config import Block, NetworkConfig, Precision, TrainingConfig, load_config

if TYPE_CHECKING:
    from model_training.dataset import Split

MODEL_MPP = 4.0
"""µm/px of the data set's patches: scans at 40x reduced 16:1 (Cruz-Roa et al. 2014)."""

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 failed, 2 the call is wrong, 130 stopped."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        options.run(options)
    except HistoViewerError as error:
        if options.debug:
            raise
        sys.stderr.write(f"histoviewer-train: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("histoviewer-train: stopped; give the same command to go on\n")
        return 130
    return 0


def _import_tensorflow(*, is_debugging: bool) -> None:
    """First of all: else a module that a command imports would, and let it say everything."""
    with quiet_tensorflow(is_debugging=is_debugging):
        import keras  # noqa: F401


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="histoviewer-train", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("data", type=Path, metavar="DATA", help="folder of labelled patches")
    common.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", parents=[common], help="train a network; goes on if it was stopped")
    train.add_argument("--output", type=Path, required=True, metavar="DIR", help="checkpoints and history")
    train.add_argument("--weights", type=Path, metavar="NPZ", help="ImageNet weights; downloaded without it")
    train.add_argument("--split-list", type=Path, metavar="JSON", help="published case lists to split by")
    train.add_argument("--hold-out", nargs="*", default=[], metavar="PATIENT", help="test on these as well")
    defaults = TrainingConfig()
    train.add_argument("--seed", type=int, default=defaults.seed)
    train.add_argument("--batch-size", type=int, default=defaults.batch_size)
    train.add_argument("--head-epochs", type=int, default=defaults.head_epochs)
    train.add_argument("--fine-tune", default=defaults.fine_tune, help="first block to fine-tune, or none")
    train.add_argument("--fine-tune-epochs", type=int, default=defaults.fine_tune_epochs)
    train.add_argument("--fine-tune-rate", type=float, default=defaults.fine_tune_rate)
    train.add_argument("--orientations", type=int, default=defaults.orientations, choices=range(1, 9))
    train.add_argument("--folds", type=int, metavar="N", help="test on one of N parts of the patients")
    train.add_argument("--fold", type=int, metavar="K", help="which of them, from 1 to N; default: 1")
    train.add_argument("--stain-jitter", type=float, default=defaults.stain_jitter)
    train.add_argument("--label-smoothing", type=float, default=defaults.label_smoothing)
    train.add_argument(
        "--equal-patches", action="store_true", help="patches count the same, however rare their class is"
    )
    train.add_argument("--precision", choices=get_args(Precision), help="default: the fastest here")
    train.set_defaults(run=_train)

    bundle = commands.add_parser("bundle", parents=[common], help="make the bundle of a finished training")
    bundle.add_argument("--training", type=Path, required=True, metavar="DIR", help="train's --output")
    bundle.add_argument("--output", type=Path, required=True, metavar="BUNDLE")
    bundle.add_argument("--name", default="idc-vgg16")
    bundle.add_argument("--version", default="1")
    bundle.add_argument("--no-int8", action="store_true", help="ship float32 arithmetic in any case")
    bundle.set_defaults(run=_bundle)

    evaluate = commands.add_parser("evaluate", parents=[common], help="figures of a bundle on patients")
    evaluate.add_argument("--bundle", type=Path, required=True)
    evaluate.add_argument("--patients", nargs="+", metavar="PATIENT", help="default: the card's test side")
    evaluate.set_defaults(run=_evaluate)
    return parser


def _train(options: argparse.Namespace) -> None:
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


def _bundle(options: argparse.Namespace) -> None:
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


def _evaluate(options: argparse.Namespace) -> None:
    if not (options.bundle / CARD_NAME).is_file():
        raise ModelError(f"No model in {options.bundle}: expected a bundle with {CARD_NAME}. Check --bundle.")
    _import_tensorflow(is_debugging=options.debug)
    from model_training.bundle import evaluate_bundle
    from model_training.dataset import load_dataset

    dataset = load_dataset(options.data, input_size=NetworkConfig().input_size, mpp=MODEL_MPP)
    figures = evaluate_bundle(options.bundle, dataset, options.patients)
    sys.stdout.write(json.dumps({name: asdict(m) for name, m in figures.items()}, indent=1) + "\n")
