"""Decisions of another person's result file, brought together with those of an open one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.patch_table import same_patches
from histoviewer.results.reviewers import cohens_kappa
from histoviewer.results.reviews import Review, Reviewed, read_reviews
from histoviewer.results.store import ResultStore
from histoviewer.translation import _


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What is to be added to a store, and how the two agree.

    Attributes:
        rows, decisions: to be added in this order, each by whom and when it says. A row stands here twice
            where the store's own decision is the newer one: it is made again, so that it counts.
        taken: decisions of the other file among them.
        reviewers: who made these, by name.
        both: patches on which each of the two files has a decision of its own that counts.
        same: those of them on which it is the same one.
        kappa: Cohen's, over those that both decided malignant or benign; None where it is undefined.
        elsewhere: decisions in the other file of patches that the store does not have.
    """

    rows: Sequence[int]
    decisions: Sequence[Review]
    taken: int
    reviewers: Sequence[str]
    both: int
    same: int
    kappa: float | None
    elsewhere: int


def merged_with(store: ResultStore, path: Path) -> Merged:
    """What of a result file's decisions is new to an open store; nothing is added to it yet.

    A patch is the same where file, stamp, place and size are. Raises ResultError when there is no such
    file, or it is damaged, foreign, newer, the store's own, or has no decisions on the store's patches.
    """
    if path.exists() and store.path.exists() and path.samefile(store.path):
        raise ResultError(_("{path} is the result file of this very source.").format(path=path))
    reviewed = read_reviews(path)
    if not reviewed.reviews:
        raise ResultError(_("There are no reviews in {path}.").format(path=path))
    theirs = _on_rows_of(store, reviewed, path)
    if not theirs:
        message = _(
            "None of the {count} reviews in {path} is of a patch that is open here. The files must be the "
            "same, with their names and times of modification, and the scale, too."
        )
        raise ResultError(message.format(count=len(reviewed.reviews), path=path))
    return _merged(store, theirs, elsewhere=len(reviewed.reviews) - len(theirs))


def _on_rows_of(store: ResultStore, reviewed: Reviewed, path: Path) -> dict[int, Review]:
    """Row of the store -> the other file's decision."""
    their_rows, rows = same_patches(reviewed.columns, store.columns)
    row_of = dict(zip(their_rows.tolist(), rows.tolist(), strict=True))
    return {
        row_of[row]: replace(decision, time=_in_utc(decision.time, path))
        for row, decision in reviewed.reviews.items()
        if row in row_of
    }


def _merged(store: ResultStore, theirs: Mapping[int, Review], *, elsewhere: int) -> Merged:
    added: list[tuple[int, Review]] = []
    again: list[tuple[int, Review]] = []
    both: list[tuple[int, int]] = []
    known = store.all_decisions()
    for row, decision in theirs.items():
        own = store.decisions.get(row)
        if own == decision:
            continue  # it was taken before
        if own is not None:
            both.append((own.review, decision.review))
        is_older = own is not None and decision.time <= own.time
        if not is_older:
            added.append((row, decision))
        elif own is not None and (row, decision) not in known:
            added.append((row, decision))
            again.append((row, own))
    sure = [pair for pair in both if {*pair} <= {BENIGN, MALIGNANT}]
    return Merged(
        rows=[row for row, _decision in added + again],
        decisions=[decision for _row, decision in added + again],
        taken=len(added),
        reviewers=sorted({decision.reviewer for _row, decision in added}),
        both=len(both),
        same=sum(one == other for one, other in both),
        kappa=cohens_kappa(
            [own == MALIGNANT for own, _their in sure],
            [their == MALIGNANT for _own, their in sure],
        ),
        elsewhere=elsewhere,
    )


def _in_utc(time: str, path: Path) -> str:
    """As our own decisions have it: times are compared as text."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError as error:
        message = _("{path}: a review has a time that is none: {time}.")
        raise ResultError(message.format(path=path, time=time)) from error
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")
