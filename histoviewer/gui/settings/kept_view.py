"""How a person likes to look at things, from one start to the next."""

from __future__ import annotations

import math
from typing import get_args

from PySide6.QtCore import QObject, QSettings

from histoviewer.gui.gallery.gallery_page import GalleryPage
from histoviewer.gui.session import Session
from histoviewer.inference.explain import Method
from histoviewer.results.colormaps import COLORMAPS, Below

_SIZE = "gallery/thumbnail"


class KeptView(QObject):
    """Keeps the colours, opacity, smoothness and contours of the overlay, how it says why, whether similar
    patches are shown, and the size of thumbnails. What is switched off for a look, the heat map itself, is
    back at the next start. GUI thread."""

    def __init__(self, session: Session, gallery: GalleryPage, settings: QSettings | None) -> None:
        """``settings``: where they are kept; None keeps nothing."""
        super().__init__(gallery)
        self._session, self._settings = session, settings
        if settings is None:
            return
        session.set_overlay(**_kept_overlay(settings))
        side = _number(settings.value(_SIZE))
        if side is not None:
            gallery.show_thumbnail_size(round(side))
        session.overlay_changed.connect(self._keep_overlay)
        gallery.bar.thumbnail_size_changed.connect(self._keep_size)
        gallery.gallery.thumbnail_size_changed.connect(self._keep_size)

    def _keep_overlay(self) -> None:
        assert self._settings is not None
        overlay = self._session.overlay
        for name in ("colormap", "below", "opacity", "is_smooth", "has_contours", "why_by", "has_similar"):
            self._settings.setValue(f"overlay/{name}", getattr(overlay, name))

    def _keep_size(self, side: int) -> None:
        assert self._settings is not None
        self._settings.setValue(_SIZE, side)


def _kept_overlay(settings: QSettings) -> dict[str, object]:
    """Fields of an ``Overlay``; a person may have edited the file, and what makes no sense is left out."""
    kept: dict[str, object] = {}
    for name, known in (("colormap", COLORMAPS), ("below", get_args(Below)), ("why_by", get_args(Method))):
        value = settings.value(f"overlay/{name}")
        if value in known:
            kept[name] = value
    opacity = _number(settings.value("overlay/opacity"))
    if opacity is not None and 0 <= opacity <= 1:
        kept["opacity"] = opacity
    for name in ("is_smooth", "has_contours", "has_similar"):
        kept[name] = str(settings.value(f"overlay/{name}")).lower() == "true"
    return kept


def _number(text: object) -> float | None:
    try:
        number = float(str(text))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
