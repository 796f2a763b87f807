"""Patches, their truth and their patients; which patient is on which side."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.patch import UNKNOWN
from model_training.config import read_json

ROLES = ("train", "validation", "test")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Labelled patches in memory, in a fixed order.

    Attributes:
        files: relative path of each patch.
        patients: name of each patch's patient, str (n,).
        pixels: uint8 RGB (n, s, s, 3); truncated patches filled with white, as the viewer does.
        truth: int8 (n,), 1 = malignant.
        x, y: int32 (n,), place on the patient's slide in level-0 pixels; NO_LOCATION where unknown.
    """

    files: tuple[str, ...]
    patients: NDArray[np.str_]
    pixels: NDArray[np.uint8]
    truth: NDArray[np.int8]
    x: NDArray[np.int32]
    y: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.truth)

    def rows_of(self, patients: Collection[str]) -> NDArray[np.intp]:
        """Rows of the patches of these patients, ascending."""
        return np.flatnonzero(np.isin(self.patients, sorted(patients)))


def load_dataset(folder: Path, *, input_size: int, mpp: float) -> Dataset:
    """Every labelled, readable patch below ``folder``. Raises SourceError where there is none."""
    source = FolderSource(folder, input_size=input_size, model_mpp=mpp)
    columns = source.columns
    pixels = np.empty((len(columns), input_size, input_size, 3), np.uint8)
    usable = np.zeros(len(columns), bool)
    for block in source.blocks():
        read = source.read(block)
        pixels[read.patches] = read.pixels
        usable[read.patches] = True
        for row, reason in read.failures.items():
            log.warning("left out %s: %s", columns.file(row), reason)
    usable &= columns.truth != UNKNOWN
    if not usable.any():
        raise SourceError(f"No labelled patch in {folder}: expected names or folders that tell the class.")
    rows = np.flatnonzero(usable)
    return Dataset(
        files=tuple(columns.file(row) for row in rows.tolist()),
        patients=np.asarray(columns.patients)[columns.patient[rows]],
        pixels=pixels[rows],
        truth=columns.truth[rows],
        x=columns.x[rows],
        y=columns.y[rows],
    )


@dataclass(frozen=True, slots=True)
class Split:
    """Patients of each role. A patient on two sides is an error."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def __post_init__(self) -> None:
        everybody = [*self.train, *self.validation, *self.test]
        twice = sorted({p for p in everybody if everybody.count(p) > 1})
        if twice:
            raise SourceError(f"Patients on two sides of the split: {', '.join(twice)}.")

    def text(self) -> str:
        return json.dumps({role: getattr(self, role) for role in ROLES}, indent=1) + "\n"

    def save(self, path: Path) -> None:
        path.write_text(self.text(), encoding="utf-8")


def load_split(path: Path) -> Split:
    """A split written by ``save``, or a published list of the same form. Raises SourceError for others."""
    roles = read_json(path)
    if not all(_is_list_of_names(roles.get(role)) for role in ROLES):
        raise SourceError(
            f"{path} is not a split: expected lists train, validation, test of patients' names, as text."
        )
    return Split(**{role: tuple(roles[role]) for role in ROLES})


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def split_by_list(patients: Collection[str], lists: Split, hold_out: Collection[str] = ()) -> Split:
    """A published split over the patients at hand.

    Patients on no list go to training; those of ``hold_out`` go to the test side wherever they were.
    """
    unknown = sorted(set(hold_out) - set(patients))
    if unknown:
        raise SourceError(f"Cannot hold out {', '.join(unknown)}: no such patient in the data.")
    roles: dict[str, list[str]] = {role: [] for role in ROLES}
    for patient in sorted(set(patients)):
        roles[_listed_role(patient, lists, hold_out)].append(patient)
    return Split(**{role: tuple(names) for role, names in roles.items()})


def _listed_role(patient: str, lists: Split, hold_out: Collection[str]) -> str:
    if patient in hold_out or patient in lists.test:
        return "test"
    return "validation" if patient in lists.validation else "train"


def split_by_patient(patients: Collection[str], *, seed: int, hold_out: Collection[str] = ()) -> Split:
    """A random 60/20/20 split of patients; those of ``hold_out`` go to the test side."""
    names = np.array(sorted(set(patients)))
    shuffled = np.random.default_rng(seed).permutation(names)
    fifth = max(1, round(len(names) / 5))
    lists = Split(
        train=(),
        validation=tuple(map(str, shuffled[:fifth])),
        test=tuple(map(str, shuffled[fifth : 2 * fifth])),
    )
    return split_by_list(names.tolist(), lists, hold_out)


def split_by_fold(patients: Collection[str], *, folds: int, fold: int, seed: int) -> Split:
    """One of ``folds`` splits of patients, counted from 1: each patient is tested on in one of them.

    A tenth of the others are for validation.
    """
    if not 1 <= fold <= folds or folds < 2:
        raise SourceError(f"No fold {fold} of {folds}: expected one from 1 to at least 2.")
    names = sorted(set(patients))
    if len(names) < folds + 2:
        raise SourceError(
            f"{len(names)} patients are too few for {folds} folds: expected {folds + 2} or more."
        )
    shuffled = [str(name) for name in np.random.default_rng(seed).permutation(names)]
    test = shuffled[fold - 1 :: folds]
    others = [name for name in shuffled if name not in test]
    tenth = max(1, round(len(others) / 10))
    return Split(
        train=tuple(sorted(others[tenth:])),
        validation=tuple(sorted(others[:tenth])),
        test=tuple(sorted(test)),
    )


def describe_split(split: Split, dataset: Dataset) -> Mapping[str, Mapping[str, int]]:
    """Patients, patches and malignant patches of each role."""
    rows = {role: dataset.rows_of(getattr(split, role)) for role in ROLES}
    return {
        role: {
            "patients": len(getattr(split, role)),
            "patches": len(rows[role]),
            "malignant": int(dataset.truth[rows[role]].sum()),
        }
        for role in ROLES
    }
