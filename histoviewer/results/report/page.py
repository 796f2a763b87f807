"""One self-contained page of HTML on an input: nothing is fetched, and it prints."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from histoviewer.results.agreement import Confusion
from histoviewer.results.colormaps import DEFAULT_COLORMAP, lookup_table
from histoviewer.results.regions import Region
from histoviewer.results.report.figures import wilson
from histoviewer.results.report.style import STYLE
from histoviewer.results.reviewers import ReviewerFigures
from histoviewer.results.summary import Counts, SummaryEntry, role_text
from histoviewer.translation import _, spoken_language

MOST_REGIONS = 10
"""Rows of a slide's table of regions."""

_BINS = 50
_MALIGNANT, _BENIGN = "#D55E00", "#0072B2"


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
        reviewers: who decided, and what.
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
    facts: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    command: str


def page(content: ReportContent) -> str:
    """The whole document, in the language of the program."""
    notice = _("For research use only, not for diagnosis.")
    parts = [
        f"<h1>{escape(content.title)}</h1>",
        _paragraph(f"HistoViewer · {content.created}", "quiet"),
        _paragraph(notice, "notice"),
        _key_figures(content),
        *_slides(content),
        _histogram(content),
        _agreement(content.confusion),
        _patients(content.patients),
        _reviews(content.reviewers),
        *(_facts(title, rows) for title, rows in content.facts),
        _section(_("The same from the command line"), f"<p><code>{escape(content.command)}</code></p>"),
        f"<footer>{_paragraph(notice)}</footer>",
    ]
    head = (
        f'<!DOCTYPE html>\n<html lang="{spoken_language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(content.title)} – HistoViewer</title>\n<style>{STYLE}</style>\n</head>\n"
    )
    return head + "<body>\n" + "\n".join(part for part in parts if part) + "\n</body>\n</html>\n"


def _key_figures(content: ReportContent) -> str:
    counts = content.counts
    share = "–" if counts.malignant_share is None else _percent(counts.malignant_share)
    shown = [
        (_("Patches judged"), _count(counts.judged)),
        (_("Malignant"), _count(counts.malignant)),
        (_("Malignant share"), share),
        (_("Malignant area"), f"{_significant(counts.malignant_mm2)}\N{NO-BREAK SPACE}mm²"),
        (_("Judged area"), f"{_significant(counts.judged_mm2)}\N{NO-BREAK SPACE}mm²"),
        (_("Threshold"), f"{content.threshold:.3g}"),
    ]
    if counts.judged < counts.patches:
        shown.insert(1, (_("Patches in all"), _count(counts.patches)))
    if counts.failed:
        shown.append((_("Unreadable"), _count(counts.failed)))
    tiles = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in shown)
    return f'<dl class="key">{tiles}</dl>'


def _slides(content: ReportContent) -> Iterable[str]:
    if not content.slides:
        return
    heading = _("Heat map")
    yield f"<h2>{escape(heading)}</h2>"
    yield _legend(content.threshold)
    for slide in content.slides:
        yield _slide(slide)
    if content.slides_left_out:
        text = _("{count} more slides with smaller malignant areas are in the table only.")
        yield _paragraph(text.format(count=content.slides_left_out), "quiet")


def _slide(slide: ReportSlide) -> str:
    parts = [f"<h3>{escape(slide.name)}</h3>"]
    if slide.overview is None:
        parts.append(_paragraph(slide.problem, "notice"))
    else:
        caption = _("Probability of malignancy over the slide; outlined: regions at or above the threshold.")
        parts.append(_figure(slide.overview, slide.name, caption))
    parts.append(_regions_table(slide.regions))
    if slide.close_ups:
        caption = _("Region {number}, {side:.0f} µm wide")
        figures = (
            _figure(picture, text := caption.format(number=number, side=slide.close_up_um), text)
            for number, picture in enumerate(slide.close_ups, start=1)
        )
        parts.append(f'<div class="hottest">{"".join(figures)}</div>')
    return "\n".join(parts)


def _regions_table(regions: Sequence[Region]) -> str:
    if not regions:
        return _paragraph(_("No region reaches the threshold."))
    head = (_("Region"), _("Area, mm²"), _("Mean probability"), _("Highest"), _("Patches"))
    rows = [
        (
            str(number),
            _significant(region.area_mm2),
            f"{region.mean_probability:.2f}",
            f"{region.highest_probability:.2f}",
            _count(region.cells),
        )
        for number, region in enumerate(regions[:MOST_REGIONS], start=1)
    ]
    table = _table(head, rows)
    rest = regions[MOST_REGIONS:]
    if rest:
        area = sum(region.area_mm2 for region in rest)
        text = _("{count} smaller regions, {area} mm² together.")
        text = text.format(count=_count(len(rest)), area=_significant(area))
        table += _paragraph(text, "quiet")
    return table


