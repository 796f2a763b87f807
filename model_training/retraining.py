"""``histoviewer-train retrain``: a training, its bundle, and the bundle beside the one in use."""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict
from pathlib import Path

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import read_card
from model_training.commands import bundle_command, run_training
from model_training.config import write_whole
from model_training.progress import Done, Stage, telling

BUNDLE = "bundle"
COMPARISON = "comparison.json"
"""In a training's folder: what ``retrain`` adds to it."""

log = logging.getLogger(__name__)


def retrain_command(options: argparse.Namespace) -> None:
    with telling(as_json=options.progress_json) as progress:
        if options.against is not None:
            read_card(options.against)  # before time is spent
        run_training(options, progress)
        progress(Stage("bundle"))
        bundle_command(_of_bundle(options))
        if options.against is not None:
            progress(Stage("compare"))
            _compare(options)
        progress(Done(str(options.output)))


def _of_bundle(options: argparse.Namespace) -> argparse.Namespace:
    return argparse.Namespace(
        data=options.data,
        debug=options.debug,
        training=options.output,
        crossvalidation=None,
        output=options.output / BUNDLE,
        name=options.name,
        version=options.version,
        data_description="",
        no_int8=options.no_int8,
    )


def _compare(options: argparse.Namespace) -> None:
    """Where there is nothing to compare on, the new bundle is there all the same, and the file says why."""
    from model_training.dataset import load_dataset
    from model_training.rivals import compare_bundles

    new: Path = options.output / BUNDLE
    card = read_card(new)
    dataset = load_dataset(options.data, input_size=card.input_size, mpp=card.mpp)
    try:
        facts = compare_bundles(options.against, new, dataset).facts()
    except SourceError as error:
        log.warning("%s", error)
        metrics = {name: asdict(metric) for name, metric in card.metrics.items()}
        facts = {"problem": str(error), "new": metrics}
    write_whole(options.output / COMPARISON, json.dumps(facts, indent=1) + "\n")
