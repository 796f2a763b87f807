"""How the truth lies over the slide: outlines, malignant cells hatched, and a tint where no heat map would be
coloured by it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLine, QPointF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from histoviewer.gui import colours
from histoviewer.gui.canvas.device_lines import on_device, turn_with
from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_picture import common
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_painter import device_rect
from histoviewer.gui.canvas.truth_key import TruthKey
from histoviewer.gui.canvas.truth_map import Colour, TruthMap
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.patches.patch import BENIGN, MALIGNANT
from histoviewer.slides.geometry import Box

MALIGNANT_WIDTH, BENIGN_WIDTH = 3, 1
"""View pixels of the outlines: width tells the classes apart where colours do not."""

_TINTS: dict[int, Colour] = {
    MALIGNANT: (colours.MALIGNANT.red(), colours.MALIGNANT.green(), colours.MALIGNANT.blue(), 70),
    BENIGN: (colours.BENIGN.red(), colours.BENIGN.green(), colours.BENIGN.blue(), 45),
}
_CASING = QColor(255, 255, 255, 200)
_HATCH = 32
"""View pixels between the lines of the hatching, along either edge."""

_MARGIN, _GAP = 16, 8


class TruthLayer(QWidget):
    """Lies over a slide view and its overview, and never catches the mouse. GUI thread.

    Attributes:
        key: says which outline is which.
    """

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._bounds = Box(0, 0, 0, 0)
        self._lines: dict[int, NDArray[np.float64]] = {}
        self._hatched = np.empty((0, 4))
        self._tint = HeatmapLayer(self)
        self.key = TruthKey(self)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.add_layer(self)
        view.overview.add_layer(self)
        view.moved.connect(self.update)
        self.hide()

    def set_truth(self, truth: TruthMap, bounds: Box) -> None:
        """The truth of another slide, which is painted on its ``bounds`` only, level-0 pixels."""
        self._bounds = bounds
        # Where patches are truncated their cells reach beyond the slide.
        low = np.array([bounds.x, bounds.y] * 2)
        high = low + np.array([bounds.width, bounds.height] * 2)
        self._lines = {verdict: truth.outline(verdict).clip(low, high) for verdict in (BENIGN, MALIGNANT)}
        self._hatched = truth.stripes(MALIGNANT).clip(low, high)
        self._tint.set_raster(truth.coloured(_TINTS), x=truth.x, y=truth.y, cell=truth.cell)
        self._update()

    def set_tinted(self, is_tinted: bool) -> None:
        """Without a tint cells are outlined only."""
        self._tint.set_visible(is_tinted)
        self.key.set_tinted(is_tinted)
        self._update()

    def setVisible(self, is_visible: bool) -> None:
        super().setVisible(is_visible)
        self._update()

    def _update(self) -> None:
        self.update()
        self._view.overview.update()

    def place_key(self) -> None:
        """Above the heat map's legend, or in its place while that is hidden."""
        legend = self._view.legend
        bottom = legend.y() - _GAP if legend.isVisibleTo(self._view) else self.height() - _MARGIN
        self.key.resize(self.key.sizeHint().expandedTo(QSize(legend.width(), 0)))
        self.key.move(_MARGIN, bottom - self.key.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.place_key()  # the legend comes and goes by itself
        ratio = self.devicePixelRatioF()
        view = self._view.transform.on_device(ratio)
        seen = common(view.visible, self._bounds)
        painter = QPainter(self)
        turn_with(view, painter, ratio)
        self._tint.paint(painter, view.upright, seen)
        self._paint_hatch(painter, view.upright, seen, ratio)
        self._paint_lines(painter, view.upright, seen, ratio)

    def paint_small(self, painter: QPainter, view: ViewTransform, seen: Box) -> None:
        """On the overview the tint alone, or where there is none a thin outline of what is malignant."""
        if self.isHidden():
            return
        self._tint.paint(painter, view, seen)
        if not self._tint.is_shown:
            painter.setPen(QPen(colours.MALIGNANT, self.devicePixelRatioF()))
            lines = on_device(view, self._lines[MALIGNANT], device_rect(view, seen))
            painter.drawLines([QLine(*line) for line in lines])

    def _paint_hatch(self, painter: QPainter, view: ViewTransform, seen: Box, ratio: float) -> None:
        """It lies still on the slide while that is panned."""
        painter.setBrushOrigin(QPointF(*view.to_view(self._bounds.x, self._bounds.y)).toPoint())
        brush = _hatch_brush(ratio)
        for left, top, right, bottom in on_device(view, self._hatched, device_rect(view, seen)):
            painter.fillRect(left, top, right - left, bottom - top, brush)

    def _paint_lines(self, painter: QPainter, view: ViewTransform, seen: Box, ratio: float) -> None:
        place = device_rect(view, seen)
        benign, malignant = (
            [QLine(*line) for line in on_device(view, self._lines[verdict], place)]
            for verdict in (BENIGN, MALIGNANT)
        )
        width = MALIGNANT_WIDTH * ratio
        for lines, colour, pen_width in (
            (benign, colours.BENIGN, BENIGN_WIDTH * ratio),
            (malignant, _CASING, width + 2 * ratio),
            (malignant, colours.MALIGNANT, width),
        ):
            painter.setPen(QPen(colour, pen_width, c=Qt.PenCapStyle.SquareCap))
            painter.drawLines(lines)


@lru_cache(maxsize=4)
def _hatch_brush(ratio: float) -> QBrush:
    """Lines from the lower left to the upper right, each with a light one beside it: seen on any ground."""
    side = round(_HATCH * ratio)
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, shift in ((_CASING, ratio), (colours.MALIGNANT, 0.0)):
        painter.setPen(QPen(colour, ratio))
        for start in (-side, 0, side):
            painter.drawLine(QPointF(start + shift, side), QPointF(start + side + shift, 0))
    painter.end()
    return QBrush(tile)
