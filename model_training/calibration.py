"""Probabilities that are frequencies: fitted on patients not trained on, folded into the network itself.

The log odds are stretched and shifted (Platt 1999). Stretching alone is temperature scaling (Guo et al.
2017); the shift is needed because class weights let a training see as many malignant patches as benign ones,
which a laboratory does not.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from model_training.answers import logit, sigmoid

if TYPE_CHECKING:
    import keras

MIN_PATCHES = 20
"""Of each class: on fewer, two numbers fit chance."""

SLOPES = (0.1, 10.0)
"""Between which the slope is looked for: answers that are no better than chance have none, and answers
without a mistake let it grow without end."""

LAST_LAYER = "probability"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is done to the log odds that a network answers with.

    Attributes:
        slope: that they are multiplied by; above 0, so patches keep their order.
        intercept: that is added then.
        method: "platt", or "none" where nothing is done.
    """

    slope: float
    intercept: float
    method: Literal["platt", "none"]

    def calibrated(self, probability: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of float32 (n,): the same shape."""
        if self.method == "none":
            return probability
        return sigmoid(self.slope * logit(probability) + self.intercept)

    def undone(self, probability: NDArray[np.float32]) -> NDArray[np.float32]:
        """What was said before, of calibrated float32 (n,): the same shape."""
        if self.method == "none":
            return probability
        return sigmoid((logit(probability) - self.intercept) / self.slope)


UNCALIBRATED = Calibration(1.0, 0.0, "none")


def calibration_of(facts: Mapping[str, Any]) -> Calibration:
    """What a card says of it: ``asdict`` of one and what it was fitted on, or a method alone."""
    if facts["method"] == "none":
        return UNCALIBRATED
    return Calibration(facts["slope"], facts["intercept"], facts["method"])


def fit_calibration(logit: NDArray[np.float32], truth: NDArray[np.int8]) -> Calibration:
    """The most likely slope and intercept, given float32 (n,) log odds and the truth of the same patches.

    They must be of patients not trained on. Each patch counts alike, as in every figure of the evaluation.
    Truth falls short of certainty by as little as Platt has it, about one patch in all, so that answers
    without a mistake have a most likely slope, too. With too few patches of a class UNCALIBRATED, and the log
    says so.
    """
    malignant = int(np.count_nonzero(truth))
    benign = len(truth) - malignant
    if min(malignant, benign) < MIN_PATCHES:
        log.warning(
            "probabilities stay uncalibrated: %d malignant and %d benign patches; expected %d of each",
            malignant,
            benign,
            MIN_PATCHES,
        )
        return UNCALIBRATED
    target = np.where(truth == 1, (malignant + 1) / (malignant + 2), 1 / (benign + 2))
    slope, intercept = _most_likely(logit.astype(np.float64), target)
    if slope in SLOPES:
        log.warning(
            "the slope of the calibration ended at its bound of %g: look at the patients it was fitted on",
            slope,
        )
    return Calibration(slope, intercept, "platt")


def _most_likely(logit: NDArray[np.float64], target: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and intercept with the least cross-entropy, which is convex in them."""

    def cross_entropy(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = line[0] * logit + line[1]
        error = 1 / (1 + np.exp(-odds)) - target
        loss = np.mean(np.logaddexp(0, odds) - target * odds)
        return float(loss), np.array([np.mean(error * logit), np.mean(error)])

    start = np.array([1.0, 0.0])
    found = minimize(
        cross_entropy,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[SLOPES, (None, None)],
        options={"ftol": 1e-14, "gtol": 1e-10},
    )
    return float(found.x[0]), float(found.x[1])


def fold_into(network: keras.Model, calibration: Calibration) -> None:
    """Change the network's last layer so that its own answers are the calibrated ones.

    Its log odds are linear in its weights, so this is exact, and no engine has to know of it.
    """
    layer = network.get_layer(LAST_LAYER)
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * calibration.slope, bias * calibration.slope + calibration.intercept])
