"""The trials of a tuning: one record each, and the table of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from histoviewer.errors import SourceError
from histoviewer.staging import staged
from model_training.config import TrainingConfig, load_config, read_json

RECORD = "trial.json"
PLAIN_WIDTH = 500
"""Characters of a line where the table goes into a file: enough that none is broken."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One finished or failed trial.

    Attributes:
        number: from 1, in the order they were drawn.
        config: what was tried.
        epochs: that were trained, of all phases.
        val_auc: ROC AUC on validation patients at the best epoch of the last phase; 0 where it failed.
        seconds: that it took; of the last go only, where it was interrupted.
        failure: why it failed; empty where it did not.
    """

    number: int
    config: TrainingConfig
    epochs: int
    val_auc: float
    seconds: float
    failure: str = ""

    def save(self, folder: Path) -> None:
        """Into the trial's folder, where its ``config.json`` is; whole or not at all."""
        facts = {
            "number": self.number,
            "epochs": self.epochs,
            "val_auc": self.val_auc,
            "seconds": round(self.seconds, 1),
            "failure": self.failure,
        }
        with staged(folder / RECORD) as file:
            file.write(f"{json.dumps(facts, indent=1)}\n".encode())


def load_trial(folder: Path) -> Trial | None:
    """The record in a trial's folder; None where it has not ended."""
    path = folder / RECORD
    if not path.exists():
        return None
    try:
        return Trial(config=load_config(folder / "config.json"), **read_json(path))
    except TypeError as error:
        raise SourceError(f"{path} does not hold a trial: {error}. Choose another --output.") from error


def ranked(trials: Sequence[Trial]) -> list[Trial]:
    """The best first, failed ones last; the earlier one first where two are equal."""
    return sorted(trials, key=lambda trial: (trial.failure != "", -trial.val_auc, trial.number))


def row(trial: Trial) -> dict[str, str]:
    """A line of the table: text under each heading."""
    config = trial.config
    is_fine_tuned = config.fine_tune is not None
    return {
        "trial": str(trial.number),
        "dense_units": str(config.network.dense_units),
        "dropout": f"{config.network.dropout:g}",
        "head_rate": f"{config.head_rate:g}",
        "fine_tune": config.fine_tune or "none",
        "fine_tune_rate": f"{config.fine_tune_rate:g}" if is_fine_tuned else "",
        "stain_jitter": f"{config.stain_jitter:g}" if is_fine_tuned else "",
        "epochs": str(trial.epochs),
        "val_auc": "" if trial.failure else f"{trial.val_auc:.5f}",
        "seconds": f"{trial.seconds:.1f}",
        "status": f"failed: {trial.failure}" if trial.failure else "finished",
    }


def save_table(trials: Sequence[Trial], path: Path) -> None:
    """The table as CSV, the best trial first."""
    text = io.StringIO()
    rows = [row(trial) for trial in ranked(trials)]
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with staged(path) as file:
        file.write(text.getvalue().encode())


def show_table(trials: Sequence[Trial]) -> None:
    """The table on standard output, the best trial first: lines of plain text where it is no terminal."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    rows = [row(trial) for trial in ranked(trials)]
    table = Table(*rows[0], box=SIMPLE_HEAD if console.is_terminal else None)
    for cells in rows:
        table.add_row(*cells.values())
    console.print(table)
