"""Joins the line that is drawn on the slide to whoever asks for the slide's scale."""

from __future__ import annotations

from PySide6.QtCore import QObject

from histoviewer.gui.canvas.ruler import Ruler
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.two_views import TwoViews
from histoviewer.gui.panels.scale_banner import ScaleBanner


class Measuring(QObject):
    """Draws on the active view, whose slide is the one in front, while a banner measures. Lives as long as
    the banner.

    Attributes:
        ruler: on the view that was active when measuring last began.
    """

    def __init__(self, views: TwoViews, banner: ScaleBanner) -> None:
        super().__init__(banner)
        self._views, self._banner = views, banner
        self._rulers: dict[SlideView, Ruler] = {}
        self.ruler = self._ruler_on(views.active.view)
        banner.measuring_changed.connect(self._on_measuring_changed)

    def _on_measuring_changed(self, is_measuring: bool) -> None:
        if is_measuring:
            self.ruler = self._ruler_on(self._views.active.view)
            self.ruler.start()
        else:
            self.ruler.stop()

    def _ruler_on(self, view: SlideView) -> Ruler:
        """One ruler a view: it lies there for good."""
        if view not in self._rulers:
            self._rulers[view] = ruler = Ruler(view)
            ruler.drawn.connect(self._banner.set_line)
            ruler.given_up.connect(self._banner.end_measuring)
        return self._rulers[view]
