"""A training's folder: made once, and never used for a training of other settings."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from histoviewer.errors import SourceError, reason_of
from model_training.budget import asked_by_budget
from model_training.config import TrainingConfig, load_config, read_json
from model_training.dataset import ROLES, Split

STOP = "stop"
"""In a training's folder: while this file is there, nothing more is trained."""


class Settings(Protocol):
    """What is kept as a JSON object."""

    def text(self) -> str: ...
    def save(self, path: Path) -> None: ...


def make_folder(folder: Path) -> None:
    """Make ``folder`` unless it is there, and try whether files can be made in it. Raises SourceError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # a name may hold what no system takes
        raise SourceError(
            f"Cannot make the folder {folder}: {reason_of(error)}. Choose another --output."
        ) from error
    try:
        # Permissions do not tell: an administrator has all of them, and the disk may be for reading only.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SourceError(
            f"Cannot write into the folder {folder}: {reason_of(error)}. Choose another --output."
        ) from error


def keep_settings(
    folder: Path,
    config: TrainingConfig,
    split: Split,
    *,
    search: Settings | None = None,
    material: Settings | None = None,
) -> None:
    """Write ``config.json``, ``split.json`` and, where they are given, ``search.json`` (of a tuning) and
    ``material.json``, unless they are there or ``check_settings`` raises."""
    check_settings(folder, config, split, search=search, material=material)
    for path, wanted in _settings(folder, config, split, search, material).items():
        if not path.exists():
            wanted.save(path)


def with_kept_precision(folder: Path, config: TrainingConfig) -> TrainingConfig:
    """A recipe that leaves the arithmetic open, with that of the training that the folder holds, if any: it
    goes on as it began, be it on another machine."""
    path = folder / "config.json"
    if config.precision is not None or not path.exists():
        return config
    return replace(config, precision=load_config(path).precision)


def check_settings(
    folder: Path,
    config: TrainingConfig,
    split: Split,
    *,
    search: Settings | None = None,
    material: Settings | None = None,
) -> None:
    """Raises SourceError where the folder holds a training of other settings, or on other material.

    Checkpoints and finished phases belong to their settings: with other ones, patients who were trained on
    could be reported as test patients. A file that an older version did not write is not missed.
    """
    for path, wanted in _settings(folder, config, split, search, material).items():
        differing = _differing(path, wanted) if path.exists() else []
        if differing and wanted is material:
            raise SourceError(
                f"{folder} holds a training on other {' and '.join(differing)}: see its {path.name}. "
                "Choose another --output."
            )
        if differing:
            raise SourceError(
                f"{folder} holds another training: {', '.join(differing)} differ from its {path.name}. "
                "Choose another --output."
            )


def _settings(
    folder: Path, config: TrainingConfig, split: Split, search: Settings | None, material: Settings | None
) -> dict[Path, Settings]:
    given: dict[str, Settings | None] = {
        "config": config,
        "split": split,
        "search": search,
        "material": material,
    }
    return {folder / f"{name}.json": kept for name, kept in given.items() if kept is not None}


def _differing(path: Path, settings: Settings) -> list[str]:
    found, wanted = _found(path, settings), json.loads(settings.text())
    # Of a split it is the sides that count, however they came about.
    names: set[Any] = set(ROLES) if isinstance(settings, Split) else found.keys() | wanted.keys()
    return sorted(name for name in names if found.get(name) != wanted.get(name))


def _found(path: Path, settings: Settings) -> dict[str, Any]:
    """What the file says; that of an older version's settings by what they mean now."""
    if isinstance(settings, TrainingConfig):
        facts: dict[str, Any] = json.loads(load_config(path).text())
        return facts
    return read_json(path)


def stopped_early(folder: Path) -> tuple[str, ...]:
    """What the card of a training says that was told to end; nothing of others."""
    if not (folder / STOP).exists():
        return ()
    minutes = asked_by_budget(folder / STOP)
    if minutes is None:
        return ("The training was ended by hand before its last epoch.",)
    return (f"The training was ended before its last epoch: its {minutes:g} minutes were over.",)
