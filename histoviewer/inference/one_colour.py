"""Patches of one colour throughout, such as those that were never scanned, are judged once a colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.classifier import Classifier


class OneColourOnce:
    """A ``Classifier`` that does not ask another one twice about the same empty square.

    Which patches are of one colour costs some microseconds each. Their answers are the network's own.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self.card, self.engine, self.precision = classifier.card, classifier.engine, classifier.precision
        self.batch_size = classifier.batch_size
        self._answers: dict[bytes, np.float32] = {}
        """Colour, three bytes, to what the network says of a patch of it."""

    def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See ``Classifier.predict``."""
        colours = {row: pixels[row, 0, 0].tobytes() for row in of_one_colour(pixels).tolist()}
        if not colours:
            return self._classifier.predict(pixels)
        new = {colour: row for row, colour in colours.items() if colour not in self._answers}
        is_asked = np.ones(len(pixels), bool)
        is_asked[list(colours)] = False
        is_asked[list(new.values())] = True
        answers = np.empty(len(pixels), np.float32)
        if is_asked.any():
            answers[is_asked] = self._classifier.predict(pixels[is_asked])
        self._answers |= {colour: answers[row] for colour, row in new.items()}
        answers[list(colours)] = [self._answers[colour] for colour in colours.values()]
        return answers


def of_one_colour(pixels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Which patches, of uint8 RGB (n, s, s, 3), have the same colour in every pixel: intp (m,)."""
    # One row of pixels tells tissue apart already; the whole square is looked at where it does not.
    rows = np.flatnonzero((pixels[:, 0] == pixels[:, 0, :1]).all(axis=(1, 2)))
    is_so = (pixels[rows] == pixels[rows, :1, :1]).all(axis=(1, 2, 3))
    found: NDArray[np.intp] = rows[is_so]
    return found
