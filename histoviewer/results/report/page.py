"""One self-contained page of HTML on an input: nothing is fetched, and it prints."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from histoviewer.results.colormaps import DEFAULT_COLORMAP, lookup_table
from histoviewer.results.regions import Region
from histoviewer.results.report import tables
from histoviewer.results.report.content import ReportContent, ReportSlide
from histoviewer.results.report.style import STYLE
from histoviewer.results.report.tables import Table
from histoviewer.translation import _, spoken_language

_MALIGNANT, _BENIGN = "#D55E00", "#0072B2"


def page(content: ReportContent) -> str:
    """The whole document, in the language of the program."""
    notice = tables.notice()
    parts = [
        f"<h1>{escape(content.title)}</h1>",
        _paragraph(f"HistoViewer · {content.created}", "quiet"),
        _paragraph(notice, "notice"),
        _key_figures(content),
        *_slides(content),
        _histogram(content),
        _table_section(_("Against the truth"), tables.agreement_table(content.confusion)),
        _table_section(_("By patient"), tables.patients_table(content.patients)),
        _table_section(_("Reviews"), tables.reviewers_table(content.reviewers)),
        _table_section(_("Reviewers with each other"), tables.pairs_table(content.pairs)),
        *(_facts(title, rows) for title, rows in content.facts),
        _section(content.command_title, f"<p><code>{escape(content.command)}</code></p>"),
        f"<footer>{_paragraph(notice)}</footer>",
    ]
    head = (
        f'<!DOCTYPE html>\n<html lang="{spoken_language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(content.title)} – HistoViewer</title>\n<style>{STYLE}</style>\n</head>\n"
    )
    return head + "<body>\n" + "\n".join(part for part in parts if part) + "\n</body>\n</html>\n"


def _key_figures(content: ReportContent) -> str:
    shown = tables.key_figures(content)
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
        yield _paragraph(tables.left_out_text(content.slides_left_out), "quiet")


def _slide(slide: ReportSlide) -> str:
    parts = [f"<h3>{escape(slide.name)}</h3>"]
    if slide.overview is None:
        parts.append(_paragraph(slide.problem, "notice"))
    else:
        parts.append(_figure(slide.overview, slide.name, tables.overview_caption()))
    parts.append(_regions_table(slide.regions))
    if slide.close_ups:
        figures = (
            _figure(picture, text := tables.close_up_caption(number, slide.close_up_um), text)
            for number, picture in enumerate(slide.close_ups, start=1)
        )
        parts.append(f'<div class="hottest">{"".join(figures)}</div>')
    return "\n".join(parts)


def _regions_table(regions: Sequence[Region]) -> str:
    table = tables.regions_table(regions)
    return _paragraph(tables.no_regions_text()) if table is None else _table(table)


def _legend(threshold: float) -> str:
    table = lookup_table(DEFAULT_COLORMAP)
    stops = ", ".join("#{:02x}{:02x}{:02x}".format(*table[i][:3]) for i in range(0, 256, 15))
    label = tables.threshold_label(threshold)
    benign, malignant = escape(_("benign")), escape(_("malignant"))
    return (
        f'<div class="legend"><span>{benign} 0</span>'
        f'<div style="background: linear-gradient(to right, {stops})" title="{escape(label)}">'
        f'<i style="left: {100 * threshold:.2f}%"></i></div>'
        f"<span>1 {malignant} · {escape(label)}</span></div>"
    )


def _histogram(content: ReportContent) -> str:
    found = tables.histogram(content.probabilities)
    if found is None:
        return ""
    step = 1 / tables.BINS
    bars = "".join(
        f'<rect x="{12 * i + 1}" y="{104 - 100 * height:.1f}" width="10" height="{100 * height:.1f}" '
        f'fill="{_MALIGNANT if (i + 0.5) * step >= content.threshold else _BENIGN}">'
        f"<title>{i * step:.2f}–{(i + 1) * step:.2f}: {count}</title></rect>"
        for i, (count, height) in enumerate(zip(*(part.tolist() for part in found), strict=True))
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
    caption = escape(tables.histogram_caption())
    return _section(_("Probabilities"), f"<figure>{svg}<figcaption>{caption}</figcaption></figure>")


def _table_section(title: str, table: Table | None) -> str:
    return "" if table is None else _section(title, _table(table))


def _facts(title: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows if value
    )
    return _section(title, f'<div class="table"><table class="facts"><tbody>{lines}</tbody></table></div>')


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{body}</section>"


def _table(table: Table) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in table.head)
    lines = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in table.rows
    )
    whole = f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="table">{whole}</div>' + (_paragraph(table.note, "quiet") if table.note else "")


def _figure(picture: bytes, name: str, caption: str) -> str:
    data = base64.b64encode(picture).decode("ascii")
    return (
        f'<figure><img alt="{escape(name)}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
