"""The scale bar: how long a piece of the screen is on the glass."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui.colours import neutrals

_LONGEST = 160
_MARGIN = 8
_TICK = 4


@dataclass(frozen=True, slots=True)
class BarLength:
    """A round length.

    Attributes:
        amount: 1, 2 or 5 times a power of ten, in ``unit``.
        unit: "µm", "mm" or "px" (level-0 pixels of a slide without a scale).
        screen: the same in view pixels.
    """

    amount: float
    unit: str
    screen: float

    @property
    def text(self) -> str:
        return f"{self.amount:g} {self.unit}"


def choose_length(*, scale: float, mpp: float | None, longest: float) -> BarLength:
    """The longest round length of at most ``longest`` view pixels.

    ``scale`` is view pixels per level-0 pixel, ``mpp`` µm per level-0 pixel. Without it the bar counts
    level-0 pixels.
    """
    per_screen = (mpp or 1.0) / scale
    amount = _round_down(longest * per_screen)
    screen = amount / per_screen
    if mpp is None:
        return BarLength(amount, "px", screen)
    return BarLength(amount / 1000, "mm", screen) if amount >= 1000 else BarLength(amount, "µm", screen)


def _round_down(length: float) -> float:
    """The largest of … 1, 2, 5, 10, 20, 50 … that is not longer."""
    power = 10.0 ** math.floor(math.log10(length) + 1e-9)
    step = max(step for step in (1, 2, 5) if step * power <= length * (1 + 1e-9))
    return step * power


class ScaleBar(QWidget):
    """A bar of a round length with its label, on a small panel. It never catches the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mpp: float | None = None
        self._length = choose_length(scale=1.0, mpp=None, longest=_LONGEST)

    @property
    def text(self) -> str:
        """What the label says."""
        return self._length.text if self._mpp else self.tr("{0} · uncalibrated").format(self._length.text)

    def set_scale(self, *, scale: float, mpp: float | None) -> None:
        """``scale``: view pixels per level-0 pixel; ``mpp``: µm per level-0 pixel, None where unknown."""
        self._mpp = mpp
        self._length = choose_length(scale=scale, mpp=mpp, longest=_LONGEST)
        self.setAccessibleName(self.tr("Scale bar: {0}").format(self.text))
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = max(self._length.screen, metrics.horizontalAdvance(self.text)) + 2 * _MARGIN
        return QSize(math.ceil(width), metrics.height() + _TICK + _MARGIN + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = neutrals(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(colours.text)
        text_box = QRectF(0, 3, self.width(), self.fontMetrics().height())
        painter.drawText(text_box, Qt.AlignmentFlag.AlignCenter, self.text)
        self._paint_bar(painter, QPen(colours.text, 2))

    def _paint_bar(self, painter: QPainter, pen: QPen) -> None:
        # The bar is what is measured: outer edge to outer edge of its two-pixel strokes.
        left = round((self.width() - self._length.screen) / 2) + 1.0
        right, bottom = left + self._length.screen - 2, self.height() - _MARGIN + 1.0
        painter.setPen(pen)
        painter.drawPolyline(
            [
                QPointF(left, bottom - _TICK),
                QPointF(left, bottom),
                QPointF(right, bottom),
                QPointF(right, bottom - _TICK),
            ]
        )
