"""How fast each engine judges with a bundle's networks here, as JSON in the last line of standard output.

    python -m histoviewer.inference.engine_trial BUNDLE

Run by ``fastest`` in a process of its own. An engine that fails is told of on standard error, and left out.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import HistoViewerError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.model_card import read_card
from histoviewer.inference.opening import open_network
from histoviewer.streams import tell

BATCHES = (64, 256)

SECONDS = 1.0
"""For each engine and size, once it is warm."""


def main() -> None:
    card = read_card(Path(sys.argv[1]))
    rates: dict[str, dict[int, float]] = {}
    for network in card.networks:
        try:
            classifier = open_network(card, network)
            rates[network.engine] = {size: _rate(classifier, size) for size in BATCHES}
        except HistoViewerError as error:
            tell(f"{network.engine}: {error}")
    sys.stdout.write(json.dumps(rates) + "\n")


def _rate(classifier: Classifier, size: int) -> float:
    """Patches a second, of noise: an engine's time does not depend on what it sees."""
    side = classifier.card.input_size
    pixels: NDArray[np.uint8] = np.random.default_rng(1).integers(0, 256, (size, side, side, 3), np.uint8)
    classifier.predict(pixels)  # what is prepared once for a size does not count
    calls, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < SECONDS:
        classifier.predict(pixels)
        calls += 1
    return calls * size / seconds


if __name__ == "__main__":
    main()
