"""Two bundles on the same patches, of patients that neither has seen."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import Metric, ModelCard, read_card
from model_training.bundle import bundle_answers, shown_probability
from model_training.compared_patches import PATCHES, ComparedPatches, save_compared
from model_training.config import write_whole
from model_training.dataset import Dataset, read_dataset
from model_training.evaluation import RESAMPLES, compare, evaluate
from model_training.patches import list_patches

COMPARISON = "comparison.json"
"""In a training's folder: what ``retrain`` adds to it, beside the bundle."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's exact test of the decisions at each bundle's own threshold (McNemar 1947).

    Attributes:
        only_old, only_new: patches that only this one decides as the truth is.
        p: of as uneven a split of these or more so, if neither were better. It takes patches for independent
            of each other, which those of one patient are not: it is too small rather than too large.
    """

    only_old: int
    only_new: int
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an older and a newer bundle give on the same patches.

    Attributes:
        titles, thresholds: of the older, then of the newer.
        patients, patches, malignant: what they are compared on.
        is_unseen: neither has seen these patients. Else the older one has, and its figures are too good.
        old, new: figures with intervals, each at its own threshold.
        difference: how much higher each figure is for the newer one, with the interval of the difference.
        each: what they say, patch by patch; no part of ``facts``.
    """

    titles: tuple[str, str]
    thresholds: tuple[float, float]
    patients: tuple[str, ...]
    patches: int
    malignant: int
    is_unseen: bool
    old: Mapping[str, Metric]
    new: Mapping[str, Metric]
    difference: Mapping[str, Metric]
    mcnemar: McNemar
    each: ComparedPatches = field(repr=False)

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        facts = asdict(self)
        del facts["each"]
        return facts


def compare_bundles(old: Path, new: Path, dataset: Dataset, *, resamples: int = RESAMPLES) -> Comparison:
    """Compare on the patients of the data that neither card has for training or validation or, where they do
    not have both classes, on those that the newer one has not.

    Raises SourceError where there is nobody to compare on, or the bundles are of patches of different sizes.
    """
    cards = read_card(old), read_card(new)
    if len({(card.input_size, card.mpp) for card in cards}) > 1:
        raise SourceError(f"Cannot compare {old} with {new}: they judge patches of different sizes.")
    patients, is_unseen = _chosen(cards, dataset)
    answers = [bundle_answers(bundle, dataset, patients) for bundle in (old, new)]
    shown = tuple(shown_probability(card, one) for card, one in zip(cards, answers, strict=True))
    truth, of = answers[0].truth, answers[0].patients
    thresholds = cards[0].threshold, cards[1].threshold
    both = [
        evaluate(truth, probability, of, threshold=threshold, resamples=resamples)
        for probability, threshold in zip(shown, thresholds, strict=True)
    ]
    decided = [probability >= threshold for probability, threshold in zip(shown, thresholds, strict=True)]
    return Comparison(
        titles=(cards[0].title, cards[1].title),
        thresholds=thresholds,
        patients=tuple(patients),
        patches=len(truth),
        malignant=int(truth.sum()),
        is_unseen=is_unseen,
        old=both[0],
        new=both[1],
        difference=compare(truth, (shown[0], shown[1]), of, thresholds=thresholds, resamples=resamples),
        mcnemar=mcnemar(truth, decided[0], decided[1]),
        each=ComparedPatches(tuple(answers[0].files.tolist()), truth, shown[0], shown[1]),
    )


def write_comparison(run: Path, data: Sequence[Path], old: Path, new: Path) -> None:
    """Compare, and write ``comparison.json`` into ``run``, and ``comparison.npz``: both models' answers at
    their places.

    Where there is nothing to compare on, the new bundle is there all the same: the file says why, and gives
    the figures of its card.
    """
    card = read_card(new)
    listed = list_patches(data, input_size=card.input_size, mpp=card.mpp)
    dataset = read_dataset(listed)
    try:
        comparison = compare_bundles(old, new, dataset)
        facts = comparison.facts()
        save_compared(run / PATCHES, comparison.each, listed)
    except SourceError as error:
        log.warning("%s", error)
        metrics = {name: asdict(metric) for name, metric in card.metrics.items()}
        facts = {"problem": str(error), "new": metrics}
    write_whole(run / COMPARISON, json.dumps(facts, indent=1) + "\n")


def mcnemar(truth: NDArray[np.int8], old: NDArray[np.bool_], new: NDArray[np.bool_]) -> McNemar:
    """Of decisions, bool (n,), about patches whose truth, int8 (n,), is known."""
    is_right = old == (truth == 1), new == (truth == 1)
    only_old = int(np.count_nonzero(is_right[0] & ~is_right[1]))
    only_new = int(np.count_nonzero(is_right[1] & ~is_right[0]))
    differing = only_old + only_new
    p = float(binomtest(only_old, differing).pvalue) if differing else 1.0
    return McNemar(only_old, only_new, p)


def _chosen(cards: tuple[ModelCard, ModelCard], dataset: Dataset) -> tuple[list[str], bool]:
    """Whom to compare on, and whether neither has seen them."""
    everybody = sorted(set(dataset.patients.tolist()))
    by_new = [patient for patient in everybody if not _has_seen(cards[1], patient)]
    by_none = [patient for patient in by_new if not _has_seen(cards[0], patient)]
    for patients in (by_none, by_new):
        if len(set(dataset.truth[dataset.rows_of(patients)].tolist())) > 1:
            return patients, patients == by_none
    raise SourceError(
        "Nothing to compare on: the data has no patients that the new model has not seen, with patches of "
        "both classes."
    )


def _has_seen(card: ModelCard, patient: str) -> bool:
    """Of patches that were split at random, the test side has been seen as well."""
    return card.role_of(patient) in (
        ("train", "validation", "test") if card.leaks else ("train", "validation")
    )
