"""What a training wrote about each of its epochs, and what is to be read from it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from histoviewer.errors import SourceError
from model_training.config import Keep


@dataclass(frozen=True, slots=True)
class Epoch:
    """One line of ``history.jsonl``.

    Attributes:
        phase, epoch: which one, counted from 1 in each phase.
        loss, accuracy, auc: of the training patients while the epoch ran: with dropout, restained and turned
            views, and weights that still changed. The ROC AUC is that of 200 thresholds.
        val_loss, val_accuracy, val_auc: of the validation patients after it; None where there are none.
    """

    phase: str
    epoch: int
    loss: float
    accuracy: float
    auc: float
    val_loss: float | None = None
    val_accuracy: float | None = None
    val_auc: float | None = None


def read_history(path: Path) -> tuple[Epoch, ...]:
    """The epochs in order; the last word on an epoch that was run again after a kill counts.

    Raises SourceError where there are none.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        epochs = [_epoch(line) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"Cannot read the history {path}: {error}. Run train to its end.") from error
    if not epochs:
        raise SourceError(f"The history {path} has no epoch. Run train to its end.")
    return tuple({(epoch.phase, epoch.epoch): epoch for epoch in epochs}.values())


def _epoch(line: dict[str, Any]) -> Epoch:
    known = {field.name for field in fields(Epoch)}
    return Epoch(**{name: line[name] for name in known.intersection(line)})


def has_validation(epochs: tuple[Epoch, ...]) -> bool:
    """Whether the training had validation patients."""
    return all(epoch.val_auc is not None for epoch in epochs)


def phases_of(epochs: tuple[Epoch, ...]) -> dict[str, tuple[Epoch, ...]]:
    """The epochs of each phase, in order."""
    names = dict.fromkeys(epoch.phase for epoch in epochs)
    return {name: tuple(epoch for epoch in epochs if epoch.phase == name) for name in names}


def kept_of(epochs: tuple[Epoch, ...], keep: Keep) -> Epoch:
    """The epoch of one phase whose weights it ends with: the first of the highest validation ROC AUC, or
    the last where the recipe says so or nobody is for validation."""
    judged = [(epoch.val_auc, -epoch.epoch, epoch) for epoch in epochs if epoch.val_auc is not None]
    return epochs[-1] if keep == "last" or not judged else max(judged)[-1]


def better_before(epochs: tuple[Epoch, ...], keep: Keep) -> Epoch | None:
    """The best epoch of the phases before the last, by validation ROC AUC, where it did better than the one
    that the training ends with; else None."""
    kept = chosen(epochs, keep)
    judged = [(e.val_auc, -place, e) for place, e in enumerate(epochs) if e.val_auc is not None]
    earlier = [candidate for candidate in judged if candidate[-1].phase != epochs[-1].phase]
    if not earlier or kept.val_auc is None:
        return None
    best = max(earlier)
    return best[-1] if best[0] > kept.val_auc else None


def chosen(epochs: tuple[Epoch, ...], keep: Keep) -> Epoch:
    """The epoch whose weights the training ends with: the one that its last phase keeps."""
    return kept_of(phases_of(epochs)[epochs[-1].phase], keep)
