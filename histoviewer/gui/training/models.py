"""The models that can be chosen: the program's own, and those that were trained and installed."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import platformdirs

from histoviewer.errors import ModelError, reason_of
from histoviewer.gui.training.child import TrainingError
from histoviewer.inference.model_card import ModelCard, read_card
from histoviewer.inference.network_files import check_files
from histoviewer.resources import default_bundle
from histoviewer.translation import _

log = logging.getLogger("histoviewer.model")


def models_folder() -> Path:
    """Where installed ones are: in the user's own data folder."""
    return platformdirs.user_data_path("histoviewer", appauthor=False) / "models"


def installed_models() -> list[ModelCard]:
    """Cards of those that can be read, by title; damaged ones are only told to the log."""
    found = []
    for card in sorted(models_folder().glob("[!.]*/card.json")):
        try:
            found.append(read_card(card.parent))
        except ModelError as error:
            log.warning("%s", error)
    return sorted(found, key=lambda card: (card.title, str(card.folder)))


def install_model(bundle: Path) -> ModelCard:
    """Copy a bundle to the installed ones, whole or not at all. Raises ModelError and TrainingError."""
    card = _checked(bundle)
    name = re.sub(r"[^\w.-]+", "-", card.title)[:60]
    target = models_folder() / f"{name}-{card.sha256[:12]}"
    if not _is_installed(card, target):
        try:
            _copy(bundle, target)
        except OSError as error:
            message = _("Cannot install the model in {folder}: {reason}.")
            raise TrainingError(message.format(folder=target, reason=reason_of(error))) from error
    return read_card(target)


def _checked(bundle: Path) -> ModelCard:
    """Its card, with every file as the card says. Raises ModelError."""
    card = read_card(bundle)
    for part in card.parts:
        check_files(card, part)
    return card


def _is_installed(card: ModelCard, target: Path) -> bool:
    """The same is there, whole. A damaged one is none."""
    try:
        return target.exists() and _checked(target) == replace(card, folder=target)
    except ModelError as error:
        log.warning("%s", error)
        return False


def _copy(bundle: Path, target: Path) -> None:
    """Whole or not at all, in place of one that has the same networks and other parts, or is damaged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=target.parent) as draft:
        shutil.copytree(bundle, Path(draft) / "bundle")
        before = Path(draft) / "before"
        if target.exists():
            target.rename(before)
        try:
            (Path(draft) / "bundle").rename(target)
        except OSError:
            if before.exists():
                before.rename(target)
            raise


def chosen_bundle(given: Path, chosen: str) -> tuple[Path, str]:
    """The bundle to start with, and why it is not the chosen one; "" where it is.

    ``given``: on the command line, which goes first; the program's own where nothing was given.
    ``chosen``: folder of an installed one; "" for the program's own.
    """
    if given != default_bundle() or not chosen:
        return given, ""
    try:
        return read_card(Path(chosen)).folder, ""
    except ModelError as error:
        message = _("The chosen model cannot be used, the program's own is: {reason}")
        return given, message.format(reason=error)
