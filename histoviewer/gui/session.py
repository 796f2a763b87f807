"""The one object that knows what is open, shown, selected and running."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from histoviewer.errors import HistoViewerError, ResultError
from histoviewer.gui.inference_thread import InferenceThread
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.progress import Progress, ProgressMeter
from histoviewer.gui.source_opener import SourceOpener
from histoviewer.inference.engine import Classified, Event, RunFailed
from histoviewer.inference.model_card import ModelCard, read_card
from histoviewer.inference.requests import Priority
from histoviewer.patches.patch import waiting_blocks
from histoviewer.results.colormaps import DEFAULT_COLORMAP, Below
from histoviewer.results.heatmap import Heatmap
from histoviewer.slides.base import Slide
from histoviewer.slides.geometry import Box

REFRESH_MS = 100
"""Results reach the widgets about ten times a second, however fast they come."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """How the heat map is laid over the slide. View settings: they never touch a result."""

    is_visible: bool = True
    opacity: float = 0.6
    colormap: str = DEFAULT_COLORMAP
    is_smooth: bool = False
    below: Below = "dim"


class Session(QObject):
    """What the window shows. Lives in the GUI thread; widgets listen to it, never to each other.

    Attributes:
        card: of the model in use.
        sources: everything open, in the order it was opened.
        current: the source in front, or None.
        slide_name, slide, heatmap: what the canvas shows of it; None for loose patches.
        threshold: at or above it a patch is malignant.
        overlay: see ``Overlay``.
        selected: row of the current source, or None.

    Signals:
        sources_changed(): a source was opened or closed.
        current_changed(): another source is in front.
        slide_changed(): another slide is on the canvas.
        source_closing(): the source in front is about to be closed; whoever reads it must let it go now.
        results_changed(): probabilities of the current source came in.
        rows_judged(object): which ones, intp (n,), just before ``results_changed``.
        threshold_changed(), overlay_changed(), selection_changed(): as the attributes.
        run_changed(): a run began or ended.
        progressed(object): a ``Progress``, while a run goes on.
        scale_needed(object, str): an ``OpenSource`` that cannot be judged before its scale is given, and why.
        failed(str), noted(str): something to tell the user, in one line; noted is no failure.
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
    failed = Signal(str)
    noted = Signal(str)

    def __init__(self, bundle: Path, parent: QObject | None = None) -> None:
        """Raises ModelError when the bundle has no card to read."""
        super().__init__(parent)
        self.card: ModelCard = read_card(bundle)
        self.sources: list[OpenSource] = []
        self.current: OpenSource | None = None
        self.slide_name: str | None = None
        self.slide: Slide | None = None
        self.heatmap: Heatmap | None = None
        self.threshold = self.card.threshold
        self.overlay = Overlay()
        self.selected: int | None = None
        self._visible: Box | None = None
        self._meter: ProgressMeter | None = None
        self._run_id = 0
        self._is_closed = False
        self._fresh_rows: list[NDArray[np.intp]] = []

        self.opener = SourceOpener(self.card, self)
        self.opener.opened.connect(self._add)
        self.opener.scale_needed.connect(self._add_without_scale)
        self.opener.known.connect(self._show_known)
        self.opener.failed.connect(self.failed)
        self._inference = InferenceThread(bundle, parent=self)
        self._inference.reported.connect(self._on_event)
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._announce_results)
        self._inference.start()

    # -- what is open

    def open(self, paths: Iterable[Path], *, mpp: float | None = None, classify: bool = False) -> None:
        """Open files and folders in the background, and with ``classify`` judge them once they are open.

        One that is open already comes to the front.
        """
        for path in paths:
            self.opener.open(path, mpp=mpp, classify=classify)

    def give_scale(self, opened: OpenSource, mpp: float) -> None:
        """Open a source again at the µm/px a person has given."""
        self.close_source(opened)
        self.open([opened.source.path], mpp=mpp, classify=opened.classify_when_scaled)

    def close_source(self, opened: OpenSource) -> None:
        """Close one source; what was judged of it is on disk, and other sources' runs go on."""
        self._inference.queue.forget(opened.source)
        if self._meter is not None:
            self._meter.extend(-int(opened.is_waiting.sum()))
        self.sources.remove(opened)
        if opened is self.current:
            self.source_closing.emit()
            self.show_source(self.sources[-1] if self.sources else None)
        self.sources_changed.emit()
        self._close(opened)
        self._end_finished_run()

    def close(self) -> None:
        """Stop everything and wait for it; nothing is terminated and nothing is lost."""
        self.source_closing.emit()
        self._is_closed = True
        self.opener.stop()
        self._inference.stop()
        # What the threads had still to say: batches judged, sources opened.
        for sender in (self, self.opener, *self.opener.children()):
            QCoreApplication.sendPostedEvents(sender, QEvent.Type.MetaCall.value)
        for opened in self.sources:
            self._close(opened)
        self.sources.clear()

    def _close(self, opened: OpenSource) -> None:
        try:
            opened.close()
        except ResultError as error:
            self.failed.emit(str(error))
        self.opener.forget(opened.source.path)

    def _add(self, opened: OpenSource, classify: bool) -> None:
        if self._is_closed:
            self._close(opened)
            return
        self.sources.append(opened)
        self.sources_changed.emit()
        self.show_source(opened)
        for note in opened.source.notes:
            self.noted.emit(f"{opened.source.name}: {note}")
        if classify:
            self.classify(opened)

    def _add_without_scale(self, opened: OpenSource, reason: str) -> None:
        self._add(opened, False)
        if not self._is_closed:
            self.scale_needed.emit(opened, reason)

    def _show_known(self, path: Path, classify: bool) -> None:
        """Something that is open already was asked for again."""
        opened = next((s for s in self.sources if s.source.path.resolve() == path), None)
        if opened is not None:
            self.show_source(opened)
            if classify:
                self.classify(opened)

    # -- what is shown

    def show_source(self, opened: OpenSource | None) -> None:
        """Bring a source to the front, with its first slide on the canvas."""
        if opened is self.current:
            return
        self.current = opened
        self.selected = None
        self._fresh_rows.clear()
        self._show(next(opened.source.slides(), None) if opened else None)
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
                self.heatmap = Heatmap(self.current.store, self.current.source.rows(name))
            except HistoViewerError as error:
                self.failed.emit(str(error))
        self.slide_changed.emit()

    def select(self, row: int | None) -> None:
        """Select one patch of the current source, and judge it before all others."""
        if row == self.selected:
            return
        self.selected = row
        if row is not None and self.current is not None:
            self._lift(np.array([row]), Priority.SELECTED)
        self.selection_changed.emit()

    def set_visible(self, box: Box) -> None:
        """The canvas shows this part of the slide: judge it first."""
        self._visible = box
        self._lift_visible()

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
        return self._meter is not None

    @property
    def can_classify(self) -> bool:
        """The current source has patches that were neither judged nor asked for."""
        return self.current is not None and bool(len(self.current.rows_to_submit()))

    def classify(self, opened: OpenSource | None = None) -> None:
        """Judge all patches of a source (the current one) that have not been judged."""
        opened = opened or self.current
        if opened is None:
            return
        rows = opened.rows_to_submit()
        if not len(rows):
            return
        blocks, total = waiting_blocks(opened.source, rows), len(rows)
        opened.is_waiting[rows] = True
        self._run_id = self._inference.queue.submit(opened.source, blocks, Priority.BACKGROUND)
        if self._meter is None:
            self._meter = ProgressMeter(total)
        else:
            self._meter.extend(total)
        self._lift_visible()
        self.run_changed.emit()

    def cancel(self) -> None:
        """End the run; what has been judged stays."""
        self._run_id = self._inference.queue.cancel()
        self._end_run()

    def progress(self) -> Progress | None:
        """Of the run that is going on."""
        return self._meter.progress() if self._meter else None

    def _lift_visible(self) -> None:
        if self._visible is not None and self.current is not None and self._meter is not None:
            self._lift(self._rows_within(self._visible), Priority.VISIBLE)

    def _rows_within(self, box: Box) -> NDArray[np.intp]:
        assert self.current is not None
        if self.slide_name is None:
            return np.empty(0, np.intp)
        columns = self.current.source.columns
        rows = self.current.source.rows(self.slide_name)
        x, y = columns.x[rows], columns.y[rows]
        inside = (x < box.x + box.width) & (x + columns.width[rows] > box.x)
        inside &= (y < box.y + box.height) & (y + columns.height[rows] > box.y)
        return rows[inside]

    def _lift(self, rows: NDArray[np.intp], priority: Priority) -> None:
        assert self.current is not None
        numbers = np.unique(self.current.block_of[rows]).tolist()
        self._inference.queue.lift(self.current.source, numbers, priority)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Classified):
            self._on_classified(event)
        elif isinstance(event, RunFailed):
            self.failed.emit(event.message)
            self._end_run()

    def _on_classified(self, event: Classified) -> None:
        opened = next((s for s in self.sources if s.source is event.source), None)
        if opened is None or event.run_id != self._run_id or self._meter is None:
            return
        has_room = self._record(opened, event)
        opened.is_waiting[event.patches] = False
        self._meter.add(done=len(event.patches), failed=int(np.isnan(event.probabilities).sum()))
        if opened is self.current:
            self._fresh_rows.append(event.patches)
            if self.heatmap is not None:
                self.heatmap.update(event.patches, event.probabilities)
        if not has_room:
            self.cancel()
        elif not self._refresh.isActive():
            self._refresh.start()
        self._end_finished_run()

    def _record(self, opened: OpenSource, event: Classified) -> bool:
        """False when the file cannot be written: the answers are in memory, but more would be lost."""
        try:
            opened.store.record(event.patches, event.probabilities, event.sizes, event.notes)
        except ResultError as error:
            self.failed.emit(str(error))
            return False
        return True

    def _end_finished_run(self) -> None:
        if self._meter is not None and self._meter.done >= self._meter.total:
            self._end_run()

    def _announce_results(self) -> None:
        if self._meter is not None:
            self.progressed.emit(self._meter.progress())
        if self._fresh_rows:
            self.rows_judged.emit(np.concatenate(self._fresh_rows))
            self._fresh_rows.clear()
        self.results_changed.emit()

    def _end_run(self) -> None:
        if self._meter is None:
            return
        self._refresh.stop()
        self._announce_results()
        self._meter = None
        for opened in self.sources:
            opened.is_waiting[:] = False
            self._flush(opened)
        self.run_changed.emit()

    def _flush(self, opened: OpenSource) -> None:
        try:
            opened.store.flush()
        except ResultError as error:
            self.failed.emit(str(error))
