"""How a training goes, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.theme import GRID
from histoviewer.gui.training.told import EpochFigures, Told

LEFT, LABELS = 44, 150
"""px beside the plots: for the ticks' numbers, and for the names of the lines."""

Figure = Callable[[EpochFigures], float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the epochs."""

    name: str
    figure: Figure
    style: Qt.PenStyle
    is_strong: bool


class EpochChart(QWidget):
    """Above the loss, on a log scale; below ROC AUC and balanced accuracy of the validation patients.

    The best epoch is marked in both. Lines differ in their strokes and names, not only in colour.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = Told()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(220)
        self.setAccessibleName(self.tr("Figures of each epoch"))
        solid, dashed = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        self._losses = (
            Line(self.tr("loss, validation"), lambda epoch: epoch.val_loss, solid, True),
            Line(self.tr("loss, training"), lambda epoch: epoch.loss, dashed, False),
        )
        self._shares = (
            Line(self.tr("ROC AUC"), lambda epoch: epoch.val_auc, solid, True),
            Line(self.tr("balanced accuracy"), lambda epoch: epoch.val_balanced_accuracy, dashed, False),
        )

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    def set_told(self, told: Told) -> None:
        """Paint what has been told."""
        self._told = told
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        half = (self.height() - 3.75 * line) / 2
        width = self.width() - LEFT - LABELS
        upper = QRectF(LEFT, line / 2, width, half)
        lower = QRectF(LEFT, upper.bottom() + 1.75 * line, width, half)
        self._paint(painter, upper, self._losses, *_loss_range(self._values(self._losses)), is_log=True)
        self._paint(painter, lower, self._shares, *_share_range(self._values(self._shares)), is_log=False)
        self._paint_epochs(painter, upper, lower)

    # -- where things are

    def _order(self) -> list[tuple[str, int]]:
        """All epochs that there will be at most, by phase and number."""
        phases = dict(self._told.phases)
        for epoch in self._told.epochs:
            phases.setdefault(epoch.phase, epoch.epochs)
        return [(name, number) for name, count in phases.items() for number in range(1, count + 1)]

    def _x(self, box: QRectF, epoch: tuple[str, int]) -> float:
        order = self._order()
        return _middle(box, order.index(epoch) if epoch in order else len(order), len(order))

    def _values(self, lines: Sequence[Line]) -> list[float]:
        found = [line.figure(epoch) for line in lines for epoch in self._told.epochs]
        return [value for value in found if value is not None and math.isfinite(value)]

    # -- what is painted

    def _paint(
        self,
        painter: QPainter,
        box: QRectF,
        lines: Sequence[Line],
        low: float,
        high: float,
        *,
        is_log: bool,
    ) -> None:
        look = neutrals(self.palette())
        painter.fillRect(box, self.palette().base())

        def y(value: float) -> float:
            share = _share(value, low, high, is_log=is_log)
            return box.bottom() - share * box.height()

        is_empty = is_log and not self._values(lines)  # a range that is nobody's
        for tick in () if is_empty else (low, math.sqrt(low * high) if is_log else (low + high) / 2, high):
            painter.setPen(QPen(look.line, 0.5, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left(), y(tick)), QPointF(box.right(), y(tick)))
            painter.setPen(look.faint_text)
            place = QRectF(0, y(tick) - 10, LEFT - GRID / 2, 20)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{tick:.2g}"
            )
        ends: list[float] = []
        for line in lines:
            self._paint_line(painter, box, line, look.accent if line.is_strong else look.text, y, ends)

    def _paint_line(
        self,
        painter: QPainter,
        box: QRectF,
        line: Line,
        colour: QColor,
        y: Callable[[float], float],
        ends: list[float],
    ) -> None:
        """``ends``: heights of the names that are there already; no two lie on each other."""
        points: list[tuple[str, QPointF]] = []
        for epoch in self._told.epochs:
            value = line.figure(epoch)
            if value is not None and math.isfinite(value):
                x = self._x(box, (epoch.phase, epoch.epoch))
                points.append((epoch.phase, QPointF(x, y(value))))
        painter.setPen(QPen(colour, 2 if line.is_strong else 1.5, line.style))
        for phase in dict.fromkeys(name for name, _ in points):
            painter.drawPolyline(QPolygonF([point for name, point in points if name == phase]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for _phase, point in points:
            painter.drawEllipse(point, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        height = points[-1][1].y() if points else box.top() + box.height() * (0.3 if line.is_strong else 0.7)
        row = self.fontMetrics().height()
        for other in ends:
            if abs(other - height) < row:
                height = other + row if height >= other else other - row
        ends.append(height)
        painter.setPen(QPen(colour, 2 if line.is_strong else 1.5, line.style))
        left = box.right() + GRID
        painter.drawLine(QPointF(left, height), QPointF(left + 2 * GRID, height))
        painter.setPen(self.palette().windowText().color())
        place = QRectF(left + 2.5 * GRID, height - row / 2, LABELS - 3.5 * GRID, row)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line.name)

    def _paint_epochs(self, painter: QPainter, upper: QRectF, lower: QRectF) -> None:
        look = neutrals(self.palette())
        row = self.fontMetrics().height()
        order = self._order()
        named = self._named(order, lower.width())
        painter.setPen(look.faint_text)
        for place, (_phase, number) in enumerate(order):
            x = _middle(lower, place, len(order))
            if number == 1 and place:
                painter.setPen(QPen(look.line, 1))
                border = x - lower.width() / len(order) / 2
                for box in (upper, lower):
                    painter.drawLine(QPointF(border, box.top()), QPointF(border, box.bottom()))
                painter.setPen(look.faint_text)
            if place in named:
                text = QRectF(x - 20, lower.bottom() + 2, 40, row)
                painter.drawText(text, Qt.AlignmentFlag.AlignHCenter, str(number))
        if order:
            text = QRectF(lower.right() + GRID, lower.bottom() + 2, LABELS - GRID, row)
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft, self.tr("epoch"))
        best = self._told.best() if self._told.epochs else None
        if best is not None:
            self._paint_best(painter, upper, lower, best)

    def _named(self, order: Sequence[tuple[str, int]], width: float) -> set[int]:
        """Places of the epochs whose numbers have room: where a part begins, and every so many behind it."""
        each = max(1.0, width) / max(1, len(order))
        advance = self.fontMetrics().horizontalAdvance
        step = math.ceil((advance(str(max((number for _, number in order), default=1))) + GRID) / each)
        starts = [place for place, (_, number) in enumerate(order) if number == 1]
        named = set()
        for place, (_, number) in enumerate(order):
            room = (advance("1") + GRID) / each if number == 1 else step
            if (number - 1) % step == 0 and not any(0 < start - place < room for start in starts):
                named.add(place)
        return named

    def _paint_best(self, painter: QPainter, upper: QRectF, lower: QRectF, best: EpochFigures) -> None:
        x = self._x(upper, (best.phase, best.epoch))
        text = self.palette().windowText().color()
        painter.setPen(QPen(text, 1, Qt.PenStyle.DotLine))
        for box in (upper, lower):
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        row = self.fontMetrics().height()
        word = self.tr("best")
        width = self.fontMetrics().horizontalAdvance(word) + GRID
        left = min(max(x - width / 2, upper.left()), upper.right() - width)
        painter.setPen(text)
        place = QRectF(left, upper.bottom() + (lower.top() - upper.bottom() - row) / 2, width, row)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)


def _middle(box: QRectF, place: int, count: int) -> float:
    """x of one of ``count`` epochs."""
    return box.left() + (place + 0.5) / max(1, count) * box.width()


def _share(value: float, low: float, high: float, *, is_log: bool) -> float:
    """Of the height, 0 to 1."""
    value = min(max(value, low), high)
    if is_log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def _loss_range(values: Sequence[float]) -> tuple[float, float]:
    """Of a log scale: a little more than all values."""
    values = [value for value in values if value > 0] or [0.1, 1.0]
    return min(values) / 1.2, max(values) * 1.2


def _share_range(values: Sequence[float]) -> tuple[float, float]:
    """From 0.5, which is chance, or from the lowest tenth below all values; to 1."""
    lowest = math.floor(min(values, default=0.5) * 10) / 10
    return min(0.5, lowest), 1.0
