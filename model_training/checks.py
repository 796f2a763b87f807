"""What a training cannot do with, found before time is spent on it."""

from __future__ import annotations

import logging
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from model_training.dataset import ROLES, Dataset, Split
from model_training.identical import identical_patches
from model_training.patches import PatchFacts

CLASSES = ("benign", "malignant")

log = logging.getLogger(__name__)


def check_patches(patches: PatchFacts, *, is_split: bool) -> None:
    """Raises SourceError unless there are patches of both classes, enough for each side of a split."""
    counts = np.bincount(patches.truth, minlength=len(CLASSES)).tolist()
    found = " and ".join(f"{count} {name}" for count, name in zip(counts, CLASSES, strict=True))
    if not all(counts):
        raise SourceError(f"Cannot train on {found} patches: both classes are needed. Add the other one.")
    least = len(ROLES) if is_split else 1
    if min(counts) < least:
        raise SourceError(
            f"Cannot train on {found} patches: at least {least} of each class are needed for training, "
            "validation and test. Add patches."
        )


def check_sides(split: Split, patches: PatchFacts) -> None:
    """Raises SourceError unless training and validation side, if there is one, have patches of both classes.

    A test side that lacks one is only told, be it of a fold without validation: no ROC curve can be drawn of
    it.
    """
    for role in ("train", *(role for role in ROLES[1:] if getattr(split, role))):
        rows = split.rows(patches, role)
        missing = [name for truth, name in enumerate(CLASSES) if not (patches.truth[rows] == truth).any()]
        if not missing:
            continue
        lacking = " and no ".join(missing)
        line = f"The {role} side ({len(rows)} patches; split: {split.kind}) has no {lacking} patch."
        if role != "test":
            raise SourceError(f"{line} Choose another --seed, another split, or add patients.")
        log.warning("%s No ROC curve can be drawn of it.", line)


def empty_side(split: Split) -> str:
    """What has to be said before a training of which one of the other two sides is empty, a sentence; nothing
    where both are, as everybody is meant to be trained on."""
    if split.test and not split.validation:
        return "Nobody is on the validation side: each phase will end with its last epoch."
    if split.validation and not split.test:
        return "Nobody is on the test side: there will be no figures on others."
    return ""


def check_search(split: Split) -> None:
    """Raises SourceError where there is nobody by whom recipes could be compared."""
    if not split.has_validation:
        raise SourceError("Cannot compare recipes: nobody is on the validation side. Choose another split.")


def without_report(split: Split, patches: PatchFacts) -> str:
    """Why there can be no report of a training on such a split, a sentence; empty where there can."""
    if not split.has_validation:
        return "No report is written: nobody is on the validation side, by whom a threshold is chosen."
    found = np.unique(patches.truth[split.rows(patches, "test")])
    if not len(found):
        return "No report is written: nobody is on the test side."
    if len(found) < len(CLASSES):
        return f"No report is written: all patches of the test side are {CLASSES[int(found[0])]}."
    return ""


def check_identical(split: Split, dataset: Dataset) -> None:
    """Raises SourceError where the same picture is on two sides of a split by patients.

    On one side it is only counted in the log; in a random split also on several, which leaks in any case.
    """
    side = _sides(split, dataset)
    groups = _identical(dataset)
    leaking = [rows for rows in groups if len(set(side[rows].tolist()) - {-1}) > 1]
    if not leaking or split.leaks:
        return
    rows = leaking[0][side[leaking[0]] >= 0]
    one = int(rows[0])
    other = int(rows[side[rows] != side[one]][0])
    raise SourceError(
        f"The same picture is on two sides of the split: {dataset.files[one]} ({ROLES[side[one]]}) and "
        f"{dataset.files[other]} ({ROLES[side[other]]}); {len(leaking)} such pictures. Remove the copies, or "
        "put both patients on one side."
    )


@lru_cache(maxsize=1)
def _identical(dataset: Dataset) -> tuple[NDArray[np.intp], ...]:
    """Found once for all folds of a data set: every pixel is looked at."""
    groups = tuple(identical_patches(dataset.pixels))
    if groups:
        log.info("pictures that are there several times: %d", len(groups))
    return groups


def _sides(split: Split, patches: PatchFacts) -> NDArray[np.int8]:
    """Place of each patch's role in ROLES, int8 (n,); -1 for none."""
    side = np.full(len(patches), -1, np.int8)
    for number, role in enumerate(ROLES):
        side[split.rows(patches, role)] = number
    return side
