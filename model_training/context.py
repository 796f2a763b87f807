"""How much a patch's neighbours say about it: fitted on answers about patients that were not trained on."""

from __future__ import annotations

import logging
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from histoviewer.inference.context import ContextModel
from histoviewer.patches.names import GRAMMAR_PITCH
from histoviewer.patches.neighbours import Neighbourhood
from histoviewer.patches.patch import NO_LOCATION
from model_training.answers import Answers, sigmoid
from model_training.patches import SQUARE_MARK

RINGS = 4
"""Of patches around one that are looked at: 80 places, a square of 1.8 mm."""

SHRINKAGE = 2.0
"""Neighbours that count for half of what very many would."""

MAX_LOGIT = 8.0
"""A network that is wrong and certain must not drown its neighbours."""

STIFFNESS = 30.0
"""Penalty on squared distances of the weights from those of the plain average, in units of the log likelihood
of one patch: a few slides, however many patches they have, must not lead far from it."""

BLANK = ContextModel(own=0.0, rings=(0.0,) * RINGS, intercept=0.0, shrinkage=SHRINKAGE, max_logit=MAX_LOGIT)
"""Says of every patch what it says by itself."""

AVERAGE = replace(BLANK, own=-0.5, rings=(0.5, *(0.0,) * (RINGS - 1)))
"""Half a patch's own logit, half the mean of the eight around it: where the fit starts."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Surrounded:
    """Patches' answers and what lies around them.

    Attributes:
        probability: float32 (n,), calibrated, by networks that have not seen the patients.
        logit: float32 (n,), of it, cut to MAX_LOGIT.
        mean: float32 (n, RINGS), of the neighbours' ``logit`` in each ring; 0 where there is none.
        count: int32 (n, RINGS), how many there are.
    """

    probability: NDArray[np.float32]
    logit: NDArray[np.float32]
    mean: NDArray[np.float32]
    count: NDArray[np.int32]

    def __getitem__(self, rows: NDArray[np.bool_]) -> Surrounded:
        """Those of some rows, whose neighbours stay what they are."""
        return Surrounded(*(getattr(self, field.name)[rows] for field in fields(self)))


def surrounded(
    neighbourhood: Neighbourhood, probability: NDArray[np.float32], model: ContextModel = BLANK
) -> Surrounded:
    """``probability``: float32 (n,), of all patches of the neighbourhood. ``model`` says where logits are
    cut."""
    logit = model.logits(probability)
    return Surrounded(probability, logit, *neighbourhood.rings_of(logit, np.arange(len(logit))))


def fit_context(patches: Surrounded, truth: NDArray[np.int8]) -> ContextModel:
    """The weights of highest likelihood for the truth, int8 (n,), near those of the plain average.

    Without an intercept: how common malignant patches are is another matter on each slide, and a few slides
    would teach just that. (On the whole slides of the public data set, left out one at a time, an intercept
    that undoes the share of malignant patches among all had a log loss of 0.297 instead of 0.262.)
    ``patches`` should be of whole slides: see ``completeness``.
    """
    features = BLANK.features(patches.logit, patches.mean, patches.count)[:, 1:]
    prior = np.array([AVERAGE.own, *AVERAGE.rings])
    offset = patches.logit.astype(np.float64)
    own, *rings = _logistic(features, offset=offset, truth=truth, prior=prior).tolist()
    return replace(BLANK, own=own, rings=tuple(rings))


def in_context(patches: Surrounded, model: ContextModel) -> NDArray[np.float32]:
    """Each patch's probability, float32 (n,), with its neighbours taken into account."""
    return model.combine(patches.probability, patches.mean, patches.count)


def combined(answers: Answers, probability: NDArray[np.float32], model: ContextModel) -> NDArray[np.float32]:
    """As ``in_context``, of answers and their calibrated probabilities, float32 (n,)."""
    neighbourhood = neighbourhood_of(answers, rings=len(model.rings))
    return in_context(surrounded(neighbourhood, probability, model), model)


def averaged(patches: Surrounded) -> NDArray[np.float32]:
    """The plain rival: the mean of a patch's logit and the mean of its eight neighbours', float32 (n,)."""
    both = sigmoid((patches.logit + patches.mean[:, 0]) / 2)
    return np.where(patches.count[:, 0] > 0, both, patches.probability)


def neighbourhood_of(answers: Answers, *, rings: int = RINGS) -> Neighbourhood:
    """Who lies next to whom, on each patient's slide.

    Of patches that are named as in the data set: they lie GRAMMAR_PITCH apart. Those of a slide file lie as
    far apart as the slide's scale has it, which answers do not hold: they count as patches without
    neighbours, and the log says so.
    """
    is_of_slide = np.char.find(answers.files, SQUARE_MARK) >= 0
    if is_of_slide.any():
        log.warning(
            "%d of %d patches are of slide files: what their neighbours say is not looked at, since only "
            "patches named as in the data set have a known distance",
            *(np.count_nonzero(is_of_slide), len(answers)),
        )
    slide = np.unique(answers.patients, return_inverse=True)[1]
    x, y = (np.where(is_of_slide, np.int32(NO_LOCATION), place) for place in (answers.x, answers.y))
    side = float(GRAMMAR_PITCH)
    return Neighbourhood(slide, x, y, patch=side, stride=side, rings=rings)


def _logistic(
    features: NDArray[np.float64],
    *,
    offset: NDArray[np.float64],
    truth: NDArray[np.int8],
    prior: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Logistic regression of ``truth`` on ``features`` (n, k) beside a fixed ``offset``: float64 (k,)."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit, change = offset + features @ weights, weights - prior
        error = 1 / (1 + np.exp(-logit)) - truth
        value = np.logaddexp(0, logit).sum() - (truth * logit).sum() + STIFFNESS * (change @ change)
        return float(value), features.T @ error + 2 * STIFFNESS * change

    fitted = minimize(loss, prior, jac=True, method="L-BFGS-B")
    weights: NDArray[np.float64] = fitted.x
    return weights
