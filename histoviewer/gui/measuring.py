"""Joins the line that is drawn on the slide to whoever asks for the slide's scale."""

from __future__ import annotations

from PySide6.QtCore import QObject

from histoviewer.gui.canvas.ruler import Ruler
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.panels.scale_banner import ScaleBanner


class Measuring(QObject):
    """Draws on a view while a banner measures. Lives as long as the banner.

    Attributes:
        ruler: on the view.
    """

    def __init__(self, view: SlideView, banner: ScaleBanner) -> None:
        super().__init__(banner)
        self._banner = banner
        self.ruler = Ruler(view)
        self.ruler.drawn.connect(banner.set_line)
        self.ruler.given_up.connect(banner.end_measuring)
        banner.measuring_changed.connect(self._on_measuring_changed)

    def _on_measuring_changed(self, is_measuring: bool) -> None:
        if is_measuring:
            self.ruler.start()
        else:
            self.ruler.stop()
