"""Whether a training, a cross-validation and DATA are of the same patches and weights."""

from __future__ import annotations

from pathlib import Path

from histoviewer.errors import SourceError
from model_training.checksums import data_checksum
from model_training.config import read_json
from model_training.dataset import Dataset

MATERIAL = "material.json"

UNCHECKED = (
    "Whether the figures, the training and the data named here are of the same patches has not been checked: "
    "an older program, which did not write their checksums, made the training or its cross-validation."
)


def check_same_material(training: Path, folds: Path | None) -> None:
    """Raises SourceError where a fold in ``folds`` is of other patches or weights than the training.

    What has no checksums, made by an older program, is passed over: ``check_same_data`` says so.
    """
    wanted = _material(training) or {}
    for fold in _folds(folds):
        found = _material(fold) or wanted
        differing = sorted(name for name in wanted if found.get(name) != wanted[name])
        if differing:
            raise SourceError(
                f"{fold} was made of other {' and '.join(differing)} than the training in {training}: its "
                f"figures say nothing of this network. See {MATERIAL} in both; give the --crossvalidation of "
                "the same DATA and --weights."
            )


def check_same_data(dataset: Dataset, training: Path, folds: Path | None) -> tuple[str, ...]:
    """Raises SourceError where DATA is not what the training was made of.

    Returns what has to be said in the card where there are no checksums to tell it by, else nothing.
    """
    wanted = _material(training)
    if wanted is not None and wanted.get("data") != data_checksum(dataset):
        raise SourceError(
            f"DATA is not what the training in {training} was made of: pixels, truth or names of its patches "
            f"differ (see its {MATERIAL}). Give the same DATA, reviews and all, in the same order."
        )
    all_known = all(_material(folder) is not None for folder in (training, *_folds(folds)))
    return () if all_known else (UNCHECKED,)


def _folds(folder: Path | None) -> list[Path]:
    return [] if folder is None else sorted(path.parent for path in folder.glob("fold-*/config.json"))


def _material(folder: Path) -> dict[str, object] | None:
    path = folder / MATERIAL
    return read_json(path) if path.exists() else None
