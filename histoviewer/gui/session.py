"""The one object that knows what is open, shown, selected and running."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from histoviewer.errors import HistoViewerError
from histoviewer.gui.explaining import Explaining
from histoviewer.gui.letting_go import LettingGo
from histoviewer.gui.look.eye import Eye
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.opening_notes import failures, good_to_know
from histoviewer.gui.overlay import Overlay
from histoviewer.gui.progress import Progress
from histoviewer.gui.result_news import ResultNews
from histoviewer.gui.reviewing.area import Area
from histoviewer.gui.reviewing.blind import Blind
from histoviewer.gui.reviewing.brush import Brush
from histoviewer.gui.reviewing.reviewing import Reviewing
from histoviewer.gui.runs import Runs
from histoviewer.gui.scale_change import ScaleChange
from histoviewer.gui.similarity import Similarity
from histoviewer.gui.source_opener import OpenRequest, SourceOpener
from histoviewer.inference.engine import Classified
from histoviewer.inference.model_card import ModelCard, read_card
from histoviewer.inference.opening import DEFAULT_OPTIONS, JudgingOptions
from histoviewer.results.heatmap import Heatmap
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box


class Session(QObject):
    """What the window shows. Lives in the GUI thread; widgets listen to it, never to each other.

    Attributes:
        card: of the model in use.
        sources: everything open, in the order it was opened.
        current: the source in front, or None.
        slide_name, slide, heatmap: what the canvas shows of it; None for loose patches.
        threshold: at or above it a patch is malignant.
        overlay: see ``Overlay``.
        eye: how the slide is shown to the eye, and to nobody else.
        reviewing: takes what a person decides of patches.
        blind: which answers may be seen.
        area: patches of the slide that are to be decided together; brush: what marks them.
        explaining: what the selected patch's answer rests on.
        similarity: which patches of the training it is like.
        selected: row of the current source, or None.

    Signals:
        sources_changed(): a source was opened or closed.
        current_changed(): another source is in front.
        slide_changed(): another slide is on the canvas.
        source_closing(): the source in front is about to be closed; whoever reads it must let it go now.
        results_changed(): probabilities of the current source came in.
        rows_judged(object): which ones, intp (n,), just before ``results_changed``: those judged, and those
            whose probability has changed with a neighbour's.
        threshold_changed(), overlay_changed(), selection_changed(): as the attributes.
        run_changed(): a run began or ended.
        progressed(object): a ``Progress``, while a run goes on.
        scale_needed(object, str): an ``OpenSource`` that cannot be judged at the scale it says, or a person
            gave, and why.
        scale_asked(object): a person wants to give an ``OpenSource`` another scale.
        failed(str), noted(str): something to tell the user, in one line; noted is no failure.
        run_troubled(str): a run has ended in which something was wrong with the patches of a source: in one
            line what, and of how many. Whoever tells of each patch by itself has no use for it.
    """

    sources_changed = Signal()
    current_changed = Signal()
    slide_changed = Signal()
    source_closing = Signal()
    results_changed = Signal()
    rows_judged = Signal(object)
    threshold_changed = Signal()
    overlay_changed = Signal()
    selection_changed = Signal()
    run_changed = Signal()
    progressed = Signal(object)
    scale_needed = Signal(object, str)
    scale_asked = Signal(object)
    failed = Signal(str)
    noted = Signal(str)
    run_troubled = Signal(str)

    def __init__(self, bundle: Path, options: JudgingOptions = DEFAULT_OPTIONS) -> None:
        """Raises ModelError when the bundle has no card to read."""
        super().__init__()
        self.card: ModelCard = read_card(bundle)
        self.sources: list[OpenSource] = []
        self.current: OpenSource | None = None
        self.slide_name: str | None = None
        self.slide: Slide | None = None
        self.heatmap: Heatmap | None = None
        self.threshold = self.card.threshold
        self.overlay = Overlay()
        self.eye = Eye(self)
        self.eye.failed.connect(self.failed)
        self.reviewing = Reviewing(self)
        self.reviewing.failed.connect(self.failed)
        self.blind = Blind(self.reviewing, self)
        self.blind.changed.connect(self._on_seen)
        self.blind.switched.connect(self._on_blind_switched)
        self.area, self.brush = Area(self), Brush(self)
        for signal in (self.current_changed, self.slide_changed, self.selection_changed):
            signal.connect(self.area.clear)
        self._letting_go = LettingGo(self.reviewing, self)
        self._letting_go.failed.connect(self.failed)
        self.selected: int | None = None
        self._visible: Box | None = None
        self._is_closed = False
        self._batch = 0
        self._shown_batch = 0

        self.opener = SourceOpener(self.card, options, self)
        self.opener.opened.connect(self._add)
        self.opener.known.connect(self._show_known)
        self.opener.noted.connect(self.noted)
        self.opener.failed.connect(self._on_open_failed)
        self.opener.cancelled.connect(self._go_back)
        self._runs = Runs(bundle, options, self)
        self._runs.judged.connect(self._on_judged)
        self._runs.changed.connect(self._on_run_changed)
        self._runs.failed.connect(self.failed)
        self._scale_change = ScaleChange(self.card, self.opener, self._runs, self._letting_go, self)
        self._scale_change.refused.connect(self.scale_needed)
        self.explaining = Explaining(self._runs, self)
        self.similarity = Similarity(self._runs, self.card, self)
        self.selection_changed.connect(self._explain)
        self.overlay_changed.connect(self._understand)
        for asking in (self.explaining, self.similarity):
            self.source_closing.connect(asking.clear)
        self._news = ResultNews(self)
        self._news.due.connect(self._announce_results)
        self._news.troubled.connect(self.run_troubled)

    # -- what is open

    def open(self, paths: Iterable[Path], *, mpp: float | None = None, classify: bool = False) -> None:
        """Open files and folders in the background, and with ``classify`` judge them once they are open.

        The first of them comes to the front, also where it is open already.
        """
        self._batch += 1
        for path in paths:
            self.opener.open(OpenRequest(path, mpp=mpp, classify=classify, batch=self._batch))

    def open_again(self, sources: Iterable[tuple[Path, float | None]]) -> None:
        """Open what was open before, each at the µm/px that a person had given it; the first comes to the
        front."""
        self._batch += 1
        for path, mpp in sources:
            self.opener.open(OpenRequest(path, mpp=mpp, batch=self._batch, is_again=True))

    def ask_scale(self) -> None:
        """A person wants to give the current source another scale."""
        if self.current is not None and not self.current.is_leaving:
            self.scale_asked.emit(self.current)

    def give_scale(self, opened: OpenSource, mpp: float) -> None:
        """Open a source again at the µm/px a person has given, and judge it where it was to be judged.

        What was judged at another scale stays in the result file, as a run of its own. A scale that the
        model cannot use is refused by ``scale_needed``, and everything stays as it is.
        """
        self._scale_change.give(opened, mpp)

    def close_source(self, opened: OpenSource) -> None:
        """Close one source; what was judged of it is on disk, and other sources' runs go on.

        Where the disk does not take it, the source stays open and ``failed`` says so.
        """
        if not self._letting_go.is_saved(opened):
            return
        self._runs.forget(opened)
        self.sources.remove(opened)
        if opened is self.current:
            self.source_closing.emit()
            self.show_source(self.sources[-1] if self.sources else None)
        self.sources_changed.emit()
        self._close(opened)
        self.opener.forget(opened.true_path)

    def close(self) -> list[str]:
        """Stop everything and wait for it; nothing is terminated. Returns a line for each source of which
        something is lost, as where the disk is full."""
        self.source_closing.emit()
        self._is_closed = True
        self.opener.stop()
        self._runs.stop()
        # What the threads had still to say: batches judged, sources opened.
        for sender in (self._runs, self, self.opener, *self.opener.children()):
            QCoreApplication.sendPostedEvents(sender, QEvent.Type.MetaCall.value)
        for opened in self.sources:
            self._close(opened)
        self.sources.clear()
        return self._letting_go.take_lost()

    def _close(self, opened: OpenSource) -> None:
        self._letting_go.close(opened)
        opened.close_source()

    def _add(self, opened: OpenSource, request: OpenRequest) -> None:
        old = request.replaces
        if self._is_closed or (old is not None and old not in self.sources):
            self._close(opened)  # nobody wants it any more
            return
        if old is None:
            self.sources.append(opened)
        else:
            self.sources[self.sources.index(old)] = opened
        is_to_show = old is self.current if old else self._is_first(request)
        if old is not None and is_to_show:
            self.source_closing.emit()
        self.sources_changed.emit()
        if is_to_show:
            self.show_source(opened)
        if old is not None:
            self._close(old)
        self._tell(opened)
        if request.classify:
            self.classify(opened)

    def _is_first(self, request: OpenRequest) -> bool:
        """Of several things asked for together the first is shown, and stays."""
        is_first = request.batch != self._shown_batch or self.current is None
        self._shown_batch = request.batch
        return is_first

    def _tell(self, opened: OpenSource) -> None:
        for line in good_to_know(opened, self.card):
            self.noted.emit(line)
        for line in failures(opened):
            self.failed.emit(line)
        if opened.scale_problem:
            self.scale_needed.emit(opened, opened.scale_problem)

    def _on_open_failed(self, message: str, request: OpenRequest) -> None:
        self.failed.emit(message)
        if request.replaces in self.sources and request.mpp == request.replaces.given_mpp:
            self.close_source(request.replaces)  # not even as it was
        else:
            self._go_back(request)

    def _go_back(self, request: OpenRequest) -> None:
        if not self._is_closed:
            self._scale_change.go_back(request, self.sources)

    def _show_known(self, path: Path, request: OpenRequest) -> None:
        """Something that is open already was asked for again."""
        opened = next((s for s in self.sources if s.true_path == path), None)
        if opened is not None:
            if self._is_first(request):
                self.show_source(opened)
            if request.classify:
                self.classify(opened)

    # -- what is shown

    def show_source(self, opened: OpenSource | None, *, slide: str | None = None) -> None:
        """Bring a source to the front, with one of its slides (the first) on the canvas."""
        if opened is self.current:
            if slide is not None:
                self.show_slide(slide)
            return
        self.current = opened
        self.reviewing.set_current(opened)
        self.selected = None
        self._news.forget()
        self._show(slide or next(opened.source.slides(), None) if opened else None)
        self.current_changed.emit()
        self.selection_changed.emit()

    def show_slide(self, name: str) -> None:
        """Put another slide of the current source (a patient of a folder) on the canvas."""
        if name != self.slide_name:
            self._show(name)

    def _show(self, name: str | None) -> None:
        self.slide_name = name
        self._visible = None
        self.slide, self.heatmap = None, None
        if self.current is not None and name is not None:
            try:
                self.slide = self.current.source.slide(name)
                self.heatmap = self.blind.heatmap_of(self.current, name)
            except HistoViewerError as error:
                self.failed.emit(str(error))
        self.eye.set_slide(self.slide)
        self.slide_changed.emit()

    def select(self, row: int | None) -> None:
        """Select one patch of the current source, and judge it before all others."""
        if row == self.selected:
            return
        self.selected = row
        if row is not None and self.current is not None:
            self._runs.select(self.current, row)
        self.selection_changed.emit()

    def _explain(self) -> None:
        opened, row = self.current, self.selected
        if opened is not None and row is not None and self.blind.hides(opened, row):
            row = None
        self.explaining.set_patch(opened, row)
        self.similarity.set_patch(opened, row)

    def _understand(self) -> None:
        self.explaining.set_method(self.overlay.why_by)
        self.similarity.set_on(self.overlay.has_similar)

    def set_visible(self, box: Box) -> None:
        """The canvas shows this part of the slide: judge it first."""
        self._visible = box
        if self.current is not None and self.is_running:
            self._runs.show(self.current, self._visible_blocks(self.current))

    def set_threshold(self, threshold: float) -> None:
        if threshold != self.threshold:
            self.threshold = threshold
            self.threshold_changed.emit()

    def set_overlay(self, **changes: object) -> None:
        """Change fields of ``overlay``."""
        self.overlay = replace(self.overlay, **changes)  # type: ignore[arg-type]  # named by the caller
        self.overlay_changed.emit()

    # -- what is running

    @property
    def is_running(self) -> bool:
        return self._runs.is_running

    @property
    def can_classify(self) -> bool:
        """The current source has patches that were neither judged nor asked for, or that failed."""
        return self.current is not None and bool(len(self.current.rows_to_submit()))

    def classify(self, opened: OpenSource | None = None) -> None:
        """Judge all patches of a source (the current one) that have not been judged; where all have been
        tried, those that failed once more."""
        opened = opened or self.current
        if opened is not None:
            self._runs.submit(opened, self._visible_blocks(opened))

    def cancel(self) -> None:
        """End the run; what has been judged stays."""
        self._runs.cancel()

    def progress(self) -> Progress | None:
        """Of the run that is going on."""
        return self._runs.progress()

    def _visible_blocks(self, opened: OpenSource) -> list[int]:
        """Blocks of a source that the canvas shows, most wanted first."""
        if opened is not self.current or self.slide_name is None or self._visible is None:
            return []
        return opened.blocks_within(self.slide_name, self._visible)

    def _on_judged(self, opened: OpenSource, event: Classified) -> None:
        if opened is self.current:
            self._show_seen(opened, opened.store.changed)
        self._news.add(opened, event, is_in_front=opened is self.current)

    def _show_seen(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        self.blind.take(opened, rows)
        if self.heatmap is not None:
            self.heatmap.update(rows, self.blind.seen(opened)[rows])

    def _on_seen(self, opened: OpenSource, rows: NDArray[np.intp]) -> None:
        """Answers are seen now, or hidden."""
        if opened is self.current:
            self._show_seen(opened, rows)
            if self.selected in rows:
                self._explain()
            self.results_changed.emit()

    def _on_blind_switched(self) -> None:
        if self.current is not None:
            self._on_seen(self.current, np.arange(len(self.current.source.columns)))

    def _on_run_changed(self) -> None:
        if not self.is_running:
            self._news.end(self.sources)
        self.run_changed.emit()

    def _announce_results(self) -> None:
        progress = self.progress()
        if progress is not None:
            self.progressed.emit(progress)
        rows = self._news.take()
        if rows is not None:
            self.rows_judged.emit(rows)
        self.results_changed.emit()
