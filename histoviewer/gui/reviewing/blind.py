"""Reviewing without the model's answers in view: what of them may be seen."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.reviewing.reviewing import Reviewing
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.reviews import NO_REVIEW, Review


class Blind(QObject):
    """While it is on, the answer for a patch is hidden until the person who reviews has decided that patch,
    and so are its truth and what others decided of it. GUI thread.

    Whatever shows answers takes them from ``seen``, and decisions from ``reviews``: there is no other rule.
    Results in files and exports hold all of it all the time.

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
        self._reviewing = reviewing
        self._seen: WeakKeyDictionary[OpenSource, NDArray[np.float32]] = WeakKeyDictionary()
        self._reviews: WeakKeyDictionary[OpenSource, NDArray[np.int8]] = WeakKeyDictionary()
        reviewing.changed.connect(self._on_reviewed)

    def set_on(self, is_on: bool) -> None:
        if is_on != self.is_on:
            self.is_on = is_on
            self._switch()

    def set_reviewer(self, name: str) -> None:
        """Somebody else reviews from here on."""
        if name != self._reviewing.reviewer:
            self._reviewing.reviewer = name
            if self.is_on:
                self._switch()

    def _switch(self) -> None:
        self._seen.clear()
        self._reviews.clear()
        self.switched.emit()

    def seen(self, opened: OpenSource) -> NDArray[np.float32]:
        """Probabilities that may be seen, float32 (n,): NaN where not judged, or hidden. The same array as
        long as ``is_on`` is the same; not to be written into."""
        if not self.is_on:
            return opened.store.probability
        if opened not in self._seen:
            self._seen[opened] = self._seen_of(opened, np.arange(len(opened.store.columns)))
        return self._seen[opened]

    def reviews(self, opened: OpenSource) -> NDArray[np.int8]:
        """Decisions that may be seen, int8 (n,), as ``ResultStore.review``: while it is on, those of who
        reviews. The same array as long as ``is_on`` is the same; not to be written into."""
        if not self.is_on:
            return opened.store.review
        if opened not in self._reviews:
            self._reviews[opened] = self._own(opened, np.arange(len(opened.store.columns)))
        return self._reviews[opened]

    def hides(self, opened: OpenSource, row: int) -> bool:
        """The answer for this patch may not be seen, if there is one, nor its truth."""
        return self.is_on and int(self.reviews(opened)[row]) == NO_REVIEW

    def decision(self, opened: OpenSource, row: int) -> Review | None:
        """What may be seen of who decided this patch, and when."""
        if not self.is_on:
            return opened.store.decisions.get(row)
        return opened.store.ledger.own.get(self._reviewing.reviewer, {}).get(row)

    def heatmap_of(self, opened: OpenSource, slide: str) -> Heatmap:
        """What may be seen of a slide. Raises ResultError as ``Heatmap`` does."""
        rows = opened.source.rows(slide)
        return Heatmap(opened.store, rows, self.seen(opened)[rows])

    def take(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        """These rows were judged, or decided."""
        if opened in self._reviews:
            self._reviews[opened][rows] = self._own(opened, rows)
        if opened in self._seen:
            self._seen[opened][rows] = self._seen_of(opened, rows)

    def _on_reviewed(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        self.take(opened, rows)
        if self.is_on:
            self.changed.emit(opened, rows)

    def _seen_of(self, opened: OpenSource, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        is_hidden = self.reviews(opened)[rows] == NO_REVIEW
        return np.where(is_hidden, np.float32(np.nan), opened.store.probability[rows])

    def _own(self, opened: OpenSource, rows: NDArray[np.intp]) -> NDArray[np.int8]:
        """Also where another's later decision is the one that counts."""
        own = opened.store.ledger.own.get(self._reviewing.reviewer, {})
        column = np.full(len(opened.store.columns), NO_REVIEW, np.int8)
        column[list(own)] = [decision.review for decision in own.values()]
        return column[rows]
