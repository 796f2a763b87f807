"""A training that is told to end early keeps its best epoch: told by a file, which any program can make, or
by its own budget, which makes that file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from model_training.budget import Budget
from model_training.run_folder import STOP


class StopAskedError(Exception):
    """Nothing more is to be trained; what is kept so far counts."""


class StopWatch(keras.callbacks.Callback):
    """Raises StopAskedError once the file is there and there is an epoch to keep.

    In the middle of an epoch, which may take hours, what has been trained of it is let go. Where nothing
    was kept before, the first epoch is finished.
    """

    def __init__(self, folder: Path, *, has_kept: bool, budget: Budget | None = None) -> None:
        """``has_kept``: whether there are weights to end with before the first epoch of ``fit``. ``budget``:
        the file is made when it is over."""
        super().__init__()
        self._folder = folder
        self._has_kept = has_kept
        self._budget = budget

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        del batch, logs
        # Only where something is still to be trained: behind the last epoch nothing is ended early.
        if self._has_kept and self._budget is not None and self._budget.is_over:
            if not (self._folder / STOP).exists():
                self._budget.ask_to_stop(self._folder / STOP)
            raise StopAskedError
        self._look()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stands behind whatever keeps the epoch."""
        del epoch, logs
        self._has_kept = True
        self._look()

    def _look(self) -> None:
        if self._has_kept and (self._folder / STOP).exists():
            raise StopAskedError
