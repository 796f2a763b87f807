"""What a person wants to be trained, and the command that does it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FineTuning = Literal["none", "block5", "block1"]

HEAD_ALONE: FineTuning = "none"
DEPTHS: tuple[FineTuning, ...] = (HEAD_ALONE, "block5", "block1")
"""From the shortest training to the longest."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """One training, before it is begun.

    Attributes:
        data: folders, slides, and result files with reviews.
        output: the run's folder.
        against: bundle of the model in use.
        version: of the new model.
        fine_tune: first block that is trained; "none" for the head alone.
        head_epochs, fine_tune_epochs: at most.
        minutes: after which nothing more is trained; None for no limit.
        split_list: file of published lists; None for a split by patient at random.
        hold_out: patients to test on as well.
        train_on: patients to train on in any case: who corrects an answer wants it to be learnt from.
        weights: file of the base's ImageNet weights; None to have them downloaded.
        recipe: file of settings, in place of ``fine_tune`` and the epochs.
        is_exact: ship float32 arithmetic in any case.
    """

    data: tuple[Path, ...]
    output: Path
    against: Path
    version: str
    fine_tune: FineTuning = "none"
    head_epochs: int = 10
    fine_tune_epochs: int = 6
    minutes: int | None = None
    split_list: Path | None = None
    hold_out: tuple[str, ...] = ()
    train_on: tuple[str, ...] = ()
    weights: Path | None = None
    recipe: Path | None = None
    is_exact: bool = False

    def command(self) -> list[str]:
        """Program and arguments."""
        words: list[str | Path] = [sys.executable, "-m", "model_training", "retrain", *self.data]
        words += ["--output", self.output, "--against", self.against, "--version", self.version]
        if self.recipe is not None:
            words += ["--config", self.recipe]
        else:
            words += ["--fine-tune", self.fine_tune, "--head-epochs", str(self.head_epochs)]
            words += [] if self.fine_tune == "none" else ["--fine-tune-epochs", str(self.fine_tune_epochs)]
        words += [] if self.minutes is None else ["--minutes", str(self.minutes)]
        words += [] if self.split_list is None else ["--split-list", self.split_list]
        words += ["--hold-out", *self.hold_out] if self.hold_out else []
        words += ["--train-on", *self.train_on] if self.train_on else []
        words += [] if self.weights is None else ["--weights", self.weights]
        words += ["--no-int8"] if self.is_exact else []
        return [str(word) for word in (*words, "--progress-json")]


def shell_text(command: Sequence[str]) -> str:
    """As it is typed into this system's shell; but on Windows an option a line."""
    if sys.platform == "win32":
        return subprocess.list2cmdline(command)
    lines: list[list[str]] = [[]]
    for word in command:
        if word.startswith("--"):
            lines.append([])
        lines[-1].append(word)
    return " \\\n  ".join(map(shlex.join, lines))
