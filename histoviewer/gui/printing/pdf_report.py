"""The report of an input as a PDF, to be printed or filed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLineF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPen

from histoviewer.gui import colours
from histoviewer.gui.printing.sheet import INK, QUIET, Sheets, column_widths
from histoviewer.results.colormaps import DEFAULT_COLORMAP, lookup_table
from histoviewer.results.report import tables
from histoviewer.results.report.content import ReportContent, ReportSlide
from histoviewer.results.report.tables import Table
from histoviewer.staging import staged
from histoviewer.translation import _

_TEXT, _SMALL = 9.0, 8.0
"""Points."""

_TABLE_SIZES = (_SMALL, 7.0, 6.0)

_GAP, _CELL_GAP = 3.0, 4.0
"""Millimetres, as what follows."""

_NOTICE, _TILE = QColor("#FFF4E0"), QColor("#F2F2F2")
_OVERVIEW_MM, _CLOSE_UPS, _HISTOGRAM_MM = 96.0, 4, 24.0


def write_pdf(path: Path, content: ReportContent, font: QFont) -> None:
    """All of a report on sheets of A4, in the language of the program. In any thread.

    ``font``: its family is used. Raises ResultError when the file cannot be written; what was at ``path`` is
    then untouched.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    sheets = Sheets(buffer, title=content.title, foot=tables.notice(), font=font)
    try:
        _Printer(sheets).print_all(content)
    finally:
        sheets.end()
    with staged(path) as file:
        file.write(bytes(buffer.data().data()))


