"""A training's folder: made once, and never used for a training of other settings."""

from __future__ import annotations

import json
from pathlib import Path

from histoviewer.errors import SourceError
from model_training.config import TrainingConfig, read_json
from model_training.dataset import Split


def make_folder(folder: Path) -> None:
    """Make ``folder`` unless it is there. Raises SourceError where a file is in the way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(
            f"Cannot make the folder {folder}: {error.strerror}. Choose another --output."
        ) from error


def keep_settings(folder: Path, config: TrainingConfig, split: Split) -> None:
    """Write ``config.json`` and ``split.json``, or find there just what would be written.

    Checkpoints and finished phases belong to their settings: with other ones, patients who were trained on
    could be reported as test patients. Raises SourceError, and writes nothing, where the settings differ.
    """
    settings: dict[Path, TrainingConfig | Split] = {
        folder / "config.json": config,
        folder / "split.json": split,
    }
    for path, wanted in settings.items():
        differing = _differing(path, wanted.text()) if path.exists() else []
        if differing:
            raise SourceError(
                f"{folder} holds another training: {', '.join(differing)} differ from its {path.name}. "
                "Choose another --output."
            )
    for path, wanted in settings.items():
        wanted.save(path)


def _differing(path: Path, wanted_text: str) -> list[str]:
    found, wanted = read_json(path), json.loads(wanted_text)
    return sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
