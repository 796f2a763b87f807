"""What is found out behind each epoch before it is kept: how well it judges, and whether it is sound."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, balanced_accuracy_score, roc_auc_score

from histoviewer.errors import SourceError
from model_training.batches import RowsInOrder

Loss = Callable[[NDArray[np.float32], NDArray[np.float32]], Any]


class DivergedError(SourceError):
    """The numbers of a training have left what can be computed with.

    Attributes:
        reason: which of them.
    """

    def __init__(self, reason: str, *, rate: str) -> None:
        """``rate``: what the learning rate of the phase is called."""
        super().__init__(
            f"The training diverged: {reason}. Lower {rate} or weight_decay of the recipe, and choose "
            "another --output."
        )
        self.reason = reason


class Soundness(keras.callbacks.Callback):
    """Raises DivergedError behind an epoch whose losses or weights are no numbers.

    It stands before whatever keeps the epoch, so that a training that goes on does so from sound weights.
    A loss is the mean over the epoch: the last step of all can spoil the weights and leave it as it is.
    """

    def __init__(self, phase: str, *, rate: str) -> None:
        super().__init__()
        self._phase = phase
        self._rate = rate

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        where = f"epoch {epoch + 1} of {self._phase}"
        for name, loss in (("loss", "loss"), ("loss on validation", "val_loss")):
            value = float((logs or {}).get(loss, 0.0))
            if not math.isfinite(value):
                raise DivergedError(f"the {name} of {where} is {value}", rate=self._rate)
        if not all(np.isfinite(np.asarray(weight.value)).all() for weight in self.model.trainable_weights):
            raise DivergedError(f"weights behind {where} are no numbers", rate=self._rate)


class ValidationFigures(keras.callbacks.Callback):
    """Adds ``val_loss``, ``val_auc`` and, at 0.5, ``val_accuracy`` and ``val_balanced_accuracy`` to the
    figures of each epoch.

    In place of Keras' own ``validation_data``, whose ROC AUC is that of 200 thresholds: this one, which
    chooses epochs and ranks trials, is exact. It is NaN where a probability is. Both classes must occur.
    """

    def __init__(self, rows: RowsInOrder, loss: Loss) -> None:
        super().__init__()
        self._rows = rows
        self._loss = loss

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Traced once for batches of any length: ``predict`` is for each length, and complains of it."""
        del logs
        model = self.model
        given = tf.TensorSpec(model.input_shape, model.input.dtype)
        self._judge = tf.function(lambda inputs: model(inputs, training=False)).get_concrete_function(given)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del epoch
        assert logs is not None  # Keras gives what all callbacks share
        truth, probability = self._rows.truth, self._probability()
        is_sound = bool(np.isfinite(probability).all())
        logs["val_loss"] = float(self._loss(truth[:, None].astype(np.float32), probability[:, None]))
        logs["val_accuracy"] = float(accuracy_score(truth, probability > 0.5))
        logs["val_balanced_accuracy"] = float(balanced_accuracy_score(truth, probability > 0.5))
        logs["val_auc"] = float(roc_auc_score(truth, probability)) if is_sound else math.nan

    def _probability(self) -> NDArray[np.float32]:
        dtype = self.model.input.dtype
        batches = (self._rows[number][0].astype(dtype) for number in range(len(self._rows)))
        return np.concatenate([self._judge(tf.constant(inputs)).numpy()[:, 0] for inputs in batches])
