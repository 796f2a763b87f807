"""What each person decided, and how it agrees with the answers and with others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import Review
from histoviewer.results.store import ResultStore, is_positive


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """What one person decided of each patch last, whoever decided it since.

    Attributes:
        name: who.
        malignant, benign, unsure: patches.
        corrected: those of the first two whose answer at the threshold is the other class.
        kappa: Cohen's, of the reviewer and the answers over the first two; None where it is undefined.
        seconds: median time a patch: from one decision to the next, shared by the patches that were decided
            together, pauses of more than five minutes left out; None where there is no such pair.
    """

    name: str
    malignant: int
    benign: int
    unsure: int
    corrected: int
    kappa: float | None
    seconds: float | None

    @property
    def decided(self) -> int:
        """Patches."""
        return self.malignant + self.benign + self.unsure


def cohens_kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Agreement of two over the same patches beyond chance (Cohen, 1960); None where both always say the
    same one class, or of nothing."""
    ones, others = np.array(one, np.bool_), np.array(other, np.bool_)
    if len({*one, *other}) < 2:
        return None
    share, other_share = float(ones.mean()), float(others.mean())
    by_chance = share * other_share + (1 - share) * (1 - other_share)
    return (float((ones == others).mean()) - by_chance) / (1 - by_chance)


def reviewer_figures(store: ResultStore, threshold: float) -> list[ReviewerFigures]:
    """One entry for each person who has decided anything, by name."""
    return [_figures(store, threshold, name) for name, own in sorted(store.ledger.own.items()) if own]


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How two people agree.

    Attributes:
        names: who.
        both: patches that each of them has decided.
        same: those of them that both decided alike.
        kappa: Cohen's, over those that both decided malignant or benign; None where it is undefined.
    """

    names: tuple[str, str]
    both: int
    same: int
    kappa: float | None


def pair_figures(store: ResultStore) -> list[PairFigures]:
    """One entry for each two people who have decided of the same patches, by name."""
    pairs = (_pair(one, other) for one, other in combinations(sorted(store.ledger.own.items()), 2))
    return [pair for pair in pairs if pair.both]


Own = tuple[str, Mapping[int, Review]]
"""A name, and row -> that person's decision."""


def _pair(one: Own, other: Own) -> PairFigures:
    rows = one[1].keys() & other[1].keys()
    classes = [(one[1][row].review, other[1][row].review) for row in rows]
    sure = [pair for pair in classes if {*pair} <= {BENIGN, MALIGNANT}]
    return PairFigures(
        names=(one[0], other[0]),
        both=len(classes),
        same=sum(mine == theirs for mine, theirs in classes),
        kappa=cohens_kappa(*([pair[side] == MALIGNANT for pair in sure] for side in (0, 1))),
    )


def _figures(store: ResultStore, threshold: float, name: str) -> ReviewerFigures:
    own = store.ledger.own[name]
    counts = Counter(decision.review for decision in own.values())
    sure = [row for row, decision in own.items() if decision.review in (BENIGN, MALIGNANT)]
    sure = [row for row in sure if not math.isnan(float(store.probability[row]))]
    decided = [own[row].review == MALIGNANT for row in sure]
    answered = is_positive(store.probability[sure], threshold).tolist() if sure else []
    return ReviewerFigures(
        name=name,
        malignant=counts[MALIGNANT],
        benign=counts[BENIGN],
        unsure=len(own) - counts[MALIGNANT] - counts[BENIGN],
        corrected=sum(one != other for one, other in zip(decided, answered, strict=True)),
        kappa=cohens_kappa(decided, answered),
        seconds=_median_seconds([decision.time for decision in own.values()]),
    )


_LONGEST_PAUSE = np.timedelta64(5, "m")


def _median_seconds(times: list[str]) -> float | None:
    moments = np.sort(np.array([time.removesuffix("+00:00") for time in times], "datetime64[ms]"))
    # Patches that were decided together have one time.
    steps, together = np.unique(moments, return_counts=True)
    waits, patches = np.diff(steps), together[1:]
    is_work = waits <= _LONGEST_PAUSE
    shared = np.repeat(waits[is_work] / np.timedelta64(1, "s") / patches[is_work], patches[is_work])
    return float(np.median(shared)) if len(shared) else None
