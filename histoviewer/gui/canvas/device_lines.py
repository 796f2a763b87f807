"""Boxes and lines of a slide in the pixels of the screen, and a painter that turns with the slide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter

from histoviewer.gui.canvas.view_transform import ViewTransform

_AROUND = QPoint(4, 4)


def on_device(view: ViewTransform, boxes: NDArray[np.float64], place: QRect) -> list[list[int]]:
    """Those of the level-0 boxes or lines (n, 4) that reach into ``place``, cut to a little more than it, in
    whole pixels of an upright view."""
    middle = np.array([view.width / 2, view.height / 2] * 2)
    device = np.ceil((boxes - np.array([view.x, view.y] * 2)) * view.scale + middle - 0.5)
    first, last = place.topLeft() - _AROUND, place.bottomRight() + _AROUND
    low, high = np.array([first.x(), first.y()] * 2), np.array([last.x(), last.y()] * 2)
    is_seen = (device[:, 2:] >= low[:2]).all(axis=1) & (device[:, :2] <= high[:2]).all(axis=1)
    cut: list[list[int]] = device[is_seen].clip(low, high).astype(int).tolist()
    return cut


def turn_with(view: ViewTransform, painter: QPainter, ratio: float) -> None:
    """From here on ``painter``, which counts view pixels, counts those of the upright view on the screen,
    ``ratio`` to a view pixel, and turns what it paints as ``view`` is turned."""
    painter.scale(1 / ratio, 1 / ratio)
    painter.translate(view.width / 2, view.height / 2)
    painter.rotate(view.rotation)
    painter.translate(-view.width / 2, -view.height / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, view.rotation % 90 != 0)
