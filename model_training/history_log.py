"""Writes a line of ``history.jsonl`` an epoch, and reads what a training that goes on has to know of it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from histoviewer.staging import staged

log = logging.getLogger(__name__)


def whole_lines(history: Path) -> list[dict[str, Any]]:
    """What the file lists so far; empty where there is none. A last line that a kill or a full disk has cut
    off counts for nothing: its epoch is not finished, and is trained again."""
    return [json.loads(line) for line in _whole(history).splitlines()]


def _whole(history: Path) -> bytes:
    content = history.read_bytes() if history.exists() else b""
    return content[: content.rfind(b"\n") + 1]


@dataclass(frozen=True, slots=True)
class Best:
    """The epoch of a phase, counted from 1, with the highest validation ROC AUC."""

    epoch: int
    val_auc: float


def best_so_far(history: Path, phase: str) -> Best | None:
    """The first best epoch that ``history`` lists for a phase; None where there is none."""
    lines = whole_lines(history)
    epochs = [Best(line["epoch"], line["val_auc"]) for line in lines if line["phase"] == phase]
    return max(epochs, key=lambda found: found.val_auc, default=None)


class HistoryLog(keras.callbacks.Callback):
    """Appends each epoch's figures to a JSON-lines file and to the log.

    Attributes:
        phase: its name, which goes with them.
    """

    def __init__(self, path: Path, phase: str) -> None:
        super().__init__()
        self._path = path
        self.phase = phase

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Else the next line would be joined to one that was cut off."""
        del logs
        whole = _whole(self._path)
        if self._path.exists() and self._path.stat().st_size > len(whole):
            with staged(self._path) as file:
                file.write(whole)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        # Not rounded: a training that goes on compares with these.
        figures = {name: float(value) for name, value in (logs or {}).items()}
        line = json.dumps({"phase": self.phase, "epoch": epoch + 1, **figures})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        log.info("%s", line)
