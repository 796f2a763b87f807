"""Which patches the gallery shows, in which order: numpy only, no Qt.

Everything is derived from the columns of the source and the probabilities; nothing is stored, so a
threshold or a filter may change at every tick of a slider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.patches.names import without_truth
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN, PatchColumns
from histoviewer.results.agreement import is_disputed
from histoviewer.results.reviews import NO_REVIEW, UNSURE
from histoviewer.results.store import is_positive

_LAST = np.uint32(0xFFFFFFFF)
_INFINITY = np.float32(np.inf).view(np.uint32)


class Sort(Enum):
    """What comes first. Patches that cannot be ranked come last, equal ones in source order."""

    POSITION = "position"
    HIGHEST = "highest"
    LOWEST = "lowest"
    UNCERTAINTY = "uncertainty"
    DISAGREEMENT = "disagreement"
    AGAINST_REVIEW = "against review"


class Show(Enum):
    """Patches of which class, at the threshold or by the truth, or what people decided of them; disputed ones
    are of another class by the truth, corrected ones by the review."""

    ALL = "all"
    MALIGNANT = "malignant"
    BENIGN = "benign"
    NOT_JUDGED = "not judged"
    FAILED = "failed"
    TRULY_MALIGNANT = "truly malignant"
    TRULY_BENIGN = "truly benign"
    DISPUTED = "disputed"
    DECIDED = "decided"
    UNDECIDED = "undecided"
    UNSURE = "unsure"
    CORRECTED = "corrected"

    @property
    def follows_probabilities(self) -> bool:
        is_of_others = self.follows_truth or self.follows_reviews
        return self in (Show.DISPUTED, Show.CORRECTED) or not (is_of_others or self is Show.ALL)

    @property
    def follows_truth(self) -> bool:
        return self in (Show.TRULY_MALIGNANT, Show.TRULY_BENIGN, Show.DISPUTED)

    @property
    def follows_reviews(self) -> bool:
        return self in (Show.DECIDED, Show.UNDECIDED, Show.UNSURE, Show.CORRECTED)


@dataclass(frozen=True, slots=True)
class GalleryOrder:
    """What the user asked the gallery for.

    Attributes:
        sort: the order.
        show: the class.
        low, high: probabilities shown, both included. Narrower than 0 to 1 hides patches not judged.
        text: part of a file's or patient's name, upper or lower case alike.
        patient: the whole name of the only one shown; "" shows all.
        group: what stands together; ``sort`` then holds within a group.
    """

    sort: Sort = Sort.POSITION
    show: Show = Show.ALL
    low: float = 0.0
    high: float = 1.0
    text: str = ""
    patient: str = ""
    group: Group = Group.NONE

    def fitted_to(self, columns: PatchColumns) -> GalleryOrder:
        """Without what a source cannot answer: a patient that it has not, a truth that it does not know."""
        order = self
        if order.patient not in columns.patients:
            order = replace(order, patient="")
        if (columns.truth != UNKNOWN).any():
            return order
        return replace(
            order,
            sort=Sort.POSITION if order.sort is Sort.DISAGREEMENT else order.sort,
            show=Show.ALL if order.show.follows_truth else order.show,
            group=Group.NONE if order.group is Group.TRUTH else order.group,
        )

    def without_answers(self) -> GalleryOrder:
        """Without what would tell of answers and truths that are hidden."""
        is_telling = self.show.follows_probabilities or self.show.follows_truth
        show = Show.ALL if is_telling else self.show
        group = Group.NONE if self.group in (Group.CLASS, Group.TRUTH) else self.group
        return replace(self, sort=Sort.POSITION, show=show, group=group, low=0.0, high=1.0)

    @property
    def has_range(self) -> bool:
        return self.low > 0.0 or self.high < 1.0

    @property
    def follows_probabilities(self) -> bool:
        """Whether new probabilities may change what is shown or where."""
        is_ranked = self.sort is not Sort.POSITION or self.group is Group.CLASS
        return is_ranked or self.show.follows_probabilities or self.has_range

    @property
    def follows_reviews(self) -> bool:
        """Whether new decisions may change where something is shown."""
        return self.sort is Sort.AGAINST_REVIEW or self.show.follows_reviews

    @property
    def follows_threshold(self) -> bool:
        is_ranked = self.sort is Sort.UNCERTAINTY or self.group is Group.CLASS
        return is_ranked or self.show in (Show.MALIGNANT, Show.BENIGN, Show.DISPUTED, Show.CORRECTED)


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """What is known about the patches of a source.

    Attributes:
        probabilities: float32 (n,) of malignancy; NaN where not judged.
        threshold: probabilities at or above it are malignant.
        failed: intp, rows that could not be read.
        reviews: int8 (n,), what people decided.
    """

    probabilities: NDArray[np.float32]
    threshold: float
    failed: NDArray[np.intp]
    reviews: NDArray[np.int8]


def rows_in_order(
    columns: PatchColumns, judgements: Judgements, order: GalleryOrder, *, is_blind: bool = False
) -> NDArray[np.intp]:
    """Rows of ``columns`` that ``order`` shows, first one first. ``is_blind``: names are searched without
    what tells the truth in them."""
    rows = _of_patient(columns, _judged(columns.truth, judgements, order), order.patient)
    rows = _named(columns, rows, order.text.strip().casefold(), is_blind=is_blind)
    if order.sort is Sort.POSITION:
        return rows
    said = judgements.reviews if order.sort is Sort.AGAINST_REVIEW else columns.truth
    return _ranked(rows, _rank(said[rows], judgements.probabilities[rows], judgements, order.sort))


def _judged(truth: NDArray[np.int8], judgements: Judgements, order: GalleryOrder) -> NDArray[np.intp]:
    if order.show.follows_truth:
        shown = _of_truth(truth, judgements, order.show)
    elif order.show.follows_reviews:
        shown = _of_review(judgements, order.show)
    else:
        shown = _of_class(judgements, order.show)
    if order.has_range:
        shown &= is_positive(judgements.probabilities, order.low)
        shown &= judgements.probabilities <= np.float32(order.high)
    return np.flatnonzero(shown)


def _of_class(judgements: Judgements, show: Show) -> NDArray[np.bool_]:
    probabilities = judgements.probabilities
    if show is Show.MALIGNANT:
        return is_positive(probabilities, judgements.threshold)
    if show is Show.BENIGN:
        return ~np.isnan(probabilities) & ~is_positive(probabilities, judgements.threshold)
    if show is Show.ALL:
        return np.ones(len(probabilities), dtype=np.bool_)
    failed = np.zeros(len(probabilities), dtype=np.bool_)
    failed[judgements.failed] = True
    return failed if show is Show.FAILED else np.isnan(probabilities) & ~failed


def _of_truth(truth: NDArray[np.int8], judgements: Judgements, show: Show) -> NDArray[np.bool_]:
    if show is not Show.DISPUTED:
        of_class: NDArray[np.bool_] = truth == (MALIGNANT if show is Show.TRULY_MALIGNANT else BENIGN)
        return of_class
    return is_disputed(judgements.probabilities, truth, judgements.threshold)


def _of_review(judgements: Judgements, show: Show) -> NDArray[np.bool_]:
    reviews = judgements.reviews
    if show is Show.CORRECTED:
        return is_disputed(judgements.probabilities, reviews, judgements.threshold)
    if show is Show.UNSURE:
        return np.equal(reviews, UNSURE)
    wanted: NDArray[np.bool_] = np.equal(reviews, NO_REVIEW) == (show is Show.UNDECIDED)
    return wanted


def _of_patient(columns: PatchColumns, rows: NDArray[np.intp], patient: str) -> NDArray[np.intp]:
    if not patient:
        return rows
    number = columns.patients.index(patient) if patient in columns.patients else -1
    of_patient: NDArray[np.intp] = rows[columns.patient[rows] == number]
    return of_patient


def _named(columns: PatchColumns, rows: NDArray[np.intp], text: str, *, is_blind: bool) -> NDArray[np.intp]:
    if not text:
        return rows
    patients = np.array([text in name.casefold() for name in columns.patients], dtype=np.bool_)
    return rows[patients[columns.patient[rows]] | _in_file(columns.files, rows, text, is_blind=is_blind)]


def _in_file(files: Sequence[str], rows: NDArray[np.intp], text: str, *, is_blind: bool) -> NDArray[np.bool_]:
    if len(files) == 1:
        return np.full(len(rows), text in files[0].casefold())
    names = (files[row] for row in rows.tolist())
    shown = map(without_truth, names) if is_blind else names
    return np.fromiter((text in name.casefold() for name in shown), np.bool_, len(rows))


def _rank(
    said: NDArray[np.int8], probabilities: NDArray[np.float32], judgements: Judgements, sort: Sort
) -> NDArray[np.uint32]:
    if sort is Sort.LOWEST:
        return _rising(probabilities)
    if sort is Sort.HIGHEST:
        return _falling(probabilities)
    if sort is Sort.UNCERTAINTY:
        return _rising(np.abs(probabilities - np.float32(judgements.threshold)))
    disagreement = np.abs(probabilities - said.astype(np.float32))
    disagreement[(said != BENIGN) & (said != MALIGNANT)] = np.nan
    return _falling(disagreement)


def _rising(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    # Floats that are not negative sort like their bits; adding zero turns -0.0 into 0.0.
    bits = (values + np.float32(0)).view(np.uint32)
    return np.where(np.isnan(values), _LAST, bits)


def _falling(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    bits = (values + np.float32(0)).view(np.uint32)
    return np.where(np.isnan(values), _LAST, _INFINITY - bits)


def _ranked(rows: NDArray[np.intp], rank: NDArray[np.uint32]) -> NDArray[np.intp]:
    # Rank and row in one whole number make numpy's fast unstable sort stable: ties go by the row.
    packed = (rank.astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64)
    packed.sort()
    return (packed & np.uint64(0xFFFFFFFF)).astype(np.intp)
