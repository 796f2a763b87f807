"""How much a patch's neighbours say about it: fitted on answers about patients that were not trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from histoviewer.inference.context import ContextModel
from histoviewer.patches.names import GRAMMAR_PITCH
from histoviewer.patches.neighbours import Neighbourhood
from model_training.answers import Answers

RINGS = 2
"""Of patches around one that are looked at: 24 places, a square of 1 mm."""

SHRINKAGE = 2.0
"""Neighbours that count for half of what very many would."""

MAX_LOGIT = 8.0
"""A network that is wrong and certain must not drown its neighbours."""

RIDGE = 1e-2
"""Penalty on squared weights, in units of the log likelihood of one patch: keeps the fit finite where few
patches have neighbours."""


def fit_context(answers: Answers, probability: NDArray[np.float32]) -> ContextModel:
    """The weights of highest likelihood for the answers' truth.

    ``probability``: float32 (n,), calibrated, by networks that have not seen the patients.
    """
    blank = ContextModel(
        own=0.0, rings=(0.0,) * RINGS, intercept=0.0, shrinkage=SHRINKAGE, max_logit=MAX_LOGIT
    )
    logit = blank.logits(probability)
    mean, count = neighbourhood_of(answers).rings_of(logit, np.arange(len(answers)))
    weights = _logistic(
        blank.features(logit, mean, count), offset=logit.astype(np.float64), truth=answers.truth
    )
    return ContextModel(
        intercept=float(weights[0]),
        own=float(weights[1]),
        rings=tuple(map(float, weights[2:])),
        shrinkage=SHRINKAGE,
        max_logit=MAX_LOGIT,
    )


def combined(answers: Answers, probability: NDArray[np.float32], model: ContextModel) -> NDArray[np.float32]:
    """Each patch's probability, float32 (n,), with its neighbours taken into account."""
    neighbourhood = neighbourhood_of(answers)
    mean, count = neighbourhood.rings_of(model.logits(probability), np.arange(len(answers)))
    return model.combine(probability, mean, count)


def cross_fitted_context(
    answers: Answers, probability: NDArray[np.float32], groups: NDArray[np.generic]
) -> NDArray[np.float32]:
    """Like ``combined``, each group by weights that were fitted on all others.

    ``groups``: (n,), the fold or the patient of each patch; a patient lies in one group.
    """
    out = np.empty_like(probability)
    for group in np.unique(groups):
        is_out = groups == group
        model = fit_context(answers[~is_out], probability[~is_out])
        out[is_out] = combined(answers[is_out], probability[is_out], model)
    return out


def neighbourhood_of(answers: Answers) -> Neighbourhood:
    """Who lies next to whom, on each patient's slide."""
    slide = np.unique(answers.patients, return_inverse=True)[1]
    side = float(GRAMMAR_PITCH)
    return Neighbourhood(slide, answers.x, answers.y, patch=side, stride=side, rings=RINGS)


def _logistic(
    features: NDArray[np.float64], *, offset: NDArray[np.float64], truth: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Logistic regression of ``truth`` on ``features`` (n, k) beside a fixed ``offset``: float64 (k,)."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = offset + features @ weights
        error = 1 / (1 + np.exp(-logit)) - truth
        value = np.logaddexp(0, logit).sum() - (truth * logit).sum() + RIDGE * (weights @ weights)
        return float(value), features.T @ error + 2 * RIDGE * weights

    fitted = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B")
    weights: NDArray[np.float64] = fitted.x
    return weights
