"""What each command of ``histoviewer-train`` does. The heavy libraries are imported when one begins."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from histoviewer.errors import CallError, ModelError, SourceError
from histoviewer.inference.model_card import CARD_NAME, read_card
from histoviewer.quiet_tensorflow import quiet_tensorflow
from model_training.budget import Budget
from model_training.config import NetworkConfig, TrainingConfig, load_config
from model_training.progress import Done, Progress, Stage, Started, telling

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model_training.dataset import Dataset, Split
    from model_training.patches import PatchFacts
    from model_training.trials import Trial

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
    """What trainings begin with, beside their recipe.

    Attributes:
        config: the recipe; its arithmetic is that of a training that goes on, else still open unless given.
        splits: folder of a training -> who is on which side in it.
        weights: of the base; None where they are to be downloaded.
    """

    config: TrainingConfig
    dataset: Dataset
    splits: Mapping[Path, Split]
    weights: dict[str, NDArray[Any]] | None


def _material(
    options: argparse.Namespace,
    config: TrainingConfig,
    progress: Progress,
    splits_of: Callable[[PatchFacts], Mapping[Path, Split]],
) -> Material:
    """What fails without TensorFlow fails before it is imported, and what fails by names before pixels are
    read."""
    from model_training.checks import check_identical, check_patches, check_sides
    from model_training.dataset import read_dataset
    from model_training.patches import list_patches
    from model_training.run_folder import check_settings, make_folder, with_kept_precision
    from model_training.weights import read_weights

    make_folder(options.output)
    weights = None if options.weights is None else read_weights(options.weights, config.network)
    listed = list_patches(options.data, input_size=config.network.input_size, mpp=MODEL_MPP)
    check_patches(listed.facts, is_split=not options.all_patients)
    splits = splits_of(listed.facts)
    config = with_kept_precision(next(iter(splits)), config)
    for folder, split in splits.items():
        check_sides(split, listed.facts)
        check_settings(folder, config, split)
    dataset = read_dataset(listed, progress)
    for split in splits.values():
        check_sides(split, dataset)
        check_identical(split, dataset)
    return Material(config, dataset, splits, weights)


def _told(split: Split, dataset: Dataset) -> Mapping[str, Mapping[str, int]]:
    """Patients, patches and malignant patches of each side; they are in the log, too."""
    from model_training.checks import empty_side
    from model_training.dataset import describe_split, split_warnings

    counts = describe_split(split, dataset)
    log.info("split: %s", json.dumps({**split.facts(), **counts}))
    for line in filter(None, (*split_warnings(split), empty_side(split))):
        log.warning("%s", line)
    return counts


def train_command(options: argparse.Namespace) -> None:
    with telling(as_json=options.progress_json) as progress:
        run_training(options, progress)
        progress(Done(str(options.output)))


def retrain_command(options: argparse.Namespace) -> None:
    with telling(as_json=options.progress_json) as progress:
        if options.against is not None:
            read_card(options.against)  # before time is spent
        run_training(options, progress)
        progress(Stage("bundle"))
        bundle = options.output / "bundle"
        facts = {**vars(options), "training": options.output, "output": bundle}
        bundle_command(argparse.Namespace(**facts, crossvalidation=None, data_description=""))
        if options.against is not None:
            from model_training.rivals import write_comparison

            progress(Stage("compare"))
            write_comparison(options.output, options.data, options.against, bundle)
        progress(Done(str(options.output)))


def run_training(options: argparse.Namespace, progress: Progress) -> None:
    """All of ``train`` but to say that it is done."""
    budget = None if options.minutes is None else Budget(options.minutes)
    _check_one_split(options)
    material = _material(
        options, _recipe(options), progress, lambda facts: {options.output: _split(options, facts)}
    )
    dataset, split = material.dataset, material.splits[options.output]
    counts = _told(split, dataset)

    _import_tensorflow(is_debugging=options.debug)
    import keras

    from model_training.checkpoints import save_finished
    from model_training.checks import without_report
    from model_training.checksums import checksums_of_all
    from model_training.dataset import left_out
    from model_training.machine import with_precision
    from model_training.network import build_network, imagenet_weights, set_base_weights
    from model_training.report.sources import report_of_network
    from model_training.report.writing import write_report
    from model_training.run_folder import keep_settings
    from model_training.training import phases, train

    weights = imagenet_weights(None) if material.weights is None else material.weights
    config = with_precision(options.output, material.config)
    keep_settings(options.output, config, split, material=checksums_of_all(dataset, weights))
    epochs = {phase.name: phase.epochs for phase in phases(config)}
    progress(Started(split.facts(), counts, epochs, sum(epochs.values()), left_out(split, dataset)))
    keras.utils.set_random_seed(config.seed)
    network = build_network(config.network)
    set_base_weights(network, weights)
    train(network, dataset, split, config, options.output, progress=progress, budget=budget)
    save_finished(network, options.output)
    lacking = without_report(split, dataset)
    if lacking:
        log.warning("%s", lacking)
    else:
        history = options.output / "history.jsonl"
        write_report(options.output, report_of_network(network, dataset, split, config, history))


def _recipe(options: argparse.Namespace) -> TrainingConfig:
    """That of the options, or of the file that ``--config`` names; its seed is the split's, too."""
    names = (field.name for field in fields(TrainingConfig))
    # An option that is not given is None, or not there at all.
    given = {name: value for name in names if (value := getattr(options, name, None)) is not None}
    if options.equal_patches:
        given["class_weights"] = False
    if options.config is None:
        config = replace(TrainingConfig(network=NetworkConfig()), **_without_words(given))
    elif given:
        raise CallError("--config is the whole recipe: give none of its settings as an option, too.")
    else:
        config = load_config(options.config)
    options.seed = config.seed
    return config


