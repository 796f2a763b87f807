"""Painting a slide from the tiles that are there."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TILE, TileGrid, TileKey
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.colours import Neutrals
from histoviewer.slides.geometry import Box

_SMALLEST_OUTLINE = 6

_FINER_STAND_INS = 2
"""How many levels finer a tile may be to stand in; more would be hundreds of them."""


def device_rect(view: ViewTransform, box: Box) -> QRect:
    """The pixels of an upright view whose middles lie on a level-0 box.

    Neighbouring boxes share an edge: no gap, no overlap.
    """
    left, top = view.to_view(box.x, box.y)
    right, bottom = view.to_view(box.x + box.width, box.y + box.height)
    x, y = math.ceil(left - 0.5), math.ceil(top - 0.5)
    return QRect(x, y, math.ceil(right - 0.5) - x, math.ceil(bottom - 0.5) - y)


def paint_outline(painter: QPainter, view: ViewTransform, box: Box, *, width: float) -> None:
    """A level-0 box framed on its outside, ``width`` pixels of white between dark edges.

    So it is seen on any tissue and any heat map. A box too small to be seen gets a frame that is.
    """
    frame = QRectF(device_rect(view.upright, box))
    grown = width + max(0.0, _SMALLEST_OUTLINE * width - min(frame.width(), frame.height())) / 2
    frame.adjust(-grown, -grown, grown, grown)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, pen_width in ((QColor(0, 0, 0, 200), 2 * width), (QColor(255, 255, 255), width)):
        painter.setPen(QPen(colour, pen_width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(frame)


class TilePainter:
    """Paints parts of a slide from tiles.

    A tile that is not there yet is stood in for by a coarser one, and over it by what finer ones there
    are; one that cannot be read is a grey hatched cell; what nothing is known of stays as it was.
    """

    def __init__(self, tiles: TileCache, grid: TileGrid, colours: Neutrals) -> None:
        self._tiles = tiles
        self._grid = grid
        self._colours = colours

    def paint(self, painter: QPainter, view: ViewTransform, seen: Box, *, is_smooth: bool) -> None:
        """Paint what lies on a level-0 box; ``painter`` and upright ``view`` in the screen's own pixels.

        ``is_smooth``: blend the pixels of scaled tiles, which takes three times as long.
        """
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        if view.scale > 1:
            self._paint_enlarged(painter, view, seen)
        else:
            self._paint_tiles(painter, view, seen)

    def _paint_tiles(self, painter: QPainter, view: ViewTransform, seen: Box) -> None:
        for key in self._grid.keys(seen, self._grid.level_for(view.downsample)):
            self._paint_tile(painter, view, key)

    def _paint_enlarged(self, painter: QPainter, view: ViewTransform, seen: Box) -> None:
        """Level-0 pixels are put together first and enlarged in one piece: no seams between tiles."""
        bounds = self._grid.bounds
        left, top = max(math.floor(seen.x) - 1, bounds.x), max(math.floor(seen.y) - 1, bounds.y)
        right = min(math.ceil(seen.x + seen.width) + 1, bounds.x + bounds.width)
        bottom = min(math.ceil(seen.y + seen.height) + 1, bounds.y + bounds.height)
        if right <= left or bottom <= top:
            return
        box = Box(left, top, right - left, bottom - top)
        sheet = self._sheet(box)
        x, y = view.to_view(left, top)
        target = QRectF(x, y, box.width * view.scale, box.height * view.scale)
        painter.drawImage(target, sheet, QRectF(0, 0, box.width, box.height))

    def _sheet(self, box: Box) -> QImage:
        """A level-0 box at its own size."""
        width, height = math.ceil(box.width), math.ceil(box.height)
        sheet = QImage(width, height, QImage.Format.Format_RGB32)
        sheet.fill(self._colours.surround)
        painter = QPainter(sheet)
        self._paint_tiles(
            painter, ViewTransform(box.x + width / 2, box.y + height / 2, 1.0, width, height), box
        )
        painter.end()
        return sheet

    def _paint_tile(self, painter: QPainter, view: ViewTransform, key: TileKey) -> None:
        target = device_rect(view, self._grid.box(key))
        image = self._tiles.tile(key)
        if image is not None:
            painter.drawImage(target, image)
        elif self._tiles.has_failed(key):
            painter.fillRect(target, self._colours.failed)
            painter.fillRect(target, QBrush(self._colours.hatch, Qt.BrushStyle.BDiagPattern))
        else:
            if not self._are_there(self._grid.children(key)):
                self._paint_coarser(painter, target, key)
            self._paint_finer(painter, view, key, _FINER_STAND_INS)

    def _are_there(self, keys: list[TileKey]) -> bool:
        return bool(keys) and all(self._tiles.tile(key) is not None for key in keys)

    def _paint_coarser(self, painter: QPainter, target: QRect, key: TileKey) -> None:
        for steps in range(1, self._grid.coarsest - key.level + 1):
            ancestor = key.ancestor(steps)
            image = self._tiles.tile(ancestor)
            if image is not None:
                painter.drawImage(
                    QRectF(target), image, _part(image, self._grid.box(ancestor), self._grid.box(key))
                )
                return

    def _paint_finer(self, painter: QPainter, view: ViewTransform, key: TileKey, steps: int) -> None:
        for child in self._grid.children(key):
            image = self._tiles.tile(child)
            if image is not None:
                painter.drawImage(device_rect(view, self._grid.box(child)), image)
            elif steps > 1:
                self._paint_finer(painter, view, child, steps - 1)


def _part(image: QImage, whole: Box, part: Box) -> QRectF:
    """The pixels of a tile's image that show a part of it."""
    across, down = image.width() / whole.width, image.height() / whole.height
    return QRectF(
        (part.x - whole.x) * across, (part.y - whole.y) * down, part.width * across, part.height * down
    )


def seen_tiles(grid: TileGrid, view: ViewTransform) -> list[TileKey]:
    """What a view (in the screen's own pixels) shows, nearest to its middle first."""
    keys = grid.keys(view.visible, grid.level_for(view.downsample))
    return keys if view.is_upright else [key for key in keys if _is_seen(view, grid.box(key))]


def _is_seen(view: ViewTransform, box: Box) -> bool:
    """Of the box around a turned view up to a half lies beside it."""
    x, y = view.to_view(box.x + box.width / 2, box.y + box.height / 2)
    reach = math.hypot(box.width, box.height) / 2 * view.scale
    return -reach < x < view.width + reach and -reach < y < view.height + reach


def wanted_tiles(grid: TileGrid, view: ViewTransform) -> list[TileKey]:
    """What a view (in the screen's own pixels) needs: its tiles; those one level coarser, of which a zooming
    view is painted (a quarter as many); then a margin one tile wide."""
    level = grid.level_for(view.downsample)
    coarser = grid.keys(view.visible, min(level + 1, grid.coarsest))
    seen, edge = view.visible, TILE * 2**level
    around = Box(seen.x - edge, seen.y - edge, seen.width + 2 * edge, seen.height + 2 * edge)
    return list(dict.fromkeys([*seen_tiles(grid, view), *coarser, *grid.keys(around, level)]))
