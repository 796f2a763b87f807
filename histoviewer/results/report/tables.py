"""The figures, tables and captions of a report in words, the same on a page of HTML and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.agreement import Confusion
from histoviewer.results.regions import Region
from histoviewer.results.report.content import ReportContent
from histoviewer.results.report.figures import wilson
from histoviewer.results.reviewers import PairFigures, ReviewerFigures
from histoviewer.results.summary import SummaryEntry, role_text
from histoviewer.translation import _

MOST_REGIONS = 10
"""Rows of a slide's table of regions."""

BINS = 50
"""Of the histogram."""


@dataclass(frozen=True, slots=True)
class Table:
    """Attributes:
    head: a name a column.
    rows: a text a column; the first names the row.
    note: what there is to say below; "" for nothing.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def notice() -> str:
    return _("For research use only, not for diagnosis.")


def key_figures(content: ReportContent) -> list[tuple[str, str]]:
    """Names and values of what is asked first."""
    counts = content.counts
    share = "–" if counts.malignant_share is None else percent(counts.malignant_share)
    shown = [
        (_("Patches judged"), count(counts.judged)),
        (_("Malignant"), count(counts.malignant)),
        (_("Malignant share"), share),
        (_("Malignant area"), f"{significant(counts.malignant_mm2)}\N{NO-BREAK SPACE}mm²"),
        (_("Judged area"), f"{significant(counts.judged_mm2)}\N{NO-BREAK SPACE}mm²"),
        (_("Threshold"), f"{content.threshold:.3g}"),
    ]
    if counts.judged < counts.patches:
        shown.insert(1, (_("Patches in all"), count(counts.patches)))
    if counts.failed:
        shown.append((_("Unreadable"), count(counts.failed)))
    return shown


def left_out_text(slides: int) -> str:
    """How many slides are not shown."""
    return _("{count} more slides with smaller malignant areas are in the table only.").format(count=slides)


def overview_caption() -> str:
    return _("Probability of malignancy over the slide; outlined: regions at or above the threshold.")


def close_up_caption(number: int, um: float) -> str:
    return _("Region {number}, {side:.0f} µm wide").format(number=number, side=um)


def threshold_label(threshold: float) -> str:
    return _("threshold {threshold}").format(threshold=f"{threshold:.3g}")


def regions_table(regions: Sequence[Region]) -> Table | None:
    """The largest; None where there is none."""
    if not regions:
        return None
    head = (_("Region"), _("Area, mm²"), _("Mean probability"), _("Highest"), _("Patches"))
    rows = [
        (
            str(number),
            significant(region.area_mm2),
            f"{region.mean_probability:.2f}",
            f"{region.highest_probability:.2f}",
            count(region.cells),
        )
        for number, region in enumerate(regions[:MOST_REGIONS], start=1)
    ]
    rest, note = regions[MOST_REGIONS:], ""
    if rest:
        area = significant(sum(region.area_mm2 for region in rest))
        note = _("{count} smaller regions, {area} mm² together.").format(count=count(len(rest)), area=area)
    return Table(head, rows, note)


def no_regions_text() -> str:
    return _("No region reaches the threshold.")


def histogram(probabilities: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]] | None:
    """Patches in each of ``BINS`` from 0 to 1, and the heights of their bars, 0 to 1; None of nothing.

    By the root: a few hundred malignant patches are seen beside many thousands of benign ones.
    """
    judged = probabilities[~np.isnan(probabilities)]
    if not len(judged):
        return None
    counts, _edges = np.histogram(judged, BINS, (0.0, 1.0))
    return counts, np.sqrt(counts / counts.max())


def histogram_caption() -> str:
    return _("Patches by probability, heights by the square root of their number; dashed: the threshold.")


def agreement_table(found: Confusion) -> Table | None:
    """Answers against the truth; None where that is not known."""
    if not found.total:
        return None
    note = _(
        "In brackets 95 % intervals (Wilson) as if patches were independent. Those of one patient are not: "
        "for other patients they are too narrow."
    )
    return Table(
        (_("Truth"), _("judged malignant"), _("judged benign"), _("right")),
        [
            (_("malignant"), count(found.hits), count(found.misses), share(found.hits, found.misses)),
            (
                *(_("benign"), count(found.alarms), count(found.rejections)),
                share(found.rejections, found.alarms),
            ),
        ],
        note,
    )


def patients_table(patients: Sequence[tuple[SummaryEntry, Confusion]]) -> Table | None:
    if not patients:
        return None
    head = (
        *(_("Patient"), _("Judged"), _("Malignant"), _("Share"), _("Area, mm²")),
        *(_("Sensitivity"), _("Specificity"), _("ROC AUC"), _("Role")),
    )
    rows = []
    for entry, found in patients:
        counts, agreement = entry.summary.counts, entry.summary.agreement
        rows.append(
            (
                entry.patient,
                count(counts.judged),
                count(counts.malignant),
                "–" if counts.malignant_share is None else percent(counts.malignant_share),
                significant(counts.malignant_mm2),
                share(found.hits, found.misses),
                share(found.rejections, found.alarms),
                "–" if agreement.roc_auc is None else f"{agreement.roc_auc:.3f}",
                role_text(entry.role),
            )
        )
    note = _(
        "Role: what the patient was to the model. Figures on patients it was trained on are no evidence."
    )
    return Table(head, rows, note)


def reviewers_table(reviewers: Sequence[ReviewerFigures]) -> Table | None:
    if not reviewers:
        return None
    head = (
        *(_("Reviewer"), _("malignant"), _("benign"), _("unsure"), _("corrected")),
        *(_("Cohen's κ with the model"), _("seconds a patch")),
    )
    rows = [
        (
            one.name,
            *(count(number) for number in (one.malignant, one.benign, one.unsure, one.corrected)),
            "–" if one.kappa is None else f"{one.kappa:.2f}",
            "–" if one.seconds is None else f"{one.seconds:.1f}",
        )
        for one in reviewers
    ]
    return Table(head, rows)


def pairs_table(pairs: Sequence[PairFigures]) -> Table | None:
    if not pairs:
        return None
    head = (_("Reviewers"), _("decided by both"), _("alike"), _("Cohen's κ"))
    rows = [
        (
            " – ".join(pair.names),
            *(count(pair.both), count(pair.same)),
            "–" if pair.kappa is None else f"{pair.kappa:.2f}",
        )
        for pair in pairs
    ]
    return Table(head, rows, _("Of each patch a reviewer's latest decision is counted."))


def share(right: int, wrong: int) -> str:
    """A share with its interval, or a dash."""
    interval = wilson(right, right + wrong)
    if interval is None:
        return "–"
    return f"{right / (right + wrong):.3f} ({interval[0]:.3f}–{interval[1]:.3f})"


def percent(part: float) -> str:
    return f"{100 * part:.3g}\N{NARROW NO-BREAK SPACE}%"


def count(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def significant(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else count(round(value))