def _without_words(given: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be said on a command line, ``--fine-tune none`` and ``--most-of-patient 0``, is None."""
    said = {"fine_tune": "none", "most_of_patient": 0}
    return {name: None if name in said and value == said[name] else value for name, value in given.items()}


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
    fixed = {"hold_out": options.hold_out, "train_on": options.train_on}
    if options.split_list is None:
        split = split_by_patient(patients, seed=options.seed, **fixed)
    else:
        split = split_by_list(patients, load_split(options.split_list), **fixed)
    if options.train_on and not (split.validation or split.test):
        raise SourceError(
            "Everybody in the data is to be trained on, and nobody is left to measure the model on. Add "
            "labelled patches of other patients."
        )
    return split


def _check_one_split(options: argparse.Namespace) -> None:
    """Raises CallError where options say in two ways who is on which side."""
    ways = {
        "--all-patients": options.all_patients,
        "--split random": options.split == "random",
        "--folds": options.folds is not None,
        "--split-list": options.split_list is not None,
        "--hold-out": bool(options.hold_out),
        "--train-on": bool(options.train_on),
    }
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1 and not set(given) <= {"--split-list", "--hold-out", "--train-on"}:
        others = " and ".join(given[1:])
        raise CallError(f"{given[0]} says by itself who is on which side: leave out {others}.")
    both = sorted(set(options.hold_out) & set(options.train_on))
    if both:
        raise CallError(f"--hold-out and --train-on both name {', '.join(both)}: leave out one of them.")
    if options.fold is not None and options.folds is None:
        raise CallError("--fold is one of --folds: give their number, too.")


def crossvalidate_command(options: argparse.Namespace) -> None:
    with telling(as_json=False) as progress:
        figures = _crossvalidate(options, progress)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _crossvalidate(options: argparse.Namespace, progress: Progress) -> dict[str, dict[str, Any]]:
    """Each kind of answer with its figures."""
    config = _recipe(options)

    def splits_of(facts: PatchFacts) -> Mapping[Path, Split]:
        from model_training.dataset import split_by_fold

        patients = facts.patients.tolist()
        return {
            options.output / f"fold-{fold}": split_by_fold(
                patients, folds=options.folds, fold=fold, seed=config.seed, has_validation=False
            )
            for fold in range(1, options.folds + 1)
        }

    material = _material(options, config, progress, splits_of)

    _import_tensorflow(is_debugging=options.debug)
    from model_training.assessment import assess
    from model_training.crossvalidation import crossvalidate, histories
    from model_training.machine import with_precision
    from model_training.network import imagenet_weights
    from model_training.report.sources import report_of_folds
    from model_training.report.writing import write_report

    weights = imagenet_weights(None) if material.weights is None else material.weights
    config = with_precision(next(iter(material.splits)), material.config)
    found = crossvalidate(material.dataset, material.splits, config, weights, progress=progress)
    report = report_of_folds(assess(found), config, histories(options.output))
    metrics = write_report(options.output, report).metrics
    return {kind: {name: asdict(m) for name, m in of_kind.items()} for kind, of_kind in metrics.items()}


def bundle_command(options: argparse.Namespace) -> None:
    _import_tensorflow(is_debugging=options.debug)
    from model_training.bundle import make_bundle
    from model_training.checkpoints import FINISHED
    from model_training.crossvalidation import check_same_recipe, load_out_of_fold
    from model_training.dataset import load_split, read_dataset
    from model_training.network import build_network, load_trained
    from model_training.patches import list_patches
    from model_training.provenance import Origin
    from model_training.run_folder import stopped_early
    from model_training.same_material import check_same_data, check_same_material
    from model_training.whole_folder import check_replaceable

    config = load_config(options.training / "config.json")
    if (options.output / "config.json").exists():
        raise SourceError(f"{options.output} holds a training. Choose another --output for the bundle.")
    found = None
    if options.crossvalidation is not None:
        found = load_out_of_fold(options.crossvalidation)
        check_same_recipe(options.crossvalidation, config)
    network = build_network(config.network)
    split = load_split(options.training / "split.json")
    load_trained(network, options.training / FINISHED)
    check_same_material(options.training, options.crossvalidation)
    check_replaceable(options.output)  # before time is spent
    listed = list_patches(options.data, input_size=config.network.input_size, mpp=MODEL_MPP)
    dataset = read_dataset(listed)
    names = tuple(dict.fromkeys(path.resolve().name for path in options.data))
    card = make_bundle(
        network,
        dataset,
        split,
        config,
        name=options.name,
        version=options.version,
        mpp=MODEL_MPP,
        output=options.output,
        found=found,
        allow_int8=not options.no_int8,
        origin=Origin(names, listed.reviewed, options.data_description.strip()),
        warnings=(
            *stopped_early(options.training),
            *check_same_data(dataset, options.training, options.crossvalidation),
        ),
    )
    sys.stdout.write(json.dumps(asdict(card)["metrics"], indent=1) + "\n")


def similar_command(options: argparse.Namespace) -> None:
    _import_tensorflow(is_debugging=options.debug)
    from model_training.dataset import load_dataset
    from model_training.patch_index import add_index

    card = read_card(options.bundle)
    dataset = load_dataset(options.data, input_size=card.input_size, mpp=card.mpp)
    listed = add_index(options.bundle, dataset).patch_index
    assert listed is not None
    sys.stdout.write(json.dumps(asdict(listed), indent=1) + "\n")


def figures_command(options: argparse.Namespace) -> None:
    from model_training.card_figures import measure_again

    card = measure_again(options.bundle, options.crossvalidation)
    sys.stdout.write(json.dumps(asdict(card)["metrics"], indent=1) + "\n")


def evaluate_command(options: argparse.Namespace) -> None:
    if not (options.bundle / CARD_NAME).is_file():
        raise ModelError(f"No model in {options.bundle}: expected a bundle with {CARD_NAME}. Check --bundle.")
    _import_tensorflow(is_debugging=options.debug)
    from model_training.bundle import bundle_answers, evaluate_bundle
    from model_training.dataset import load_dataset
    from model_training.report.sources import report_of_bundle
    from model_training.report.writing import write_report
    from model_training.run_folder import make_folder

    if options.output is not None:
        make_folder(options.output)  # before time is spent
    card = read_card(options.bundle)
    dataset = load_dataset(options.data, input_size=card.input_size, mpp=card.mpp)
    answers = bundle_answers(options.bundle, dataset, options.patients)
    figures = evaluate_bundle(card, answers)
    sys.stdout.write(json.dumps({name: asdict(m) for name, m in figures.items()}, indent=1) + "\n")
    if options.output is not None:
        write_report(options.output, report_of_bundle(card, answers))


def tune_command(options: argparse.Namespace) -> None:
    with telling(as_json=False) as progress:
        found = _tune(options, progress)
    from model_training.trials import show_table

    show_table(found)


def _tune(options: argparse.Namespace, progress: Progress) -> list[Trial]:
    config = TrainingConfig() if options.config is None else load_config(options.config)
    options.seed = config.seed if options.seed is None else options.seed
    config = replace(config, seed=options.seed)
    _check_one_split(options)

    def splits_of(facts: PatchFacts) -> Mapping[Path, Split]:
        from model_training.checks import check_search

        split = _split(options, facts)
        check_search(split)
        return {options.output: split}

    material = _material(options, config, progress, splits_of)
    split = material.splits[options.output]
    _told(split, material.dataset)

    _import_tensorflow(is_debugging=options.debug)
    from model_training.machine import with_precision
    from model_training.network import imagenet_weights
    from model_training.tuning import tune

    return tune(
        imagenet_weights(None) if material.weights is None else material.weights,
        material.dataset,
        split,
        with_precision(options.output, material.config),
        options.output,
        trials=TRIALS if options.trials is None and options.minutes is None else options.trials,
        minutes=options.minutes,
        progress=progress,
    )
