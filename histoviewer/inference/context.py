"""A patch's answer combined with its neighbours': NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.model_card import Context

_LEAST = 1e-7
"""Probabilities are kept so far from 0 and 1 that their logits are finite."""


@dataclass(frozen=True, slots=True)
class ContextModel:
    """A logistic regression on the logits of a patch and of the rings of patches around it.

    With z the patch's own logit, m_r the mean of its neighbours' in ring r, N how many neighbours there are
    in all rings, and g = N / (N + shrinkage),

        combined logit = z + g * (intercept + own * z + sum over r of rings[r] * m_r),

    so that few neighbours count for little, and a patch without any keeps its own answer.

    Attributes:
        own: weight of the patch's own logit beside the one that it has by itself.
        rings: weight of each ring's mean, the nearest ring first.
        intercept: logit.
        shrinkage: number of neighbours that count for half of what very many would.
        max_logit: logits are cut to -max_logit … max_logit.
    """

    own: float
    rings: tuple[float, ...]
    intercept: float
    shrinkage: float
    max_logit: float

    @classmethod
    def of(cls, context: Context) -> ContextModel:
        """What a model card says."""
        return cls(context.own, context.rings, context.intercept, context.shrinkage, context.max_logit)

    def logits(self, probability: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits of probabilities, cut to ``max_logit``: float32 (n,), NaN where NaN is given."""
        kept = np.clip(probability.astype(np.float64), _LEAST, 1 - _LEAST)
        logits: NDArray[np.float64] = np.log(kept) - np.log1p(-kept)
        return logits.clip(-self.max_logit, self.max_logit).astype(np.float32)

    def features(
        self, logit: NDArray[np.float32], mean: NDArray[np.float32], count: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """float64 (n, R + 2): g, g * z, and g * m_r of each of the R rings: what ``intercept``, ``own`` and
        ``rings`` are the weights of.

        ``logit``: (n,), of ``logits``. ``mean``: (n, R), of the neighbours' ``logits``, 0 where there is
        none. ``count``: int (n, R), how many.
        """
        total = count.sum(axis=1).astype(np.float64)
        share = np.divide(total, total + self.shrinkage, out=np.zeros_like(total), where=total > 0)
        columns = [np.ones(len(logit)), logit, *mean.T]
        return np.stack([share * column for column in columns], axis=1)

    def combine(
        self, probability: NDArray[np.float32], mean: NDArray[np.float32], count: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Probabilities with the neighbours taken into account: float32 (n,), NaN where NaN is given.

        ``probability``: float32 (n,), of the patches alone. ``mean``, ``count``: as ``features``. Where
        there is no neighbour the very ``probability`` comes back.
        """
        own = self.logits(probability)
        logit = own.astype(np.float64)
        weights = (self.intercept, self.own, *self.rings)
        # One product after the other: a matrix product may order its sums by the number of patches.
        for weight, column in zip(weights, self.features(own, mean, count).T, strict=True):
            logit = logit + weight * column
        # The logistic function, in a form that neither overflows nor minds NaN.
        combined = (0.5 + 0.5 * np.tanh(logit / 2)).astype(np.float32)
        return np.where(count.sum(axis=1) > 0, combined, probability)
