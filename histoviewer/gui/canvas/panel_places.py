"""Where the small panels lie on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QSize

from histoviewer.gui.canvas.legend import Legend
from histoviewer.gui.canvas.overview import Overview
from histoviewer.gui.canvas.scale_bar import ScaleBar

MARGIN = 16


def place_panels(room: QSize, overview: Overview, legend: Legend, scale_bar: ScaleBar) -> None:
    """The overview at the top right, the legend at the bottom left, the scale bar in the middle below, or
    where the legend leaves it room. ``room``: of the canvas, in view pixels."""
    bottom = room.height() - MARGIN
    overview.move(room.width() - MARGIN - overview.width(), MARGIN)
    legend.fit_into(room.width() - 2 * MARGIN)
    legend.move(MARGIN, bottom - legend.height())
    left = (room.width() - scale_bar.width()) // 2
    if legend.isVisible():
        left = max(left, legend.geometry().right() + MARGIN)
        if left + scale_bar.width() > room.width() - MARGIN:  # no room beside it: above
            left, bottom = MARGIN, legend.y() - MARGIN // 2
    scale_bar.move(left, bottom - scale_bar.height())
