"""Trains, tunes, cross-validates, bundles and evaluates the networks that HistoViewer shows."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from histoviewer.errors import CallError, HistoViewerError, reason_of
from histoviewer.exit_codes import INTERRUPTED, SOME_FAILED, WRONG_CALL
from model_training.commands import (
    bundle_command,
    crossvalidate_command,
    evaluate_command,
    figures_command,
    retrain_command,
    similar_command,
    train_command,
    tune_command,
)
from model_training.config import Block, Keep, Precision, Schedule, TrainingConfig
from model_training.fresh_folder import unless_left_empty
from model_training.numbers import (
    at_least_two,
    count,
    number,
    positive_count,
    positive_number,
    share_below_one,
)
from model_training.progress import CurrentStderr


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 failed, 2 the call is wrong, 130 stopped."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
        handlers=[CurrentStderr()],
    )
    try:
        with unless_left_empty(options.output):
            options.run(options)
    except _foreseen() as error:
        if options.debug:
            raise
        sys.stderr.write(f"histoviewer-train: {_line_of(error)}\n")
        return WRONG_CALL if isinstance(error, CallError) else SOME_FAILED
    except KeyboardInterrupt:
        sys.stderr.write("histoviewer-train: stopped; give the same command to go on\n")
        return INTERRUPTED
    return 0


def _foreseen() -> tuple[type[Exception], ...]:
    """What ends as one line. TensorFlow's errors can be among it only where it has been imported."""
    tensorflow = sys.modules.get("tensorflow")
    return (HistoViewerError, OSError, MemoryError, *([tensorflow.errors.OpError] if tensorflow else ()))


def _line_of(error: Exception) -> str:
    """Of what only the machine can help with, a full disk or no memory, in our own words."""
    if isinstance(error, HistoViewerError):
        return str(error)
    if isinstance(error, OSError):
        where = "" if error.filename is None else f" {error.filename}"
        return f"Cannot read or write{where}: {reason_of(error)}. Check the disk, then give the same command."
    if isinstance(error, MemoryError):
        return f"Out of memory: {reason_of(error)}. Close other programs, then give the same command."
    if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's, of a GPU
        return (
            f"Out of memory: {reason_of(error)}. Close other programs, then give the same command, or a "
            "smaller --batch-size and another --output."
        )
    return f"TensorFlow failed: {reason_of(error)}. Give the same command to go on, or --debug for more."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="histoviewer-train", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "data",
        type=Path,
        nargs="+",
        metavar="DATA",
        help="folder of labelled patches, or slide; result file (.histo) whose reviews are the truth",
    )
    common.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    weights, sides, recipe = _weights(), _sides(), _recipe()

    train = commands.add_parser(
        "train",
        parents=[common, weights, sides, recipe],
        help="train a network; goes on if it was stopped",
    )
    train.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="checkpoints, history, report"
    )
    train.add_argument("--all-patients", action="store_true", help="train on everybody; test on nobody")
    _add_minutes(train)
    _add_progress(train)
    train.set_defaults(run=train_command)
    _add_retrain(commands, [common, weights, sides, recipe])

    crossvalidate = commands.add_parser(
        "crossvalidate",
        parents=[common, weights, recipe],
        help="judge every patient by a network that has not seen them; goes on if it was stopped",
    )
    crossvalidate.add_argument("--output", type=Path, required=True, metavar="DIR", help="folds, report")
    crossvalidate.add_argument(
        "--folds", type=at_least_two, default=5, metavar="N", help="default: %(default)s"
    )
    crossvalidate.set_defaults(run=crossvalidate_command, all_patients=False)

    _add_bundle(commands, common)

    similar = commands.add_parser(
        "similar", parents=[common], help="let a bundle find the patches it was trained on that are alike"
    )
    similar.add_argument("--bundle", type=Path, required=True, help="gets an index of them")
    similar.set_defaults(run=similar_command, output=None)

    figures = commands.add_parser(
        "figures", help="put the figures of a cross-validation of its recipe on a bundle's card"
    )
    figures.add_argument("--bundle", type=Path, required=True, help="gets them")
    figures.add_argument("--crossvalidation", type=Path, required=True, metavar="DIR", help="of its recipe")
    figures.add_argument("--debug", action="store_true", help="show tracebacks")
    figures.set_defaults(run=figures_command, output=None)

    evaluate = commands.add_parser("evaluate", parents=[common], help="figures of a bundle on patients")
    evaluate.add_argument("--bundle", type=Path, required=True)
    evaluate.add_argument("--patients", nargs="+", metavar="PATIENT", help="default: the card's test side")
    evaluate.add_argument("--output", type=Path, metavar="DIR", help="write a report with pictures there")
    evaluate.set_defaults(run=evaluate_command)

    _add_tune(commands, [common, weights, sides])
    return parser


def _weights() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--weights", type=Path, metavar="NPZ", help="ImageNet weights; downloaded without it")
    return parser


