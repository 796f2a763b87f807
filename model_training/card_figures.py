"""The figures on a finished bundle's card, measured anew by a cross-validation of its recipe."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from pathlib import Path

import numpy as np

from histoviewer.errors import ModelError, SourceError
from histoviewer.inference.model_card import CARD_NAME, ModelCard, read_card
from histoviewer.staging import staged
from model_training.assessment import assess
from model_training.config import TrainingConfig, load_config
from model_training.crossvalidation import OutOfFold, check_same_recipe, load_out_of_fold
from model_training.evaluation import RESAMPLES, evaluate
from model_training.evidence import card_points

FIGURES = (
    "{folds}-fold cross-validation by patient, another than the one that threshold, calibration and "
    "neighbours are of: each part of the patients judged by a network that the same recipe had made of the "
    "others; the bundled network has seen all of them"
)


def measure_again(bundle: Path, folder: Path, *, resamples: int = RESAMPLES) -> ModelCard:
    """Put the figures of the cross-validation in ``folder`` on the card, at the card's own threshold.

    Networks, threshold, calibration and what neighbours say stay as they are. The card is replaced whole or
    not at all. Raises ModelError where the bundle is damaged, and SourceError where the cross-validation is
    of another recipe or of other patients than everybody whom the network was trained on.
    """
    card = read_card(bundle)
    found = load_out_of_fold(folder)
    _check(card, found, folder)
    network = card.network("openvino")
    assessed = assess(found, allow_int8=network is not None and network.arithmetic == "int8")
    answers = replace(assessed.answers, probability=assessed.own)
    seed = int(card.training.get("seed", 0))
    metrics = evaluate(
        answers.truth,
        answers.probability,
        answers.patients,
        threshold=card.threshold,
        seed=seed,
        resamples=resamples,
    )
    card = replace(
        card,
        metrics=metrics,
        operating_points=card_points(answers, seed=seed, resamples=resamples),
        training={
            **card.training,
            "figures": FIGURES.format(folds=len(np.unique(answers.fold))),
            "int8_against_f32": dict(assessed.agreement),
        },
    )
    with staged(bundle / CARD_NAME) as file:
        file.write(card.text().encode())
    return card


def _check(card: ModelCard, found: OutOfFold, folder: Path) -> None:
    others = set(found.exact.patients.tolist()) ^ set(card.split["train"])
    if others or card.split["validation"] or card.split["test"]:
        raise SourceError(
            f"The cross-validation in {folder} is not of the patients that the bundle was trained on, all of "
            f"them: see {', '.join(sorted(others)[:5]) or 'its validation and test patients'}."
        )
    known = {field.name for field in fields(TrainingConfig)}
    try:
        recipe = {name: value for name, value in card.training.items() if name in known}
        network = load_config(folder / "fold-1" / "config.json").network
        if asdict(network) != {**recipe.pop("network"), "widths": tuple(card.training["network"]["widths"])}:
            raise SourceError(f"The cross-validation in {folder} is of another network than the bundle's.")
        config = TrainingConfig(network=network, **recipe)
    except (KeyError, TypeError) as error:
        raise ModelError(
            f"The card in {card.folder} does not say how its network was trained: {error}."
        ) from error
    check_same_recipe(folder, config)
