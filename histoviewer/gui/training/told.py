"""What a training has told of itself so far, line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EpochFigures:
    """A finished epoch, of so many in its phase.

    Attributes:
        loss: of the training patients while it ran.
        val_loss, val_auc, val_balanced_accuracy: of the validation patients after it; None without any.
        time: when it was told, in seconds since 1970.
    """

    phase: str
    epoch: int
    epochs: int
    loss: float | None
    val_loss: float | None
    val_auc: float | None
    val_balanced_accuracy: float | None
    time: float


@dataclass(slots=True)
class Told:
    """How far a training is. A line that makes no sense is passed over: it may be cut off.

    Attributes:
        stage: "" before the first line, then "reading", "features", "training", "bundle" or "compare".
        done, total: of what the stage counts; 0 where it counts nothing.
        phase: that is trained.
        phases: name of each -> its epochs, in order.
        counts: side -> patients, patches, malignant.
        left_out: patients who are on no side.
        epochs: finished ones in order.
        failure: why it has failed, one line; "" where it has not.
        is_done: it has come to its end.
    """

    stage: str = ""
    done: int = 0
    total: int = 0
    phase: str = ""
    phases: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    epochs: list[EpochFigures] = field(default_factory=list)
    failure: str = ""
    is_done: bool = False
    _first_step: float = 0.0
    _last_time: float = 0.0
    _epoch: int = 0
    _epoch_of: int = 0

    def take(self, line: str) -> None:
        """The next line."""
        try:
            facts = json.loads(line)
            self._last_time = float(facts["time"])
            take = _TAKES.get(facts["event"])
            if take is not None:
                take(self, facts)
        except (ValueError, KeyError, TypeError):
            return

    def best(self) -> EpochFigures | None:
        """The epoch that it would end with: the first best of the last phase, by ROC AUC on validation."""
        ours = [epoch for epoch in self.epochs if epoch.phase == self.epochs[-1].phase]
        judged = [epoch for epoch in ours if epoch.val_auc is not None]
        return max(judged, key=lambda epoch: epoch.val_auc or 0.0, default=ours[-1] if ours else None)

    def seconds_left(self) -> float | None:
        """Of the phase that is trained, at most; None where nothing tells yet."""
        if self.stage != "training" or not self.total:
            return None
        ended = [epoch.time for epoch in self.epochs if epoch.phase == self.phase]
        ended = [time for time in ended if time > self._first_step]  # not those before it was begun again
        share = self.done / self.total
        since = ended[-1] if ended else self._first_step
        if ended:
            each = (ended[-1] - self._first_step) / len(ended)
        elif self.done > 1:
            each = (self._last_time - since) / (self.done - 1) * self.total
        else:
            return None
        behind = self._epoch - 1 + share
        return max(0.0, each * (self._epoch_of - behind))

    def is_last_phase(self) -> bool:
        return not self.phases or self.phase == list(self.phases)[-1]

    def _reading(self, facts: Mapping[str, Any]) -> None:
        # Also a training that is given again: what went wrong before is over.
        self.failure, self.is_done = "", False
        self.stage, self.done, self.total = "reading", int(facts["done"]), int(facts["total"])

    def _started(self, facts: Mapping[str, Any]) -> None:
        self.phases, self.counts = dict(facts["phases"]), dict(facts["counts"])
        self.left_out = tuple(map(str, facts.get("left_out", ())))
        self.stage, self.done, self.total = "training", 0, 0

    def _features(self, facts: Mapping[str, Any]) -> None:
        self.stage, self.done, self.total = "features", int(facts["done"]), int(facts["total"])

    def _step(self, facts: Mapping[str, Any]) -> None:
        if self.phase != facts["phase"] or self.stage != "training":
            self._first_step = float(facts["time"])
        self.stage, self.phase = "training", str(facts["phase"])
        self._epoch, self._epoch_of = int(facts["epoch"]), int(facts["epochs"])
        self.done, self.total = int(facts["step"]), int(facts["steps"])

    def _epoch_ended(self, facts: Mapping[str, Any]) -> None:
        def figure(name: str) -> float | None:
            return None if facts.get(name) is None else float(facts[name])

        ended = EpochFigures(
            phase=str(facts["phase"]),
            epoch=int(facts["epoch"]),
            epochs=int(facts["epochs"]),
            loss=figure("loss"),
            val_loss=figure("val_loss"),
            val_auc=figure("val_auc"),
            val_balanced_accuracy=figure("val_balanced_accuracy"),
            time=float(facts["time"]),
        )
        same = (ended.phase, ended.epoch)
        self.epochs = [one for one in self.epochs if (one.phase, one.epoch) != same] + [ended]

    def _stage(self, facts: Mapping[str, Any]) -> None:
        self.stage, self.done, self.total = str(facts["stage"]), 0, 0

    def _done(self, facts: Mapping[str, Any]) -> None:
        del facts
        self.is_done = True

    def _failed(self, facts: Mapping[str, Any]) -> None:
        self.failure = str(facts["message"])


_TAKES = {
    "reading": Told._reading,
    "started": Told._started,
    "features": Told._features,
    "step": Told._step,
    "epoch": Told._epoch_ended,
    "stage": Told._stage,
    "done": Told._done,
    "failed": Told._failed,
}
