"""The overview map: the whole slide, small, and which part of it the view shows."""

from __future__ import annotations

import math
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_picture import SlidePicture, common
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_grid import TileKey
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.colours import neutrals
from histoviewer.slides.geometry import Box

LONGEST_SIDE = 200
_SHARE = 0.3
"""Of the width of a narrow canvas, at most."""

_SMALLEST_MARK = 8.0
"""A view deep in the slide is still a mark that the eye finds."""

_FINER_SHOWN = 2
"""Levels below the coarsest whose tiles can show on the overview; finer ones are too small to be seen."""

_REST_MS = 250
"""Between two renewals of the heat map, which has to be averaged whole for it: the view comes first while a
threshold is dragged."""


class OverviewLayer(Protocol):
    """Something that lies over the overview."""

    def paint_small(self, painter: QPainter, view: ViewTransform, seen: Box) -> None:
        """Paint it on a level-0 box; ``painter`` and upright ``view`` in the screen's own pixels."""


class Overview(QWidget):
    """Paints the slide from the tiles the canvas has anyway; a click or a drag moves the view.

    It hides itself while the view shows the whole slide: then it has nothing to say.

    Signals:
        navigated(x, y): the level-0 point that the user wants in the middle of the view.
    """

    navigated = Signal(float, float)

    def __init__(self, tiles: TileCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = tiles
        self._view: ViewTransform | None = None
        self._picture = SlidePicture(tiles)
        self._layers: list[OverviewLayer] = []
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._on_rested)
        self._is_overlay_old = False
        self.setAccessibleName(self.tr("Overview of the slide"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        tiles.tile_changed.connect(self._on_tile_changed)

    def set_view(self, view: ViewTransform) -> None:
        """Show which part of the slide the view shows."""
        self._view = view
        grid = self._tiles.grid
        self.setVisible(grid is not None and not view.shows_all_of(grid.bounds))
        self.resize(self.sizeHint())
        self.update()

    def set_overlay(self, overlay: HeatmapLayer) -> None:
        """The heat map to show on it too."""
        self._picture.overlay = overlay
        overlay.changed.connect(self._on_overlay_changed)
        self.refresh()

    def add_layer(self, layer: OverviewLayer) -> None:
        """Lay something over it, for good; who changes it asks for an update."""
        self._layers.append(layer)

    def refresh(self) -> None:
        """Another slide, overlay or theme: paint it anew."""
        self._picture.invalidate()
        self.update()

    def _on_overlay_changed(self) -> None:
        if self._rest.isActive():
            self._is_overlay_old = True
        else:
            self._renew_overlay()

    def _on_rested(self) -> None:
        if self._is_overlay_old:
            self._renew_overlay()

    def _renew_overlay(self) -> None:
        self._is_overlay_old = False
        self._rest.start()
        self._picture.invalidate_overlay()
        self.update()

    def sizeHint(self) -> QSize:
        if self._tiles.grid is None:
            return QSize(LONGEST_SIDE, LONGEST_SIDE)
        bounds = self._tiles.grid.bounds
        parent = self.parentWidget()
        room = LONGEST_SIDE if parent is None else _SHARE * parent.width()
        scale = min(LONGEST_SIDE, room) / max(bounds.width, bounds.height)
        return QSize(max(8, math.ceil(bounds.width * scale)), max(8, math.ceil(bounds.height * scale)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = neutrals(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surround)
        whole = self._whole()
        if whole is not None:
            ratio = self.devicePixelRatioF()
            painter.save()
            painter.scale(1 / ratio, 1 / ratio)
            self._picture.paint(painter, whole.on_device(ratio), colours)
            self._paint_layers(painter, whole.on_device(ratio))
            painter.restore()
        self._paint_mark(painter)
        painter.setPen(colours.line)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_layers(self, painter: QPainter, whole: ViewTransform) -> None:
        assert self._tiles.grid is not None
        seen = common(whole.visible, self._tiles.grid.bounds)
        for layer in self._layers:
            layer.paint_small(painter, whole, seen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._navigate(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._navigate(event)

    def _on_tile_changed(self, key: TileKey) -> None:
        grid = self._tiles.grid
        if grid is not None and key.level >= grid.coarsest - _FINER_SHOWN:
            self.refresh()

    def _navigate(self, event: QMouseEvent) -> None:
        whole = self._whole()
        if whole is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.navigated.emit(*whole.to_level0(event.position().x(), event.position().y()))

    def _whole(self) -> ViewTransform | None:
        """The view of this widget: the whole slide."""
        if self._tiles.grid is None:
            return None
        view = ViewTransform(0.0, 0.0, 1.0, self.width(), self.height())
        return view.fitted(self._tiles.grid.bounds)

    def _paint_mark(self, painter: QPainter) -> None:
        whole = self._whole()
        if whole is None or self._view is None:
            return
        mark = _mark(whole, self._view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._view.is_upright)
        # Dark around light: seen on white glass as on dark tissue.
        painter.setPen(QPen(Qt.GlobalColor.white, 3.5))
        painter.drawPolygon(mark)
        painter.setPen(QPen(Qt.GlobalColor.black, 1.5))
        painter.drawPolygon(mark)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _mark(whole: ViewTransform, view: ViewTransform) -> QPolygonF:
    """What a view shows, in the overview's pixels: turned against it as the slide is turned in the view."""
    x, y = whole.to_view(view.x, view.y)
    seen = whole.scale / view.scale
    across = max(_SMALLEST_MARK, view.width * seen)
    down = max(_SMALLEST_MARK, view.height * seen)
    turned = ViewTransform(0.0, 0.0, 1.0, across, down, view.rotation)
    mark = QPolygonF([QPointF(x + dx, y + dy) for dx, dy in turned.corners])
    frame = QRectF(0, 0, whole.width, whole.height).adjusted(1.5, 1.5, -1.5, -1.5)
    return mark.intersected(QPolygonF(frame))