def _sides() -> argparse.ArgumentParser:
    """Who is trained on, who is not."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--split",
        choices=("patients", "random"),
        default="patients",
        help="random: of patches, whoever they are of; figures are then too good (default: %(default)s)",
    )
    parser.add_argument("--split-list", type=Path, metavar="JSON", help="published case lists to split by")
    parser.add_argument("--hold-out", nargs="+", default=[], metavar="PATIENT", help="test on these as well")
    parser.add_argument(
        "--train-on", nargs="+", default=[], metavar="PATIENT", help="train on these in any case"
    )
    parser.add_argument("--folds", type=int, metavar="N", help="test on one of N parts of the patients")
    parser.add_argument("--fold", type=int, metavar="K", help="which of them, from 1 to N; default: 1")
    return parser


def _recipe() -> argparse.ArgumentParser:
    """The settings of a training."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--config", type=Path, metavar="JSON", help="the recipe, in place of the options below"
    )
    # None where it is not given, so that what stands beside --config can be refused.
    add, defaults = parser.add_argument, TrainingConfig()
    add("--seed", type=count)
    add("--batch-size", type=positive_count)
    add("--head-epochs", type=positive_count)
    blocks = ("none", *get_args(Block))
    add("--fine-tune", choices=blocks, help=f"first block to fine-tune; default: {defaults.fine_tune}")
    add("--fine-tune-epochs", type=positive_count)
    add("--fine-tune-rate", type=positive_number)
    add("--orientations", type=int, choices=range(1, 9))
    add("--stain-jitter", type=number)
    add("--label-smoothing", type=share_below_one)
    add(
        "--most-of-patient",
        type=count,
        metavar="N",
        help=f"patches of a patient in an epoch of fine-tuning; 0: all; default: {defaults.most_of_patient}",
    )
    add("--equal-patches", action="store_true", help="patches count the same, however rare their class is")
    add("--weight-decay", type=number)
    add("--schedule", choices=get_args(Schedule), help="of the rate")
    add("--keep", choices=get_args(Keep), help="which epoch's weights")
    add("--patience", type=positive_count, metavar="EPOCHS", help="early stopping")
    add("--precision", choices=get_args(Precision), help="default: the fastest here")
    return parser


def _add_minutes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--minutes",
        type=positive_number,
        metavar="M",
        help="of this call; then nothing more is trained, and the best epoch so far is kept",
    )


def _add_progress(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--progress-json", action="store_true", help="tell a program, on standard output, how far it is"
    )


def _add_retrain(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], parents: list[argparse.ArgumentParser]
) -> None:
    retrain = commands.add_parser(
        "retrain", parents=parents, help="train, bundle, and compare with the bundle in use"
    )
    retrain.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="as train's; with bundle and comparison"
    )
    retrain.add_argument("--against", type=Path, metavar="BUNDLE", help="compare the new one with this")
    retrain.add_argument("--name", default="idc-vgg16-retrained")
    retrain.add_argument("--version", default="1")
    retrain.add_argument("--no-int8", action="store_true", help="ship float32 arithmetic in any case")
    _add_minutes(retrain)
    _add_progress(retrain)
    retrain.set_defaults(run=retrain_command, all_patients=False)


def _add_bundle(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    bundle = commands.add_parser("bundle", parents=[common], help="make the bundle of a finished training")
    bundle.add_argument("--training", type=Path, required=True, metavar="DIR", help="train's --output")
    bundle.add_argument(
        "--crossvalidation",
        type=Path,
        metavar="DIR",
        help="of the same recipe, where everybody was trained on",
    )
    bundle.add_argument("--output", type=Path, required=True, metavar="BUNDLE")
    bundle.add_argument("--name", default="idc-vgg16")
    bundle.add_argument("--version", default="1")
    bundle.add_argument(
        "--data-description",
        default="",
        metavar="TEXT",
        help="what the data is and whose; the card adds the counts; default: what the file names tell",
    )
    bundle.add_argument("--no-int8", action="store_true", help="ship float32 arithmetic in any case")
    bundle.set_defaults(run=bundle_command)


def _add_tune(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], parents: list[argparse.ArgumentParser]
) -> None:
    tune = commands.add_parser(
        "tune", parents=parents, help="search for the best recipe; goes on if it was stopped"
    )
    tune.add_argument("--output", type=Path, required=True, metavar="DIR", help="table of trials, best.json")
    tune.add_argument(
        "--config", type=Path, metavar="JSON", help="what is not searched; default: as train has it"
    )
    tune.add_argument("--seed", type=count, help="of split, search and trainings; default: the recipe's")
    tune.add_argument(
        "--trials",
        type=positive_count,
        metavar="N",
        help="in DIR; default: 20, or any number with --minutes",
    )
    tune.add_argument(
        "--minutes", type=positive_number, metavar="M", help="of all trials in DIR; then none begins"
    )
    tune.set_defaults(run=tune_command, all_patients=False)
