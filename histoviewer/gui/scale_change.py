"""A source is opened again at another scale, and stays in view until that is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from histoviewer.errors import ScaleError
from histoviewer.gui.letting_go import LettingGo
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.runs import Runs
from histoviewer.gui.source_opener import OpenRequest, SourceOpener
from histoviewer.inference.model_card import ModelCard
from histoviewer.patches.scale import usable_scale
from histoviewer.slides.geometry import Scale


class ScaleChange(QObject):
    """Gives sources the µm/px that a person says. GUI thread.

    Signals:
        refused(object, str): an ``OpenSource``, and why the model cannot use the scale given for it.
    """

    refused = Signal(object, str)

    def __init__(
        self, card: ModelCard, opener: SourceOpener, runs: Runs, letting_go: LettingGo, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._card, self._opener, self._runs, self._letting_go = card, opener, runs, letting_go

    def give(self, opened: OpenSource, mpp: float) -> None:
        """Open a source again at this scale, and judge it where it was to be judged."""
        if opened.is_leaving:
            return
        try:
            usable_scale(Scale(mpp, "user"), model_mpp=self._card.mpp, path=opened.source.path)
        except ScaleError as error:
            opened.refused_mpp = mpp
            self.refused.emit(opened, str(error))
            return
        opened.refused_mpp = None
        if mpp != opened.mpp or opened.scale_problem:
            self._replace(opened, mpp)

    def go_back(self, request: OpenRequest, sources: Sequence[OpenSource]) -> None:
        """Another scale was not to be: open the source again as it was, if it is still one of these."""
        old = request.replaces
        if old is not None and old in sources:
            self._open_again(old, old.given_mpp, classify=old.classify_when_scaled)

    def _replace(self, opened: OpenSource, mpp: float) -> None:
        if not self._letting_go.is_saved(opened):
            return
        classify = opened.classify_when_scaled or opened.has_answers
        opened.is_leaving = True
        self._runs.forget(opened)
        self._letting_go.close(opened)
        self._open_again(opened, mpp, classify=classify)

    def _open_again(self, opened: OpenSource, mpp: float | None, *, classify: bool) -> None:
        self._opener.open(OpenRequest(opened.source.path, mpp, classify, replaces=opened))
