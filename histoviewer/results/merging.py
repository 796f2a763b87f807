"""Decisions of another person's result file, brought together with those of an open one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from histoviewer.errors import ResultError
from histoviewer.patches.patch import BENIGN, MALIGNANT, PatchColumns
from histoviewer.results.matching import Unmatched, match
from histoviewer.results.reviewers import cohens_kappa
from histoviewer.results.reviews import Review, Reviewed, read_reviews
from histoviewer.results.sqlite_file import is_damage
from histoviewer.results.store import ResultStore
from histoviewer.translation import _


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What is to be added to a store, and how the two agree.

    Attributes:
        rows, decisions: to be added in this order, each by whom and when it says. A row stands here twice
            where the store's own decision is the newer one: it is made again, so that it counts.
        followed: places among these of decisions that are followed so.
        taken: decisions of the other file among them.
        known: decisions of the other file that are here already.
        reviewers: who made these, by name.
        both: patches on which each of the two files has a decision of its own that counts.
        same: those of them on which it is the same one.
        kappa: Cohen's, over those that both decided malignant or benign; None where it is undefined.
        unmatched: reason -> decisions in the other file of patches that are none of the store's.
        outdated: decisions there of patches that its own last run had no more.
    """

    rows: Sequence[int]
    decisions: Sequence[Review]
    followed: Sequence[int]
    taken: int
    known: int
    reviewers: Sequence[str]
    both: int
    same: int
    kappa: float | None
    unmatched: Mapping[Unmatched, int]
    outdated: int


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """The decisions of another person's result file on the patches of a source.

    Attributes:
        reviews: row of the source -> the decision that counts there.
        unmatched, outdated: as in ``Merged``.
    """

    reviews: Mapping[int, Review]
    unmatched: Mapping[Unmatched, int]
    outdated: int


def merged_with(store: ResultStore, path: Path) -> Merged:
    """``read_others`` and ``merged`` in one."""
    return merged(store, read_others(path, store.columns, own_path=store.path))


def read_others(
    path: Path, columns: PatchColumns, *, own_path: Path, check: Callable[[], object] = lambda: None
) -> Others:
    """What a result file says of these patches; see ``match`` for which are the same. In any thread.

    ``own_path``: the file that the patches' own decisions are in. ``check`` is called now and then; what it
    raises ends the reading. Raises ResultError when there is no such file, or it is damaged, foreign, newer,
    the own one, or has no decisions on these patches.
    """
    if path.exists() and own_path.exists() and path.samefile(own_path):
        raise ResultError(_("{path} is the result file of this very source.").format(path=path))
    reviewed = _read_reviews(path, check)
    rows = np.array(sorted(reviewed.reviews), np.intp)
    found = match(reviewed.columns, rows, columns, check=check)
    if not found.row_of:
        message = _("None of the {count} reviews in {path} is of a patch that is open here: {reasons}.")
        reasons = unmatched_text(found.unmatched)
        raise ResultError(message.format(count=len(reviewed.reviews), path=path, reasons=reasons))
    theirs = {
        found.row_of[row]: replace(decision, time=_in_utc(decision.time, path))
        for row, decision in reviewed.reviews.items()
        if row in found.row_of
    }
    return Others(theirs, found.unmatched, reviewed.outdated)


def _read_reviews(path: Path, check: Callable[[], object]) -> Reviewed:
    """Those of another person's file: what is said of it is not what helps with one's own."""
    try:
        reviewed = read_reviews(path, check=check)
    except ResultError as error:
        if not is_damage(error):
            raise
        message = _("{path} is damaged, or no result file of HistoViewer: {error}. Ask for a new copy of it.")
        raise ResultError(message.format(path=path, error=error.__cause__)) from error
    if reviewed.reviews:
        return reviewed
    if reviewed.outdated:
        message = _("Of the {count} reviews in {path} none is of a patch that its last run still had.")
        raise ResultError(message.format(count=reviewed.outdated, path=path))
    raise ResultError(_("There are no reviews in {path}.").format(path=path))


def unmatched_text(unmatched: Mapping[Unmatched, int]) -> str:
    """How many decisions could not be taken, and why, in words."""
    words = {
        Unmatched.NO_FILE: _("{count} of files that are not here"),
        Unmatched.OTHER_CONTENT: _("{count} of files that have another size here"),
        Unmatched.SIZE_UNKNOWN: _(
            "{count} of files that have another time here, and whose size an earlier program has not kept"
        ),
        Unmatched.AMBIGUOUS: _("{count} of files whose name and size several files have, here or there"),
        Unmatched.OTHER_PLACE: _("{count} of places without a patch here, as at another scale"),
    }
    return ", ".join(words[reason].format(count=count) for reason, count in unmatched.items())


def merged(store: ResultStore, others: Others) -> Merged:
    """What of these decisions is new to an open store; nothing is added to it yet. In the store's thread."""
    theirs = others.reviews
    added: list[tuple[int, Review]] = []
    again: list[tuple[int, Review]] = []
    followed: list[int] = []
    both: list[tuple[int, int]] = []
    for row, decision in theirs.items():
        own = store.decisions.get(row)
        if own is not None and own != decision:
            both.append((own.review, decision.review))
        if _is_known(store, row, decision):
            continue
        if own is not None and decision.time <= own.time:
            followed.append(len(added))
            again.append((row, own))
        added.append((row, decision))
    sure = [pair for pair in both if {*pair} <= {BENIGN, MALIGNANT}]
    return Merged(
        rows=[row for row, _decision in added + again],
        decisions=[decision for _row, decision in added + again],
        followed=followed,
        taken=len(added),
        known=len(theirs) - len(added),
        reviewers=sorted({decision.reviewer for _row, decision in added}),
        both=len(both),
        same=sum(one == other for one, other in both),
        kappa=cohens_kappa(
            [own == MALIGNANT for own, _their in sure],
            [their == MALIGNANT for _own, their in sure],
        ),
        unmatched=others.unmatched,
        outdated=others.outdated,
    )


def _is_known(store: ResultStore, row: int, decision: Review) -> bool:
    """It was taken before, or a later one of the same person was; what was undone is known no more."""
    own = store.ledger.own.get(decision.reviewer, {}).get(row)
    return own is not None and own.time >= decision.time


def _in_utc(time: str, path: Path) -> str:
    """As our own decisions have it: times are compared as text."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError as error:
        message = _("{path}: a review has a time that is none: {time}.")
        raise ResultError(message.format(path=path, time=time)) from error
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")