class _Printer:
    """Puts the parts of a report under one another."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    def print_all(self, content: ReportContent) -> None:
        self._paragraph(content.title, self._sheets.font(18, is_bold=True))
        self._quiet(f"HistoViewer · {content.created}")
        self._notice(tables.notice())
        self._key_figures(tables.key_figures(content))
        if content.slides:
            self._heading(_("Heat map"), 40)
            self._legend(content.threshold)
        for slide in content.slides:
            self._slide(slide)
        if content.slides_left_out:
            self._quiet(tables.left_out_text(content.slides_left_out))
        self._histogram(content)
        for title, table in (
            (_("Against the truth"), tables.agreement_table(content.confusion)),
            (_("By patient"), tables.patients_table(content.patients)),
            (_("Reviews"), tables.reviewers_table(content.reviewers)),
            (_("Reviewers with each other"), tables.pairs_table(content.pairs)),
        ):
            if table is not None:
                self._heading(title)
                self._table(table)
        for title, rows in content.facts:
            self._heading(title)
            self._facts(rows)
        self._heading(content.command_title)
        self._paragraph(content.command, self._sheets.font(_SMALL))

    # -- words

    def _heading(self, text: str, room: float = 24.0) -> None:
        """Not alone at the foot of a sheet: ``room`` for what follows."""
        sheets = self._sheets
        sheets.make_room(room)
        sheets.skip(2 * _GAP)
        self._paragraph(text, sheets.font(12, is_bold=True))
        sheets.line(sheets.y - _GAP / 2)

    def _quiet(self, text: str) -> None:
        self._paragraph(text, self._sheets.font(_SMALL), QUIET)

    def _paragraph(self, text: str, font: QFont, colour: QColor = INK) -> None:
        sheets = self._sheets
        _width, height = sheets.text_size(text, font, sheets.width)
        sheets.make_room(height)
        sheets.write(text, sheets.rect(0, sheets.y, sheets.width, height + 1), font, colour=colour)
        sheets.y += height + _GAP / 2

    def _notice(self, text: str) -> None:
        sheets, font = self._sheets, self._sheets.font(_TEXT)
        _width, height = sheets.text_size(text, font, sheets.width - 8)
        sheets.make_room(height + 4)
        sheets.painter.fillRect(sheets.rect(0, sheets.y, sheets.width, height + 4), _NOTICE)
        sheets.painter.fillRect(sheets.rect(0, sheets.y, 1.2, height + 4), colours.MALIGNANT)
        sheets.write(text, sheets.rect(4, sheets.y + 2, sheets.width - 8, height + 1), font)
        sheets.y += height + 4 + _GAP

    def _key_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        """Tiles, three in a row."""
        sheets, columns, height = self._sheets, 3, 15.0
        width = (sheets.width - (columns - 1) * _GAP) / columns
        for start in range(0, len(figures), columns):
            sheets.make_room(height)
            for place, (name, value) in enumerate(figures[start : start + columns]):
                x = place * (width + _GAP)
                sheets.painter.fillRect(sheets.rect(x, sheets.y, width, height), _TILE)
                inside = sheets.rect(x + 3, sheets.y + 2, width - 4, 5)
                sheets.write(name, inside, sheets.font(_SMALL), colour=QUIET)
                sheets.write(value, inside.translated(0, sheets.dots(4.5)), sheets.font(15))
            sheets.y += height + _GAP

    # -- pictures

    def _legend(self, threshold: float) -> None:
        sheets, width, height = self._sheets, 60.0, 2.8
        font, painter = sheets.font(_SMALL), sheets.painter
        benign = f"{_('benign')} 0"
        malignant = f"1 {_('malignant')} · {tables.threshold_label(threshold)}"
        left = sheets.text_size(benign, font, sheets.width)[0] + _GAP
        bar = sheets.rect(left, sheets.y + 0.6, width, height)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        colors = lookup_table(DEFAULT_COLORMAP)
        for place in range(0, 256, 15):
            gradient.setColorAt(place / 255, QColor(*(int(part) for part in colors[place][:3])))
        painter.fillRect(bar, gradient)
        painter.fillRect(sheets.rect(left + threshold * width - 0.2, sheets.y, 0.4, height + 1.2), INK)
        sheets.write(benign, sheets.rect(0, sheets.y, left, 5), font)
        beside = left + width + _GAP
        sheets.write(malignant, sheets.rect(beside, sheets.y, sheets.width - beside, 5), font)
        sheets.y += height + _GAP

    def _slide(self, slide: ReportSlide) -> None:
        sheets = self._sheets
        height = 0.0
        if slide.overview is not None:
            image = QImage.fromData(slide.overview)
            height = min(_OVERVIEW_MM, sheets.width * image.height() / image.width())
        sheets.make_room(height + 20)
        sheets.skip(_GAP)
        self._paragraph(slide.name, sheets.font(10, is_bold=True))
        if slide.overview is None:
            self._notice(slide.problem)
        else:
            sheets.picture(slide.overview, 0, sheets.y, sheets.width, height)
            sheets.y += height + _GAP / 2
            self._quiet(tables.overview_caption())
        table = tables.regions_table(slide.regions)
        if table is None:
            self._paragraph(tables.no_regions_text(), sheets.font(_TEXT))
        else:
            self._table(table)
        self._close_ups(slide)

    def _close_ups(self, slide: ReportSlide) -> None:
        sheets, caption = self._sheets, 5.0
        side = (sheets.width - (_CLOSE_UPS - 1) * _GAP) / _CLOSE_UPS
        for start in range(0, len(slide.close_ups), _CLOSE_UPS):
            sheets.make_room(side + caption)
            for place, data in enumerate(slide.close_ups[start : start + _CLOSE_UPS]):
                x = place * (side + _GAP)
                sheets.picture(data, x, sheets.y, side, side)
                text = tables.close_up_caption(start + place + 1, slide.close_up_um)
                below = sheets.rect(x, sheets.y + side + 0.5, side, caption)
                sheets.write(text, below, sheets.font(_SMALL), colour=QUIET)
            sheets.y += side + caption + _GAP

    def _histogram(self, content: ReportContent) -> None:
        found, sheets = tables.histogram(content.probabilities), self._sheets
        if found is None:
            return
        self._heading(_("Probabilities"), _HISTOGRAM_MM + 24)
        bottom, width = sheets.y + _HISTOGRAM_MM, sheets.width
        step = width / tables.BINS
        for i, height in enumerate(found[1].tolist()):
            is_malignant = (i + 0.5) / tables.BINS >= content.threshold
            tall = height * _HISTOGRAM_MM
            bar = sheets.rect(i * step + 0.2, bottom - tall, step - 0.4, tall)
            sheets.painter.fillRect(bar, colours.MALIGNANT if is_malignant else colours.BENIGN)
        sheets.line(bottom, INK)
        mark = sheets.rect(content.threshold * width, sheets.y, 0, _HISTOGRAM_MM)
        sheets.painter.setPen(QPen(INK, sheets.dots(0.25), Qt.PenStyle.DashLine))
        sheets.painter.drawLine(QLineF(mark.topLeft(), mark.bottomLeft()))
        below, font = sheets.rect(0, bottom + 0.5, width, 5), sheets.font(_SMALL)
        sheets.write("0", below, font)
        sheets.write("1", below, font, align=Qt.AlignmentFlag.AlignRight)
        sheets.y = bottom + 5
        self._quiet(tables.histogram_caption())

    # -- tables

    def _table(self, table: Table) -> None:
        """The head stands once more on each sheet that a long table goes on on."""
        points, widths = self._fitted(table)
        head, text = self._sheets.font(points, is_bold=True), self._sheets.font(points)
        self._sheets.make_room(self._row_height(table.head, widths, head) + 10)
        self._row(table.head, widths, head)
        for row in table.rows:
            if self._sheets.make_room(self._row_height(row, widths, text)):
                self._row(table.head, widths, head)
            self._row(row, widths, text)
        self._sheets.y += _GAP / 2
        if table.note:
            self._quiet(table.note)

    def _fitted(self, table: Table) -> tuple[float, list[float]]:
        """The largest of ``_TABLE_SIZES`` in which no word has to be broken, and the widths of the columns,
        with the gaps between them."""
        sheets = self._sheets
        room = sheets.width - (len(table.head) - 1) * _CELL_GAP
        columns = list(zip(table.head, *table.rows, strict=True))
        for points in _TABLE_SIZES:
            fonts = [sheets.font(points, is_bold=True), *(len(table.rows) * [sheets.font(points)])]
            wanted = [
                max(self._widest([cell], font) for cell, font in zip(column, fonts, strict=True))
                for column in columns
            ]
            least = [
                max(self._widest(cell.split(), font) for cell, font in zip(column, fonts, strict=True))
                for column in columns
            ]
            if sum(least) <= room:
                break
        widths = column_widths(wanted, least, room)
        return points, [width + _CELL_GAP for width in widths[:-1]] + widths[-1:]

    def _widest(self, texts: Sequence[str], font: QFont) -> float:
        sizes = (self._sheets.text_size(text, font, 1000) for text in texts)
        return max((width + 0.3 for width, _height in sizes), default=0.0)

    def _inside(self, widths: Sequence[float]) -> list[float]:
        """Widths without the gaps."""
        return [width - _CELL_GAP for width in widths[:-1]] + [widths[-1]]

    def _row_height(self, cells: Sequence[str], widths: Sequence[float], font: QFont) -> float:
        pairs = zip(cells, self._inside(widths), strict=True)
        return 1.8 + max(self._sheets.text_size(cell, font, width)[1] for cell, width in pairs)

    def _row(self, cells: Sequence[str], widths: Sequence[float], font: QFont) -> None:
        sheets, height, x = self._sheets, self._row_height(cells, widths, font), 0.0
        for place, (cell, width) in enumerate(zip(cells, self._inside(widths), strict=True)):
            align = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            sheets.write(cell, sheets.rect(x, sheets.y + 0.8, width, height), font, align=align)
            x += width + _CELL_GAP
        sheets.y += height
        sheets.line(sheets.y, width=sum(widths))

    def _facts(self, rows: Sequence[tuple[str, str]]) -> None:
        sheets, font = self._sheets, self._sheets.font(_SMALL)
        shown = [(name, value) for name, value in rows if value]
        left = max(sheets.text_size(name, font, 60)[0] for name, _value in shown) + _CELL_GAP
        for name, value in shown:
            right = sheets.width - left
            height = 1.2 + max(sheets.text_size(value, font, right)[1], sheets.text_size(name, font, left)[1])
            sheets.make_room(height)
            sheets.write(name, sheets.rect(0, sheets.y, left, height), font, colour=QUIET)
            sheets.write(value, sheets.rect(left, sheets.y, right, height), font)
            sheets.y += height
