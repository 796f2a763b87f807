"""How long a training may take."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from model_training.config import write_whole


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes from the moment it was made: of one call. Once they are over, the file that they have made has
    to be removed before the same call trains on.

    Attributes:
        minutes: after which nothing more is trained.
    """

    minutes: float
    _since: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._since >= 60 * self.minutes

    def ask_to_stop(self, path: Path) -> None:
        """Make the file that ends a training, saying that no person did. Raises ResultError."""
        write_whole(path, json.dumps({"minutes": self.minutes}) + "\n")


def asked_by_budget(path: Path) -> float | None:
    """The minutes of the budget that made this file; None where a person, or another program, did."""
    try:
        return float(json.loads(path.read_text(encoding="utf-8"))["minutes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