def _legend(threshold: float) -> str:
    table = lookup_table(DEFAULT_COLORMAP)
    stops = ", ".join("#{:02x}{:02x}{:02x}".format(*table[i][:3]) for i in range(0, 256, 15))
    label = _("threshold {threshold}").format(threshold=f"{threshold:.3g}")
    benign, malignant = escape(_("benign")), escape(_("malignant"))
    return (
        f'<div class="legend"><span>{benign} 0</span>'
        f'<div style="background: linear-gradient(to right, {stops})" title="{escape(label)}">'
        f'<i style="left: {100 * threshold:.2f}%"></i></div>'
        f"<span>1 {malignant} · {escape(label)}</span></div>"
    )


def _histogram(content: ReportContent) -> str:
    judged = content.probabilities[~np.isnan(content.probabilities)]
    if not len(judged):
        return ""
    counts, edges = np.histogram(judged, _BINS, (0.0, 1.0))
    # By the root: a few hundred malignant patches are seen beside many thousands of benign ones.
    heights = 100 * np.sqrt(counts / counts.max())
    bars = "".join(
        f'<rect x="{12 * i + 1}" y="{104 - height:.1f}" width="10" height="{height:.1f}" '
        f'fill="{_MALIGNANT if (edge + 0.5 / _BINS) >= content.threshold else _BENIGN}">'
        f"<title>{edge:.2f}–{edge + 1 / _BINS:.2f}: {count}</title></rect>"
        for i, (height, edge, count) in enumerate(
            zip(heights.tolist(), edges[:-1].tolist(), counts.tolist(), strict=True)
        )
        if count
    )
    x, label = 600 * content.threshold, escape(_("Histogram of probabilities"))
    svg = (
        f'<svg viewBox="0 0 600 124" width="600" height="124" role="img" '
        f'aria-label="{label}">{bars}'
        f'<line x1="0" x2="600" y1="104.5" y2="104.5" stroke="currentColor"/>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="104" stroke="currentColor" stroke-dasharray="4 3"/>'
        '<g fill="currentColor" font-size="13"><text y="120">0</text>'
        '<text x="600" y="120" text-anchor="end">1</text></g></svg>'
    )
    caption = _("Patches by probability, heights by the square root of their number; dashed: the threshold.")
    return _section(_("Probabilities"), f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>")


def _agreement(found: Confusion) -> str:
    if not found.total:
        return ""
    malignant, benign = _("malignant"), _("benign")
    table = _table(
        (_("Truth"), _("judged malignant"), _("judged benign"), _("right")),
        [
            (malignant, _count(found.hits), _count(found.misses), _share(found.hits, found.misses)),
            (benign, _count(found.alarms), _count(found.rejections), _share(found.rejections, found.alarms)),
        ],
    )
    note = _(
        "In brackets 95 % intervals (Wilson) as if patches were independent. Those of one patient are not: "
        "for other patients they are too narrow."
    )
    return _section(_("Against the truth"), table + _paragraph(note, "quiet"))


def _patients(patients: Sequence[tuple[SummaryEntry, Confusion]]) -> str:
    if not patients:
        return ""
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
                _count(counts.judged),
                _count(counts.malignant),
                "–" if counts.malignant_share is None else _percent(counts.malignant_share),
                _significant(counts.malignant_mm2),
                _share(found.hits, found.misses),
                _share(found.rejections, found.alarms),
                "–" if agreement.roc_auc is None else f"{agreement.roc_auc:.3f}",
                role_text(entry.role),
            )
        )
    note = _(
        "Role: what the patient was to the model. Figures on patients it was trained on are no evidence."
    )
    return _section(_("By patient"), _table(head, rows) + _paragraph(note, "quiet"))


def _reviews(reviewers: Sequence[ReviewerFigures]) -> str:
    if not reviewers:
        return ""
    head = (
        *(_("Reviewer"), _("malignant"), _("benign"), _("unsure"), _("corrected")),
        *(_("Cohen's κ with the model"), _("seconds a patch")),
    )
    rows = [
        (
            one.name,
            *(_count(number) for number in (one.malignant, one.benign, one.unsure, one.corrected)),
            "–" if one.kappa is None else f"{one.kappa:.2f}",
            "–" if one.seconds is None else f"{one.seconds:.1f}",
        )
        for one in reviewers
    ]
    return _section(_("Reviews"), _table(head, rows))


def _facts(title: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows if value
    )
    return _section(title, f'<div class="table"><table class="facts"><tbody>{lines}</tbody></table></div>')


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{body}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return f'<div class="table"><table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>'


def _figure(picture: bytes, name: str, caption: str) -> str:
    data = base64.b64encode(picture).decode("ascii")
    return (
        f'<figure><img alt="{escape(name)}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _share(right: int, wrong: int) -> str:
    """A share with its interval, or a dash."""
    interval = wilson(right, right + wrong)
    if interval is None:
        return "–"
    return f"{right / (right + wrong):.3f} ({interval[0]:.3f}–{interval[1]:.3f})"


def _percent(share: float) -> str:
    return f"{100 * share:.3g}\N{NARROW NO-BREAK SPACE}%"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _significant(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else _count(round(value))
