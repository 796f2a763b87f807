"""The slide and its heat map as they look in one view, kept from frame to frame."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import reduce

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.tile_cache import TileCache
from histoviewer.gui.canvas.tile_painter import TilePainter, device_rect
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.gui.colours import Neutrals
from histoviewer.slides.geometry import Box

_MOST_AT_FULL_SIZE = 2**20
"""Screen pixels that a hasty paint paints one by one: of a larger view it takes every other one."""

_MOST_PARTS = 24
"""Parts that are painted one by one; more are painted as the one rectangle around them."""


class SlidePicture:
    """Paints a slide under its heat map, and only what is new about it since the last time.

    What is kept is upright: a turned view turns the finished picture, which is much cheaper than painting
    every tile turned. A view that was panned shifts the picture and paints the strip that came in; a tile
    that arrived repaints its own place; a view that was turned paints nothing anew; under a heat map that
    changes, as while a threshold is dragged, the tissue is kept. Anything else paints everything. GUI thread.

    Attributes:
        overlay: the heat map, if any.
    """

    def __init__(self, tiles: TileCache) -> None:
        self.overlay: HeatmapLayer | None = None
        self._tiles = tiles
        self._pixmap = QPixmap()
        self._tissue: QPixmap | None = None
        """The same without the heat map, from the first time that this alone has changed."""
        self._is_overlay_old = False
        self._view: ViewTransform | None = None
        self._old: list[QRect] = []
        self._step = 1

    def invalidate(self) -> None:
        """All of it looks different now: another slide or theme."""
        self._view = None

    def invalidate_overlay(self) -> None:
        """The heat map looks different now, or another one is there."""
        self._is_overlay_old = True

    def invalidate_box(self, box: Box) -> None:
        """What lies on a level-0 box looks different now."""
        if self._view is not None:
            # A pixel more: an enlarged slide blends across the edges of its tiles.
            margin = 2 + round(self._view.scale) if self._view.scale > 1 else 0
            place = device_rect(self._view, box).adjusted(-margin, -margin, margin, margin)
            self._old.append(place & self._pixmap.rect())

    def paint(
        self,
        painter: QPainter,
        view: ViewTransform,
        colours: Neutrals,
        *,
        is_smooth: bool = True,
        is_hasty: bool = False,
    ) -> None:
        """Paint over all of the view; ``painter`` and ``view`` in the screen's own pixels.

        ``is_smooth``: blend the pixels of a turned picture, which takes several times as long.
        ``is_hasty``: paint a large view from half as many pixels each way, unblended: in a third of the time.
        """
        sheet = sheet_view(view)
        step = 2 if is_hasty and sheet.width * sheet.height > _MOST_AT_FULL_SIZE else 1
        self._step = step
        self._show(_reduced(sheet, step), colours)
        if view.is_upright and step == 1:
            painter.drawPixmap(0, 0, self._pixmap)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth and not view.is_straight)
        painter.translate(view.width / 2, view.height / 2)
        painter.rotate(view.rotation)
        painter.scale(step, step)
        painter.drawPixmap(QPointF(-self._pixmap.width() / 2, -self._pixmap.height() / 2), self._pixmap)
        painter.restore()

    def _show(self, view: ViewTransform, colours: Neutrals) -> None:
        """Have all of an upright view in the pixmap."""
        if not self._shift_to(view):
            # A screen scaled by 1.5 may end in half a pixel.
            size = QSize(math.ceil(view.width), math.ceil(view.height))
            if self._pixmap.size() != size:
                self._pixmap = QPixmap(size)
            self._old = [self._pixmap.rect()]
        self._view = view
        if self._is_overlay_old and not self._old:
            self._renew_overlay(view, colours)
        elif self._old:
            self._old = [self._pixmap.rect()] if self._is_overlay_old else self._old
            self._tissue = None
            self._renew(view, colours)
        self._is_overlay_old = False

    def _shift_to(self, view: ViewTransform) -> bool:
        """Move what was painted to where it lies in ``view``; False where that is not enough."""
        before = self._view
        if before is None or view != before.centred_on(view.x, view.y):
            return False
        x, y = view.to_view(before.x, before.y)
        dx, dy = round(x - view.width / 2), round(y - view.height / 2)
        if dx or dy:
            self._tissue = None
            frame = self._pixmap.rect()
            self._pixmap.scroll(dx, dy, frame)
            kept = frame & frame.translated(dx, dy)
            self._old = [old.translated(dx, dy) & frame for old in self._old]
            self._old += [frame] if kept.isEmpty() else _beside(kept, frame)
        return True

    def _renew(self, view: ViewTransform, colours: Neutrals) -> None:
        painter = QPainter(self._pixmap)
        for part in self._parts():
            painter.setClipRect(part)
            self._paint_tissue(painter, view, part, colours)
            self._paint_overlay(painter, view, part)
        self._old = []

    def _renew_overlay(self, view: ViewTransform, colours: Neutrals) -> None:
        frame = self._pixmap.rect()
        if self._tissue is None:
            self._tissue = QPixmap(self._pixmap.size())
            tissue = QPainter(self._tissue)
            self._paint_tissue(tissue, view, frame, colours)
            tissue.end()
        painter = QPainter(self._pixmap)
        painter.drawPixmap(0, 0, self._tissue)
        self._paint_overlay(painter, view, frame)

    def _parts(self) -> list[QRect]:
        parts = [part for part in self._old if not part.isEmpty()]
        return parts if len(parts) <= _MOST_PARTS else [reduce(QRect.united, parts)]

    def _paint_tissue(self, painter: QPainter, view: ViewTransform, part: QRect, colours: Neutrals) -> None:
        painter.fillRect(part, colours.surround)
        if self._tiles.grid is not None:
            tiles = TilePainter(self._tiles, self._tiles.grid, colours)
            tiles.paint(painter, view, _seen(view, part), is_smooth=self._step == 1)

    def _paint_overlay(self, painter: QPainter, view: ViewTransform, part: QRect) -> None:
        if self._tiles.grid is not None and self.overlay is not None:
            self.overlay.paint(painter, view, common(_seen(view, part), self._tiles.grid.bounds))


def _seen(view: ViewTransform, part: QRect) -> Box:
    """What a part shows, from about the middles of its outermost pixels: a tile that only its edge touches is
    not meant."""
    return view.box_under(part.x() + 0.25, part.y() + 0.25, part.width() - 0.5, part.height() - 0.5)


def sheet_view(view: ViewTransform) -> ViewTransform:
    """The upright view that holds all of a turned one about the same middle: its pixels lie on those of
    ``view.upright``, and it is the same for all rotations but quarter turns, which need no more than they
    show."""
    if view.is_upright:
        return view
    if view.rotation % 180 == 0:
        width, height = view.width, view.height
    elif view.rotation % 90 == 0:
        width, height = view.height, view.width
    else:
        width = height = math.hypot(view.width, view.height) + 1
    # Whole pixels more (or less) on each side.
    across, down = math.ceil((width - view.width) / 2), math.ceil((height - view.height) / 2)
    return replace(view.upright, width=view.width + 2 * across, height=view.height + 2 * down)


def _reduced(view: ViewTransform, step: int) -> ViewTransform:
    """The same view on every ``step``-th pixel, in whole pixels."""
    if step == 1:
        return view
    width, height = math.ceil(view.width / step), math.ceil(view.height / step)
    return replace(view, scale=view.scale / step, width=width, height=height)


def _beside(kept: QRect, frame: QRect) -> list[QRect]:
    """The strips of a frame that a rectangle shifted within it leaves bare."""
    left = QRect(0, 0, kept.left(), frame.height())
    right = QRect(kept.right() + 1, 0, frame.right() - kept.right(), frame.height())
    above = QRect(kept.left(), 0, kept.width(), kept.top())
    below = QRect(kept.left(), kept.bottom() + 1, kept.width(), frame.bottom() - kept.bottom())
    return [left, right, above, below]


def common(one: Box, other: Box) -> Box:
    """What two boxes share; of no size where they share nothing."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    bottom = min(one.y + one.height, other.y + other.height)
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))
