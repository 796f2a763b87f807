"""Parts as a page of the About window, and as plain text to be copied."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from histoviewer.gui.about.card_parts import Part
from histoviewer.gui.theme import GRID


def as_html(parts: Iterable[Part]) -> str:
    """For a ``QTextBrowser``; colours are its palette's."""
    return "".join(map(_part_html, parts))


def as_text(parts: Iterable[Part]) -> str:
    """A heading a line, columns apart by two spaces or more."""
    return "\n\n".join(map(_part_text, parts)) + "\n"


def _part_html(part: Part) -> str:
    sentences = "".join(
        f"<p style='margin: 0 0 {GRID // 2}px 0'>{escape(text)}</p>" for text in part.sentences
    )
    title = f"<p style='margin: {2 * GRID}px 0 {GRID // 2}px 0'><b>{escape(part.title)}</b></p>"
    rows = "".join(_row_html(row, is_head=part.has_head and i == 0) for i, row in enumerate(part.rows))
    return title + sentences + (f"<table cellspacing='0'>{rows}</table>" if rows else "")


def _row_html(row: tuple[str, ...], *, is_head: bool) -> str:
    cells = []
    for text in row:
        shown = f"<i>{escape(text)}</i>" if is_head else escape(text)
        cells.append(f"<td style='padding: 1px {3 * GRID}px 1px 0'>{shown}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _part_text(part: Part) -> str:
    widths = [max(map(len, column)) for column in zip(*part.rows, strict=True)]
    rows = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in part.rows
    )
    return "\n".join((part.title, *part.sentences, *rows))
