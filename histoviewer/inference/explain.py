"""Which part of a patch the answer rests on: NumPy and a ``Classifier``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.classifier import Classifier

SQUARE = 13 / 50
"""Side of what is covered at a time, of the patch's: some nuclei, 52 µm at 4 µm/px."""

STEPS = 5
"""Places of it along each side: neighbours overlap by three tenths. With the patch itself they are one batch
of 26, which two cores answer in a tenth to a third of a second."""


Method = Literal["covering", "gradients"]
"""How it is found out: ``occlusion_map``, or ``gradcam.gradient_map``."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What an answer rests on.

    Attributes:
        effect: float32 (h, w): above 0 that place speaks for malignancy, below 0 against. By covering it is
            by how much the probability is lower where the place is covered; by gradients it has no unit.
        probability: of the patch as it is, and by itself.
        method: how it was found out.
    """

    effect: NDArray[np.float32]
    probability: float
    method: Method = "covering"

    @property
    def largest(self) -> float:
        """The strongest effect of a place, for or against; by covering, of the probability."""
        return float(np.abs(self.effect).max(initial=0))


def occlusion_map(classifier: Classifier, pixels: NDArray[np.uint8]) -> Explanation:
    """Cover place after place of a patch by its mean colour, and see what becomes of its probability
    (M. Zeiler, R. Fergus: Visualizing and Understanding Convolutional Networks, ECCV 2014).

    ``pixels``: uint8 RGB (h, w, 3). One call of the classifier; raises ModelError when that fails. Where
    squares overlap the effect is their mean.
    """
    squares = _squares(pixels.shape[0], pixels.shape[1])
    copies = np.repeat(pixels[np.newaxis], len(squares) + 1, axis=0)
    mean = np.rint(pixels.mean(axis=(0, 1))).astype(np.uint8)
    for copy, square in zip(copies[1:], squares, strict=True):
        copy[square] = mean
    answers = classifier.predict(copies)
    total = np.zeros(pixels.shape[:2], np.float32)
    count = np.zeros(pixels.shape[:2], np.float32)
    for answer, square in zip(answers[1:], squares, strict=True):
        total[square] += answers[0] - answer
        count[square] += 1
    return Explanation(total / count, float(answers[0]))


def _squares(height: int, width: int) -> list[tuple[slice, slice]]:
    """Rows and columns of each place; together they cover the patch."""
    rows, columns = _places(height), _places(width)
    return [(row, column) for row in rows for column in columns]


def _places(length: int) -> list[slice]:
    side = max(1, round(length * SQUARE))
    starts = sorted(set(np.rint(np.linspace(0, length - side, STEPS)).astype(int).tolist()))
    return [slice(start, start + side) for start in starts]
