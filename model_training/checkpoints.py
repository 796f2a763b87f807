"""What a training keeps of its network: the state to go on with, and the weights that a phase ends with."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path
from typing import Any

import keras

ENDING = ".weights.h5"
"""Without it Keras writes no file of weights."""


def save_whole(model: keras.Model, path: Path, draft: Path) -> None:
    """Write weights and, of a compiled model, the optimizer's state to ``path``, whole or not at all.

    ``draft``: what is written first, on the same disk. Both names end in ``.weights.h5``. Raises OSError.
    """
    try:
        model.save_weights(draft)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)  # the disk may be full
        raise


FINISHED = "network.weights.h5"
"""In a training's folder: the weights that it ended with."""


def save_finished(network: keras.Model, folder: Path) -> None:
    """Write FINISHED, whole or not at all. Raises OSError."""
    save_whole(network, folder / FINISHED, folder / f"unfinished {FINISHED}")


class Backup(keras.callbacks.Callback):
    """Keeps the state behind each epoch of a phase, in one file that is named after the epoch.

    The name holds the epoch, so that the two cannot contradict each other, and the file of the epoch before
    is removed only when the new one is whole: whenever the process is killed, there is one to go on with.
    Keras' own BackupAndRestore overwrites its only file in place.

    Attributes:
        draft: where in its folder a file is written before it is whole.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.draft = folder / f"unfinished{ENDING}"

    def restore(self, model: keras.Model) -> int:
        """Put the newest state into a compiled ``model``; returns how many epochs it has behind it."""
        self._folder.mkdir(exist_ok=True)
        kept = self._kept()
        if not kept:
            return 0
        model.optimizer.build(model.trainable_variables)  # else it has nowhere to put its state
        model.load_weights(kept[-1])
        return _epoch(kept[-1])

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del logs
        older = self._kept()
        save_whole(self.model, self._folder / f"epoch-{epoch + 1}{ENDING}", self.draft)
        for path in older:
            path.unlink()

    def remove(self) -> None:
        """When the phase counts as done, and not before."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _kept(self) -> list[Path]:
        return sorted(self._folder.glob(f"epoch-*{ENDING}"), key=_epoch)


def _epoch(path: Path) -> int:
    return int(path.name.removesuffix(ENDING).removeprefix("epoch-"))


class KeptWeights(keras.callbacks.Callback):
    """Saves the weights of each epoch that is better than those before, or of every epoch."""

    def __init__(self, path: Path, draft: Path, *, monitor: str | None, best: float = -math.inf) -> None:
        """``monitor``: a figure, the higher the better; None to save every epoch. ``best``: of it so far."""
        super().__init__()
        self._path = path
        self._draft = draft
        self._monitor = monitor
        self._best = best

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del epoch
        if self._monitor is not None:
            figure = float((logs or {})[self._monitor])
            if not figure > self._best:
                return
            self._best = figure
        save_whole(self.model, self._path, self._draft)
