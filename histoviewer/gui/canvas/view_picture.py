"""A picture of what the canvas shows, for a clipboard or a file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QSize
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from histoviewer.gui.canvas.slide_view import SlideView

_GAP = 8
"""View pixels of white between two views."""


def picture_of(views: Sequence[SlideView]) -> QImage:
    """What one or several views show, side by side: with all that says what is to be seen, without the
    overview and the frame under the mouse; RGB32 in the screen's own pixels."""
    ratio = views[0].devicePixelRatioF()
    width = sum(view.width() for view in views) + _GAP * (len(views) - 1)
    size = QSize(width, max(view.height() for view in views)) * ratio
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill("white")
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    left = 0
    for view in views:
        painter.save()
        painter.translate(left, 0)
        painter.setClipRect(view.rect())
        _paint(painter, view)
        painter.restore()
        left += view.width() + _GAP
    painter.end()
    return image


def _paint(painter: QPainter, view: SlideView) -> None:
    view.paint_on(painter, is_picture=True)
    for panel in view.pictured:
        if panel.isVisible():
            # Only what the panel itself paints: its ground is translucent.
            panel.render(painter, panel.pos(), QRegion(), QWidget.RenderFlag.DrawChildren)


def png_bytes(image: QImage) -> bytes:
    """The picture as a PNG file. May be called in any thread. Raises MemoryError when there is no room."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # its stub knows bytes only
        raise MemoryError
    return bytes(buffer.data().data())
