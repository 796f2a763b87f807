"""Sheets of paper that are filled from the top, and turned when full."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

INK, QUIET, LINE = QColor("#1E1E1E"), QColor("#5F5F5F"), QColor("#CFCFCF")
MARGIN_MM = 16.0
_FOOT_MM = 8.0
_DPI = 300
_WRAPPED = Qt.TextFlag.TextWrapAnywhere
"""Checksums and paths have nothing to break at; words are broken only where they do not fit a line."""


class Sheets:
    """A4 upright, as a PDF. Lengths are millimetres; ``y`` counts down from the upper edge of what is filled.
    For one thread at a time, any.

    Attributes:
        painter: on the sheet that is filled now; it counts millimetres by ``dots``.
        width, height: of what is filled: the sheet without its margins and foot.
        y: how far it is filled.
    """

    def __init__(self, device: QIODevice, *, title: str, foot: str, font: QFont) -> None:
        """``foot``: said at the bottom of each sheet, with the title and the number."""
        writer = QPdfWriter(device)
        writer.setResolution(_DPI)
        writer.setTitle(title)
        writer.setCreator("HistoViewer")
        layout = QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF()
        )
        layout.setUnits(QPageLayout.Unit.Millimeter)
        writer.setPageLayout(layout)
        writer.setPageMargins(QMarginsF(*(4 * [MARGIN_MM])), QPageLayout.Unit.Millimeter)
        self._writer, self._font, self._title, self._foot = writer, font, title, foot
        self._number = 1
        self.painter = QPainter(writer)
        self.width = writer.width() / self.dots(1)
        self.height = writer.height() / self.dots(1) - _FOOT_MM
        self.y = 0.0
        self._write_foot()

    def end(self) -> None:
        """No more follows."""
        self.painter.end()

    def dots(self, mm: float) -> float:
        """The painter's units."""
        return mm * _DPI / 25.4

    def rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """Millimetres, in the painter's units."""
        return QRectF(*(self.dots(mm) for mm in (x, y, width, height)))

    def turn(self) -> None:
        """Go on on the next sheet."""
        self._writer.newPage()
        self._number += 1
        self.y = 0.0
        self._write_foot()

    def make_room(self, height: float) -> bool:
        """Turn unless so much is left, or nothing is filled yet; whether it was turned."""
        is_full = self.y > 0 and self.y + height > self.height
        if is_full:
            self.turn()
        return is_full

    def skip(self, height: float) -> None:
        """Leave so much free, but not at the top of a sheet."""
        if self.y > 0:
            self.y += height

    def font(self, points: float, *, is_bold: bool = False) -> QFont:
        font = QFont(self._font)
        font.setPointSizeF(points)
        font.setBold(is_bold)
        return font

    def text_size(self, text: str, font: QFont, width: float) -> tuple[float, float]:
        """Width and height that a text takes where it is wrapped at ``width``."""
        within = QRectF(0, 0, self.dots(width), 1e6)
        found = QFontMetricsF(font, self._writer).boundingRect(within, _wrap(text, font, self, width), text)
        return found.width() / self.dots(1), found.height() / self.dots(1)

    def write(
        self,
        text: str,
        box: QRectF,
        font: QFont,
        *,
        colour: QColor = INK,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Text at the top of a box of the painter's units."""
        self.painter.setFont(font)
        self.painter.setPen(colour)
        flags = align | Qt.AlignmentFlag.AlignTop
        self.painter.drawText(box, flags | _wrap(text, font, self, box.width() / self.dots(1)), text)

    def picture(self, data: bytes, x: float, y: float, width: float, height: float) -> None:
        """A JPEG, as large as it fits, in the upper left of a box."""
        image = QImage.fromData(data)
        scale = min(width / image.width(), height / image.height())
        self.painter.drawImage(self.rect(x, y, image.width() * scale, image.height() * scale), image)

    def line(self, y: float, colour: QColor = LINE, *, width: float | None = None) -> None:
        """A hairline from the left, all across unless ``width`` says other."""
        self.painter.fillRect(self.rect(0, y, self.width if width is None else width, 0.15), colour)

    def _write_foot(self) -> None:
        font, y = self.font(7.5), self.height + _FOOT_MM / 2
        left = self.rect(0, y, self.width - 12, _FOOT_MM / 2)
        text = f"{self._title} · {self._foot}"
        shown = QFontMetricsF(font, self._writer).elidedText(text, Qt.TextElideMode.ElideMiddle, left.width())
        self.line(y - 1)
        self.write(shown, left, font, colour=QUIET)
        right = self.rect(self.width - 12, y, 12, _FOOT_MM / 2)
        self.write(str(self._number), right, font, colour=QUIET, align=Qt.AlignmentFlag.AlignRight)


def _wrap(text: str, font: QFont, sheets: Sheets, width: float) -> Qt.TextFlag:
    """Between words, but within those that are longer than a line."""
    metrics = QFontMetricsF(font, sheets.painter.device())
    longest = max((metrics.horizontalAdvance(word) for word in text.split()), default=0.0)
    return _WRAPPED if longest > sheets.dots(width) else Qt.TextFlag.TextWordWrap


def column_widths(wanted: Sequence[float], least: Sequence[float], most: float) -> list[float]:
    """Widths of columns that together have at most ``most``: as wanted, or the widest ones made narrower, but
    not below ``least``; where even these are too much, all of them in proportion."""
    if sum(wanted) <= most:
        return list(wanted)
    if sum(least) >= most:
        return [width * most / sum(least) for width in least]
    low, high = 0.0, max(wanted)
    for _step in range(40):  # halved so often, the cap is exact to far less than a dot
        cap = (low + high) / 2
        is_too_wide = sum(_capped(wanted, least, cap)) > most
        low, high = (low, cap) if is_too_wide else (cap, high)
    return _capped(wanted, least, low)


def _capped(wanted: Sequence[float], least: Sequence[float], cap: float) -> list[float]:
    return [max(small, min(width, cap)) for width, small in zip(wanted, least, strict=True)]
