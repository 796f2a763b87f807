"""The reviews of what is open, as the trainer takes them: what was reviewed, and its result file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from histoviewer.gui.open_source import OpenSource, results_path
from histoviewer.gui.session import Session
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.results.reviews import NO_REVIEW


@dataclass(frozen=True, slots=True)
class OpenReviews:
    """Attributes:
    data: paths of reviewed sources, each with its result file behind it.
    decisions: on their patches.
    patients: whose patches somebody is sure of.
    """

    data: tuple[Path, ...]
    decisions: int
    patients: tuple[str, ...]


def open_reviews(session: Session) -> OpenReviews:
    """Of all sources that are open and whose decisions are kept in a file."""
    reviewed = [one for one in session.sources if not one.not_kept and _decisions(one)]
    paths = [path for one in reviewed for path in (one.source.path, results_path(one.source.path))]
    patients = sorted(set().union(*map(_patients, reviewed)))
    return OpenReviews(
        tuple(path.absolute() for path in paths), sum(map(_decisions, reviewed)), tuple(patients)
    )


def _decisions(opened: OpenSource) -> int:
    return int(np.count_nonzero(opened.store.review != NO_REVIEW))


def _patients(opened: OpenSource) -> set[str]:
    columns = opened.source.columns
    # Of whom nobody is sure there is nothing to be learnt.
    is_sure = (opened.store.review == BENIGN) | (opened.store.review == MALIGNANT)
    reviewed = np.unique(columns.patient[is_sure])
    return {columns.patients[number] for number in reviewed.tolist()}
