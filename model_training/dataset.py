"""Patches in memory, their truth and their patients; which of them are on which side."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import SourceError
from model_training.config import read_json, write_whole
from model_training.identical import identical_patches
from model_training.patches import PatchFacts, PatchList, list_patches, read_pixels, taken
from model_training.progress import Progress, silent

Role = Literal["train", "validation", "test"]
ROLES: tuple[Role, ...] = ("train", "validation", "test")
Unit = Literal["patient", "patch"]

LEAK = (
    "Split by random patches: it leaks. Patches of the same patient are trained and tested on, so that the "
    "figures are better than on patients whom the model has not seen."
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset(PatchFacts):
    """Labelled patches in memory, in a fixed order.

    Attributes:
        pixels: uint8 RGB (n, s, s, 3); truncated patches filled with white, as the viewer does.
    """

    pixels: NDArray[np.uint8]


def load_dataset(data: Path | Sequence[Path], *, input_size: int, mpp: float) -> Dataset:
    """Every labelled, readable patch of a source, or of several; as ``list_patches`` and ``read_dataset``."""
    paths = [data] if isinstance(data, Path) else data
    return read_dataset(list_patches(paths, input_size=input_size, mpp=mpp))


def read_dataset(listed: PatchList, progress: Progress = silent) -> Dataset:
    """Read the patches of a list. What is unreadable, or one picture with two truths, is named and left out.

    Raises SourceError where too much is unreadable.
    """
    rows, pixels = read_pixels(listed, progress)
    facts = _at(listed.facts, rows)
    rows = _without_contradictions(facts, pixels)
    facts = _at(facts, rows)
    known = {field.name: getattr(facts, field.name) for field in fields(PatchFacts)}
    return Dataset(**known, pixels=taken(pixels, rows))


def _at(facts: PatchFacts, rows: NDArray[np.intp]) -> PatchFacts:
    return PatchFacts(
        files=tuple(facts.files[row] for row in rows.tolist()),
        patients=facts.patients[rows],
        truth=facts.truth[rows],
        x=facts.x[rows],
        y=facts.y[rows],
    )


def _without_contradictions(facts: PatchFacts, pixels: NDArray[np.uint8]) -> NDArray[np.intp]:
    is_sound = np.ones(len(facts), bool)
    for rows in identical_patches(pixels):
        if len(set(facts.truth[rows].tolist())) > 1:
            is_sound[rows] = False
            names = ", ".join(facts.files[row] for row in rows.tolist())
            log.warning("left out, the same picture is both benign and malignant: %s", names)
    return np.flatnonzero(is_sound)


@dataclass(frozen=True, slots=True)
class Split:
    """Who is on which side. A patient on two sides is an error.

    Two splits are equal that put the same on the same sides, however they came about.

    Attributes:
        train, validation, test: names of patients, or of patches: their ``files``. Validation may be empty,
            as in a fold of a cross-validation, and test, too, where everybody is trained on.
        unit: what the names are.
        kind: how the sides were chosen, in words.
        seed: by which they were drawn; None where nothing was.
    """

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]
    unit: Unit = "patient"
    kind: str = field(default="patients", compare=False)
    seed: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        counted = Counter((*self.train, *self.validation, *self.test))
        twice = sorted(name for name, count in counted.items() if count > 1)
        if twice:
            who = "Patients" if self.unit == "patient" else "Patches"
            raise SourceError(f"{who} on two sides of the split: {', '.join(twice)}.")

    @property
    def leaks(self) -> bool:
        """Whether patches of one patient can be on several sides."""
        return self.unit == "patch"

    @property
    def has_validation(self) -> bool:
        """Whether something is kept apart by which the best epoch is chosen."""
        return bool(self.validation)

    def rows(self, patches: PatchFacts, role: Role) -> NDArray[np.intp]:
        """Rows of the patches on this side, ascending."""
        names = np.array(sorted(getattr(self, role)), np.str_)
        units = patches.patients if self.unit == "patient" else np.array(patches.files)
        return np.flatnonzero(np.isin(units, names))

    def patients(self, patches: PatchFacts) -> dict[str, tuple[str, ...]]:
        """Patients of each side, for the model card: of a split of patches on every side they have some."""
        if self.unit == "patient":
            return {role: getattr(self, role) for role in ROLES}
        return {
            role: tuple(sorted(set(patches.patients[self.rows(patches, role)].tolist()))) for role in ROLES
        }

    def facts(self) -> dict[str, Any]:
        """How it came about, of the types that JSON knows."""
        return {"kind": self.kind, "leaks": self.leaks, "unit": self.unit, "seed": self.seed}

    def text(self) -> str:
        return json.dumps({**self.facts(), **{role: getattr(self, role) for role in ROLES}}, indent=1) + "\n"

    def save(self, path: Path) -> None:
        write_whole(path, self.text())


def split_warnings(split: Split) -> tuple[str, ...]:
    """What has to be said beside the figures of a model that was trained on such a split; a sentence each."""
    warnings = []
    if split.leaks:
        warnings.append(LEAK)
    if not (split.validation or split.test):
        warnings.append("All patients were trained on: there are no figures on others.")
    return tuple(warnings)


def left_out(split: Split, patches: PatchFacts) -> tuple[str, ...]:
    """Patients of whom no patch is on any side."""
    named = {patient for side in split.patients(patches).values() for patient in side}
    return tuple(sorted(set(patches.patients.tolist()) - named))


def load_split(path: Path) -> Split:
    """A split written by ``save``, or a published list of the same form. Raises SourceError for others."""
    roles = read_json(path)
    if not all(_is_list_of_names(roles.get(role)) for role in ROLES):
        raise SourceError(
            f"{path} is not a split: expected lists train, validation, test of patients' names, as text."
        )
    train, validation, test = (tuple(roles[role]) for role in ROLES)
    unit: Unit = "patch" if roles.get("unit") == "patch" else "patient"
    kind = roles.get("kind", "published list")
    return Split(train, validation, test, unit=unit, kind=kind, seed=roles.get("seed"))


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def split_by_list(
    patients: Collection[str], lists: Split, hold_out: Collection[str] = (), train_on: Collection[str] = ()
) -> Split:
    """A published split over the patients at hand.

    Patients on no list are left out, and the log says so; those of ``hold_out`` go to the test side and those
    of ``train_on`` to the training side, wherever they were. Raises SourceError where nobody is left to be
    trained on.
    """
    if lists.unit == "patch":
        raise SourceError("The split list names patches: expected patients. Give another --split-list.")
    for what, named in (("hold out", hold_out), ("train on", train_on)):
        unknown = sorted(set(named) - set(patients))
        if unknown:
            raise SourceError(f"Cannot {what} {', '.join(unknown)}: no such patient in the data.")
    roles: dict[str | None, list[str]] = {role: [] for role in (*ROLES, None)}
    for patient in sorted(set(patients)):
        role = "train" if patient in train_on else _listed_role(patient, lists, hold_out)
        roles[role].append(patient)
    if roles[None]:
        log.info("%d patients are on none of the lists and are left out", len(roles[None]))
    if not roles["train"]:
        raise SourceError("Nobody in the data is on the list's training side. Give another --split-list.")
    train, validation, test = (tuple(roles[role]) for role in ROLES)
    return Split(train, validation, test, kind=lists.kind, seed=lists.seed)


def _listed_role(patient: str, lists: Split, hold_out: Collection[str]) -> Role | None:
    if patient in hold_out:
        return "test"
    sides: dict[Role, tuple[str, ...]] = {
        "train": lists.train,
        "validation": lists.validation,
        "test": lists.test,
    }
    return next((role for role, names in sides.items() if patient in names), None)


def split_by_patient(
    patients: Collection[str],
    *,
    seed: int,
    hold_out: Collection[str] = (),
    train_on: Collection[str] = (),
) -> Split:
    """A random 60/20/20 split of patients; those of ``hold_out`` go to the test side, those of ``train_on``
    to the training side.

    Raises SourceError for fewer than three.
    """
    names = np.array(sorted(set(patients)))
    if len(names) < len(ROLES):
        raise SourceError(
            f"Cannot split by patient: the patches are of {len(names)} ({', '.join(names)}), and "
            f"{len(ROLES)} or more are needed. Put each patient's into a folder of its name, or give "
            "--split random."
        )
    shuffled = np.random.default_rng(seed).permutation(names)
    fifth = max(1, round(len(names) / 5))
    validation, test, train = np.split(shuffled, [fifth, 2 * fifth])
    of_train, of_validation, of_test = (tuple(map(str, side)) for side in (train, validation, test))
    lists = Split(of_train, of_validation, of_test, seed=seed)
    return split_by_list(names.tolist(), lists, hold_out, train_on)


def split_by_fold(
    patients: Collection[str], *, folds: int, fold: int, seed: int, has_validation: bool = True
) -> Split:
    """One of ``folds`` splits of patients, counted from 1: each patient is tested on in one of them.

    A tenth of the others are for validation, or nobody is.
    """
    if folds < 2:
        raise SourceError(f"Cannot make {folds} folds: expected 2 or more.")
    if not 1 <= fold <= folds:
        raise SourceError(f"No fold {fold} of {folds}: expected one from 1 to {folds}.")
    names = sorted(set(patients))
    least = folds + 2 if has_validation else folds  # of two folds, the one that is trained on is parted
    if len(names) < least:
        raise SourceError(f"{len(names)} patients are too few for {folds} folds: expected {least} or more.")
    shuffled = [str(name) for name in np.random.default_rng(seed).permutation(names)]
    test = shuffled[fold - 1 :: folds]
    others = [name for name in shuffled if name not in test]
    tenth = max(1, round(len(others) / 10)) if has_validation else 0
    return Split(
        train=tuple(sorted(others[tenth:])),
        validation=tuple(sorted(others[:tenth])),
        test=tuple(sorted(test)),
        kind=f"fold {fold} of {folds}",
        seed=seed,
    )


def split_at_random(patches: PatchFacts, *, seed: int) -> Split:
    """A random 80/10/10 split of patches, of each class by itself. It leaks: see ``split_warnings``."""
    random = np.random.default_rng(seed)
    sides: dict[str, list[str]] = {role: [] for role in ROLES}
    for truth in np.unique(patches.truth):
        rows = random.permutation(np.flatnonzero(patches.truth == truth))
        tenth = max(1, round(len(rows) / 10))
        parts = np.split(rows, [tenth, 2 * tenth])
        for role, part in zip(("validation", "test", "train"), parts, strict=True):
            sides[role] += [patches.files[row] for row in part.tolist()]
    train, validation, test = (tuple(sorted(sides[role])) for role in ROLES)
    return Split(train, validation, test, unit="patch", kind="random patches", seed=seed)


def split_of_all(patients: Collection[str]) -> Split:
    """Everybody is trained on: for the last model of a recipe that other splits have fixed."""
    return Split(train=tuple(sorted(set(patients))), validation=(), test=(), kind="all patients")


def describe_split(split: Split, patches: PatchFacts) -> Mapping[str, Mapping[str, int]]:
    """Patients, patches and malignant patches of each side."""
    rows = {role: split.rows(patches, role) for role in ROLES}
    return {
        role: {
            "patients": len(set(patches.patients[rows[role]].tolist())),
            "patches": len(rows[role]),
            "malignant": int(patches.truth[rows[role]].sum()),
        }
        for role in ROLES
    }
