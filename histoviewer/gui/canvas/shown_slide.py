"""What one canvas shows: the session's slide, or one of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from histoviewer.errors import HistoViewerError
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.session import Session
from histoviewer.results.heatmap import Heatmap
from histoviewer.slides.base import Slide


class ShownSlide(QObject):
    """Follows the slide in front, until it is pinned to another of the open ones. GUI thread.

    Attributes:
        opened, name, slide, heatmap: as the session's ``current``, ``slide_name``, ``slide``, ``heatmap``.
        is_pinned: it has a slide of its own.

    Signals:
        changed: another slide, or none, is to be shown.
        leaving: the slide is about to be closed; whoever reads it must let it go now.
        heatmap_changed: probabilities came in, or ``heatmap`` is another one.
        pinned_changed: it was pinned, or follows again.
    """

    changed = Signal()
    leaving = Signal()
    heatmap_changed = Signal()
    pinned_changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._is_on = True
        self._known: NDArray[np.float32] = np.empty(0, np.float32)
        self.is_pinned = False
        self.opened: OpenSource | None = None
        self.name: str | None = None
        self.slide: Slide | None = None
        self.heatmap: Heatmap | None = None
        session.source_closing.connect(self._on_closing)
        session.sources_changed.connect(self._on_sources)
        session.slide_changed.connect(self._follow)
        session.results_changed.connect(self._on_results)
        self._follow()

    @property
    def is_current(self) -> bool:
        """Its patches are those of the session's current source."""
        return self.opened is not None and self.opened is self._session.current

    def set_on(self, is_on: bool) -> None:
        """Off it shows nothing and follows nobody."""
        self._is_on = is_on
        if is_on:
            self.unpin()
        else:
            self._set_pinned(False)
            self._let_go()
            self.opened = self.name = None

    def pin(self, opened: OpenSource, name: str) -> None:
        """Show this slide, whatever comes to the front."""
        try:
            slide = opened.source.slide(name)
            heatmap = self._heatmap_of(opened, name)
        except HistoViewerError as error:
            self._session.failed.emit(str(error))
            return
        self._set_pinned(True)
        self._show(opened, name, slide, heatmap)

    def hold(self) -> None:
        """Keep what is shown, whatever comes to the front."""
        self._set_pinned(self.slide is not None)

    def unpin(self) -> None:
        """Follow again."""
        self._set_pinned(False)
        self._follow()

    def come_to_front(self) -> None:
        """What is shown here is what all panels speak of from here on."""
        self._set_pinned(False)
        self._session.show_source(self.opened, slide=self.name)

    def _follow(self) -> None:
        session = self._session
        if self._is_on and not self.is_pinned:
            self._show(session.current, session.slide_name, session.slide, session.heatmap)

    def _show(
        self, opened: OpenSource | None, name: str | None, slide: Slide | None, heatmap: Heatmap | None
    ) -> None:
        is_other = slide is not self.slide
        self.opened, self.name, self.slide, self.heatmap = opened, name, slide, heatmap
        self._known = np.empty(0, np.float32)
        if is_other:
            self.changed.emit()
        self.heatmap_changed.emit()

    def _heatmap_of(self, opened: OpenSource, name: str) -> Heatmap | None:
        session = self._session
        if opened is session.current and name == session.slide_name:
            return session.heatmap
        return session.blind.heatmap_of(opened, name)

    def _on_results(self) -> None:
        if self.slide is not None:
            # The session keeps its own heat map up to date.
            if self.heatmap is not None and self.heatmap is not self._session.heatmap:
                self._take_news(self.heatmap)
            self.heatmap_changed.emit()

    def _take_news(self, heatmap: Heatmap) -> None:
        """Only what has changed: a slide may have a million patches, and news come ten times a second."""
        if self.opened is None or self.name is None:
            return
        rows = self.opened.source.rows(self.name)
        now = self._session.blind.seen(self.opened)[rows]
        before = self._known if len(self._known) == len(now) else np.full(len(now), np.nan, np.float32)
        is_news = (before != now) & ~(np.isnan(before) & np.isnan(now))
        heatmap.update(rows[is_news], now[is_news])
        self._known = now

    def _on_closing(self) -> None:
        if self.is_current:
            self._let_go()

    def _on_sources(self) -> None:
        """A source that was pinned may be gone, or have been opened anew at another scale."""
        old, name = self.opened, self.name
        if not self.is_pinned or old is None or name is None or old in self._session.sources:
            return
        if self.slide is not None:
            self._let_go()
        new = next((o for o in self._session.sources if o.source.path == old.source.path), None)
        if new is not None and name in new.source.slides():
            self.pin(new, name)
        else:
            self.unpin()

    def _let_go(self) -> None:
        self.slide = self.heatmap = None
        self.leaving.emit()

    def _set_pinned(self, is_pinned: bool) -> None:
        if is_pinned != self.is_pinned:
            self.is_pinned = is_pinned
            self.pinned_changed.emit()
