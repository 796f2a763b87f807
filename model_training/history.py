"""What a training wrote about each of its epochs, and what is to be read from it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from histoviewer.errors import SourceError


@dataclass(frozen=True, slots=True)
class Epoch:
    """One line of ``history.jsonl``.

    Attributes:
        phase, epoch: which one, counted from 1 in each phase.
        loss, accuracy, auc: of the training patients while the epoch ran: with dropout, restained and turned
            views, and weights that still changed.
        val_loss, val_accuracy, val_auc: of the validation patients after it.
    """

    phase: str
    epoch: int
    loss: float
    accuracy: float
    auc: float
    val_loss: float
    val_accuracy: float
    val_auc: float


def read_history(path: Path) -> tuple[Epoch, ...]:
    """The epochs in order; the last word on an epoch that was run again after a kill counts.

    Raises SourceError where there are none.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        epochs = [Epoch(**{field.name: line[field.name] for field in fields(Epoch)}) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"Cannot read the history {path}: {error}. Run train to its end.") from error
    if not epochs:
        raise SourceError(f"The history {path} has no epoch. Run train to its end.")
    return tuple({(epoch.phase, epoch.epoch): epoch for epoch in epochs}.values())


def phases_of(epochs: tuple[Epoch, ...]) -> dict[str, tuple[Epoch, ...]]:
    """The epochs of each phase, in order."""
    names = dict.fromkeys(epoch.phase for epoch in epochs)
    return {name: tuple(epoch for epoch in epochs if epoch.phase == name) for name in names}


def best_of(epochs: tuple[Epoch, ...]) -> Epoch:
    """The first with the highest validation ROC AUC: whose weights a phase ends with."""
    return max(epochs, key=lambda epoch: epoch.val_auc)


def chosen(epochs: tuple[Epoch, ...]) -> Epoch:
    """The best epoch of the last phase: whose weights the training ends with."""
    return best_of(phases_of(epochs)[epochs[-1].phase])
