"""The heat map over a slide: one small raster, painted as one picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QRegion

from histoviewer.gui.canvas.tile_painter import device_rect
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.results.colormaps import CellColours
from histoviewer.slides.geometry import Box

_SMALLEST_CELL = 0.7
"""Screen pixels; smaller cells are averaged, or they would flicker while the view moves."""


_FORMAT = QImage.Format.Format_ARGB32_Premultiplied
"""The painter blits it fastest."""


@dataclass(frozen=True, slots=True)
class _Raster:
    """Cells of one colour each, and where they lie in level-0 pixels.

    ``pixels``: the colours of some rows and columns in ``_FORMAT``, uint32 (rows, columns).
    """

    pixels: Callable[[slice, slice], NDArray[np.uint32]]
    columns: int
    rows: int
    x: float
    y: float
    cell: float

    @classmethod
    def of(cls, image: QImage, x: float, y: float, cell: float) -> _Raster:
        width, height = image.width(), image.height()
        image = image.convertToFormat(_FORMAT)
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, width).copy()
        return cls(lambda rows, columns: pixels[rows, columns], width, height, x, y, cell)

    @property
    def frame(self) -> QRect:
        """All cells: columns, rows."""
        return QRect(0, 0, self.columns, self.rows)

    @property
    def is_single(self) -> bool:
        return max(self.columns, self.rows) == 1

    def image(self, cells: QRect) -> QImage:
        """Some of the cells (columns, rows), one pixel each."""
        rows, columns = slice(cells.top(), cells.bottom() + 1), slice(cells.left(), cells.right() + 1)
        pixels = np.ascontiguousarray(self.pixels(rows, columns))
        return QImage(pixels.data, cells.width(), cells.height(), 4 * cells.width(), _FORMAT).copy()

    def index(self, distance: NDArray[np.floating], count: int) -> NDArray[np.intp]:
        """Column (row) of the cell at a distance from the first edge, level-0 pixels."""
        indices: NDArray[np.intp] = np.floor(distance / self.cell).astype(np.intp)
        return indices.clip(0, count - 1)

    def box(self, cells: QRect) -> Box:
        """Where some of the cells (columns, rows) lie."""
        cell = self.cell
        x, y = self.x + cells.x() * cell, self.y + cells.y() * cell
        return Box(x, y, cells.width() * cell, cells.height() * cell)

    def reduced(self) -> _Raster:
        """Two by two cells averaged into one."""
        width, height = (self.columns + 1) // 2, (self.rows + 1) // 2
        padded = self.image(self.frame).copy(0, 0, 2 * width, 2 * height)  # filled up with transparent cells
        smooth = Qt.TransformationMode.SmoothTransformation
        half = padded.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return _Raster.of(half, self.x, self.y, 2 * self.cell)


class HeatmapLayer(QObject):
    """Holds the colours of the cells and paints them with the slide's own transform. GUI thread.

    Signals:
        changed: anything that shows; paint again.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rasters: list[_Raster] = []
        self._bare: tuple[Box, ...] = ()
        self._opacity = 1.0
        self._is_visible = True
        self._is_smooth = False

    @property
    def is_shown(self) -> bool:
        """There is something, it is switched on, and not fully transparent."""
        return bool(self._rasters) and self._is_visible and self._opacity > 0

    def set_cells(
        self, colours: CellColours, *, x: float, y: float, cell: float, bare: Iterable[Box] = ()
    ) -> None:
        """Show these cells; only those in view are coloured.

        ``x``, ``y`` is the top left corner of the first cell and ``cell`` a cell's edge, in level-0 pixels;
        ``bare`` are parts of cells that nothing is painted on.
        """
        rows, columns = colours.values.shape
        self._show(_Raster(colours.converted(_premultiplied).of, columns, rows, x, y, cell), bare)

    def set_raster(
        self, rgba: NDArray[np.uint8], *, x: float, y: float, cell: float, bare: Iterable[Box] = ()
    ) -> None:
        """Show these colours, uint8 RGBA (rows, columns, 4), not premultiplied; all else as ``set_cells``."""
        rows, columns, _ = rgba.shape
        data = np.ascontiguousarray(rgba)
        image = QImage(data.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._show(_Raster.of(image, x, y, cell), bare)

    def _show(self, raster: _Raster, bare: Iterable[Box]) -> None:
        self._bare = tuple(bare)
        self._rasters = [raster]
        self.changed.emit()

    def clear(self) -> None:
        """Show nothing."""
        if self._rasters:
            self._rasters = []
            self.changed.emit()

    def set_opacity(self, opacity: float) -> None:
        """0 transparent, 1 the raster's own alpha."""
        if opacity != self._opacity:
            self._opacity = opacity
            self.changed.emit()

    def set_visible(self, is_visible: bool) -> None:
        if is_visible != self._is_visible:
            self._is_visible = is_visible
            self.changed.emit()

    def set_smooth(self, is_smooth: bool) -> None:
        """Blend between the middles of the cells instead of showing the cells as they are."""
        if is_smooth != self._is_smooth:
            self._is_smooth = is_smooth
            self.changed.emit()

    def paint(self, painter: QPainter, view: ViewTransform, seen: Box) -> None:
        """Paint what lies on a level-0 box; ``painter`` and upright ``view`` in the screen's own pixels."""
        if not self.is_shown:
            return
        raster = self._raster_for(view.scale)
        place = device_rect(view, seen) & device_rect(view, raster.box(raster.frame))
        if place.isEmpty():
            return
        painter.save()
        painter.setOpacity(self._opacity)
        self._clip_bare(painter, view, place)
        if self._is_smooth:
            _paint_smooth(painter, view, raster, seen)
        else:
            _paint_cells(painter, view, raster, place)
        painter.restore()

    def _clip_bare(self, painter: QPainter, view: ViewTransform, place: QRect) -> None:
        bare = [rect for rect in (device_rect(view, box) for box in self._bare) if rect.intersects(place)]
        if bare:
            region = QRegion(place)
            for rect in bare:
                region -= QRegion(rect)
            painter.setClipRegion(region, Qt.ClipOperation.IntersectClip)

    def _raster_for(self, scale: float) -> _Raster:
        """The finest raster whose cells are not much smaller than a pixel."""
        index = 0
        while self._rasters[index].cell * scale < _SMALLEST_CELL and not self._rasters[index].is_single:
            index += 1
            if index == len(self._rasters):
                self._rasters.append(self._rasters[-1].reduced())
        return self._rasters[index]


def _paint_cells(painter: QPainter, view: ViewTransform, raster: _Raster, place: QRect) -> None:
    """Every pixel has the colour of the cell its middle lies on.

    Qt's own scaling counts in 1/65536 of a cell, which is many pixels where a cell is large.
    """
    middle_x = np.arange(place.left(), place.right() + 1) + 0.5 - view.width / 2
    middle_y = np.arange(place.top(), place.bottom() + 1) + 0.5 - view.height / 2
    columns = raster.index(middle_x / view.scale + view.x - raster.x, raster.columns)
    rows = raster.index(middle_y / view.scale + view.y - raster.y, raster.rows)
    cells = raster.pixels(slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    pixels = cells.take(columns - columns[0], axis=1).take(rows - rows[0], axis=0)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, _FORMAT)
    painter.drawImage(place.topLeft(), image)


def _paint_smooth(painter: QPainter, view: ViewTransform, raster: _Raster, seen: Box) -> None:
    left, top = (seen.x - raster.x) / raster.cell, (seen.y - raster.y) / raster.cell
    right, bottom = left + seen.width / raster.cell, top + seen.height / raster.cell
    # One cell more all around, to blend with.
    first = QPoint(math.floor(left) - 1, math.floor(top) - 1)
    cells = QRect(first, QPoint(math.ceil(right), math.ceil(bottom))) & raster.frame
    box = raster.box(cells)
    x, y = view.to_view(box.x, box.y)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    target = QRectF(x, y, box.width * view.scale, box.height * view.scale)
    painter.setClipRect(device_rect(view, seen), Qt.ClipOperation.IntersectClip)
    if not cells.isEmpty():
        painter.drawImage(target, raster.image(cells))


def _premultiplied(colours: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """RGBA in the order of memory as ``_FORMAT``: uint32 (n,)."""
    data = np.ascontiguousarray(colours)
    image = QImage(data.data, len(data), 1, 4 * len(data), QImage.Format.Format_RGBA8888)
    image = image.convertToFormat(_FORMAT)  # held: its bits go with it
    return np.frombuffer(image.constBits(), np.uint32).copy()
