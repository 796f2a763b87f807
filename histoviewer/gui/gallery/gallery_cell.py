"""How one patch looks in the gallery."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)

from histoviewer.gui import colours
from histoviewer.gui.class_marks import COLOURS, draw_shape
from histoviewer.gui.gallery.gallery_grid import BORDER
from histoviewer.patches.patch import MALIGNANT, UNKNOWN
from histoviewer.results.reviews import NO_REVIEW

CAPTION_FROM = 48
"""Smallest thumbnail, in pixels, with a line of text under it; smaller ones say malignant by a corner."""

_RING, _THIN_RING = 4, 3
_SHAPE = 8
_CORNER = 12


class Caption(NamedTuple):
    """The line below a thumbnail.

    Attributes:
        verdict: MALIGNANT, BENIGN or UNKNOWN (of the patch module), at the threshold.
        text: the probability, or why there is none.
        is_disputed: the truth is known and says otherwise.
        review: what a person decided: MALIGNANT, BENIGN, UNSURE or NO_REVIEW.
    """

    verdict: int
    text: str
    is_disputed: bool
    review: int = NO_REVIEW


def caption_font(font: QFont) -> QFont:
    """The smaller of the window's two sizes."""
    small = QFont(font)
    small.setPointSizeF(QFontInfo(font).pointSizeF() * 0.85)
    return small


class CellPainter:
    """Paints cells of one size in one palette; what cells share is drawn once and kept as pictures."""

    def __init__(self, *, side: int, palette: QPalette, font: QFont, ratio: float) -> None:
        """``ratio``: device pixels in one of the widget's."""
        self.side = side
        self._palette = palette
        self._neutrals = colours.neutrals(palette)
        self._font = caption_font(font)
        self.ratio = ratio
        self._captions: dict[Caption, QPixmap] = {}

    @cached_property
    def has_caption(self) -> bool:
        return self.side >= CAPTION_FROM

    @cached_property
    def caption_height(self) -> int:
        return QFontMetrics(self._font).height() + 2 if self.has_caption else 0

    def paint_ring(self, painter: QPainter, cell: QRect, *, is_selected: bool, is_current: bool) -> None:
        """What tells a selected cell, the one keys start from, or the one under the pointer, from the
        others; paint it first."""
        neutrals = self._neutrals
        colour = neutrals.accent if is_selected else neutrals.text if is_current else neutrals.line
        reach = _RING if is_current else _THIN_RING
        painter.fillRect(cell.adjusted(-reach, -reach, reach, reach), colour)
        painter.fillRect(cell.adjusted(-1, -1, 1, 1), self._palette.base())
        if is_selected:
            tint = QColor(colour)
            tint.setAlphaF(0.15)
            painter.fillRect(cell.adjusted(-1, cell.width(), 1, 1), tint)

    def paint(self, painter: QPainter, cell: QRect, thumbnail: QPixmap | None, caption: Caption) -> None:
        """``thumbnail``: ``side`` pixels square, or None while it is not at hand."""
        # Plain numbers: hundreds of cells a frame, and every rectangle object costs.
        left, top, width = cell.left(), cell.top(), cell.width()
        margin = self._margin(caption.verdict)
        side = width - 2 * margin
        painter.fillRect(left + margin, top + margin, side, side, COLOURS[caption.verdict])
        if thumbnail is None:
            painter.fillRect(left + BORDER, top + BORDER, self.side, self.side, self._palette.alternateBase())
        else:
            painter.drawPixmap(left + BORDER, top + BORDER, thumbnail)
        if self.has_caption:
            painter.drawPixmap(left, top + width, self._caption(caption, width))
        elif caption.verdict == MALIGNANT:
            painter.drawPixmap(left, top, self._corner)

    def _margin(self, verdict: int) -> int:
        # Without a caption the width of the frame tells benign from not judged.
        return 0 if self.has_caption or verdict != UNKNOWN else BORDER - 1

    @cached_property
    def hatched(self) -> QPixmap:
        """Stands for a patch that cannot be read."""
        return self._picture(self.side, self.side, self._hatch)

    @cached_property
    def _corner(self) -> QPixmap:
        return self._picture(_CORNER, _CORNER, self._fold)

    def _fold(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.MALIGNANT)
        painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(_CORNER, 0), QPointF(0, _CORNER)]))

    def _hatch(self, painter: QPainter) -> None:
        painter.fillRect(0, 0, self.side, self.side, self._neutrals.failed)
        painter.setPen(QPen(self._neutrals.hatch, 1.5))
        for start in range(-self.side, self.side, 8):
            painter.drawLine(start, self.side, start + self.side, 0)

    def _caption(self, caption: Caption, width: int) -> QPixmap:
        if caption not in self._captions:
            self._captions[caption] = self._picture(
                width, self.caption_height, lambda painter: self._write(painter, caption, width)
            )
        return self._captions[caption]

    def _write(self, painter: QPainter, caption: Caption, width: int) -> None:
        height = self.caption_height
        box = QRectF(1, (height - _SHAPE) / 2 + 1, _SHAPE, _SHAPE)
        draw_shape(painter, box, caption.verdict, COLOURS[caption.verdict])
        painter.setFont(self._font)
        painter.setPen(self._neutrals.text)
        left = box.right() + 3
        if caption.is_disputed:
            painter.drawText(QRect(round(left), 1, width, height), Qt.AlignmentFlag.AlignVCenter, "≠")
            left += painter.fontMetrics().horizontalAdvance("≠") + 2
        if caption.review != NO_REVIEW:
            self._draw_review(painter, box.translated(left - box.left(), 0), caption.review)
        painter.setPen(self._neutrals.text)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(0, 1, width, height), right, caption.text)

    def _draw_review(self, painter: QPainter, box: QRectF, review: int) -> None:
        """A tick, then the shape of what was decided."""
        painter.setPen(QPen(self._neutrals.text, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tick = (QPointF(0, 0.5), QPointF(0.35, 0.9), QPointF(0.9, 0.1))
        painter.drawPolyline([box.topLeft() + point * _SHAPE for point in tick])
        draw_shape(painter, box.translated(_SHAPE + 1, 0), review, COLOURS[review])

    def _picture(self, width: int, height: int, draw: Callable[[QPainter], None]) -> QPixmap:
        picture = QPixmap(round(width * self.ratio), round(height * self.ratio))
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        painter.end()
        return picture
