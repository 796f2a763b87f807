"""What an engine looks like to everybody else."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.model_card import ModelCard


class Classifier(Protocol):
    """A loaded network. Owned and called by one thread.

    Attributes:
        card: facts of the bundle it came from.
        engine: "openvino" or "keras".
        precision: of the arithmetic, e.g. "int8", "f32".
        batch_size: patches that one call takes best.
    """

    card: ModelCard
    engine: str
    precision: str
    batch_size: int

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probability of malignancy, float32 (n,), for uint8 RGB (n, s, s, 3), s = ``card.input_size``.

        Preprocessing is part of the network. Raises ModelError when the network fails.
        """
        ...
