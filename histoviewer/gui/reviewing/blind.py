"""Reviewing without the model's answers in view: what of them may be seen."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.reviewing import Reviewing
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.reviews import NO_REVIEW
from histoviewer.results.store import ResultStore


class Blind(QObject):
    """While it is on, the answer for a patch is hidden until that patch is decided, by whomever. GUI thread.

    Whatever shows answers takes them from ``seen``: there is no other rule. Results in files and exports
    hold all answers all the time.

    Attributes:
        is_on: answers are hidden.

    Signals:
        switched(): ``is_on`` is another one.
        changed(object, object): of an ``OpenSource`` these rows, intp (n,), are seen or hidden now.
    """

    switched = Signal()
    changed = Signal(object, object)

    def __init__(self, reviewing: Reviewing, parent: QObject | None = None) -> None:
        """Made before all that listens to ``reviewing``, so that what it shows is up to date by then."""
        super().__init__(parent)
        self.is_on = False
        self._seen: WeakKeyDictionary[OpenSource, NDArray[np.float32]] = WeakKeyDictionary()
        reviewing.changed.connect(self._on_reviewed)

    def set_on(self, is_on: bool) -> None:
        if is_on != self.is_on:
            self.is_on = is_on
            self._seen.clear()
            self.switched.emit()

    def seen(self, opened: OpenSource) -> NDArray[np.float32]:
        """Probabilities that may be seen, float32 (n,): NaN where not judged, or hidden. The same array as
        long as ``is_on`` is the same; not to be written into."""
        if not self.is_on:
            return opened.store.probability
        if opened not in self._seen:
            self._seen[opened] = _decided(opened.store, np.arange(len(opened.store.columns)))
        return self._seen[opened]

    def hides(self, opened: OpenSource, row: int) -> bool:
        """The answer for this patch may not be seen, if there is one."""
        return self.is_on and int(opened.store.review[row]) == NO_REVIEW

    def heatmap_of(self, opened: OpenSource, slide: str) -> Heatmap:
        """What may be seen of a slide. Raises ResultError as ``Heatmap`` does."""
        rows = opened.source.rows(slide)
        return Heatmap(opened.store, rows, self.seen(opened)[rows])

    def take(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        """These rows were judged, or decided."""
        if opened in self._seen:
            self._seen[opened][rows] = _decided(opened.store, rows)

    def _on_reviewed(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        self.take(opened, rows)
        if self.is_on:
            self.changed.emit(opened, rows)


def _decided(store: ResultStore, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    return np.where(store.review[rows] == NO_REVIEW, np.float32(np.nan), store.probability[rows])
