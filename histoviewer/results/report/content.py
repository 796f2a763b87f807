"""All that a report says, whatever it is written as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.agreement import Confusion
from histoviewer.results.regions import Region
from histoviewer.results.reviewers import PairFigures, ReviewerFigures
from histoviewer.results.summary import Counts, SummaryEntry
from histoviewer.translation import _


@dataclass(frozen=True, slots=True, eq=False)
class ReportSlide:
    """One slide in the report.

    Attributes:
        name: its name, or the patient's.
        overview: JPEG; None where it could not be read, ``problem`` then says why.
        regions: all of them, largest first.
        close_ups: JPEGs of the first of them, as they are stored.
        close_up_um: µm along the side of each.
    """

    name: str
    overview: bytes | None
    regions: Sequence[Region]
    close_ups: Sequence[bytes]
    close_up_um: float
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ReportContent:
    """All that a report says.

    Attributes:
        title: the input's name.
        created: ISO date.
        threshold: 0-1; all figures are at it.
        counts: of the whole input.
        probabilities: float32 (n,) of all patches, NaN where not judged.
        slides: those shown; ``slides_left_out``: how many are not.
        patients: one entry each; empty where the input is one patient without truth.
        confusion: of patches with a truth.
        reviewers: who decided, and what; pairs: how any two of them agree.
        facts: headings with rows of (name, value) on scale, model and run.
        command: the call that does the same.
    """

    title: str
    created: str
    threshold: float
    counts: Counts
    probabilities: NDArray[np.float32]
    slides: Sequence[ReportSlide]
    slides_left_out: int
    patients: Sequence[tuple[SummaryEntry, Confusion]]
    confusion: Confusion
    reviewers: Sequence[ReviewerFigures]
    pairs: Sequence[PairFigures]
    facts: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    command: str

    @property
    def command_title(self) -> str:
        """Decisions are in the result file alone: no call makes them again."""
        if self.reviewers:
            return _("The same from the command line, without the reviews")
        return _("The same from the command line")
