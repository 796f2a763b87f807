"""What is being judged: the engine's thread, who waits for it, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from histoviewer.errors import ResultError
from histoviewer.gui.inference_thread import InferenceThread
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.progress import Progress, ProgressMeter
from histoviewer.inference.engine import Classified, Event, Explained, FoundSimilar, RunFailed
from histoviewer.inference.explain import Method
from histoviewer.inference.opening import DEFAULT_OPTIONS, JudgingOptions
from histoviewer.inference.requests import Priority
from histoviewer.patches.patch import waiting_blocks

SAVE_MS = 1000
"""How often what has not been saved is looked for."""


class Runs(QObject):
    """Judges sources, all of them together, and records the answers. Lives in the GUI thread.

    Signals:
        judged(object, object): an ``OpenSource``, and the ``Classified`` that its store has just recorded.
        changed(): judging began or ended.
        failed(str): one line.
        explained(object): an ``Explained``, of whatever was asked for last or before it.
        found_similar(object): a ``FoundSimilar``, in the same way.
    """

    judged = Signal(object, object)
    changed = Signal()
    failed = Signal(str)
    explained = Signal(object)
    found_similar = Signal(object)

    def __init__(
        self, bundle: Path, options: JudgingOptions = DEFAULT_OPTIONS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._sources: list[OpenSource] = []
        self._meter: ProgressMeter | None = None
        self._run_id = 0
        self._saving = QTimer(self, interval=SAVE_MS)
        self._saving.timeout.connect(self._keep_up)
        self._thread = InferenceThread(bundle, options, parent=self)
        self._thread.reported.connect(self._on_event)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._meter is not None

    def progress(self) -> Progress | None:
        """Of what is going on."""
        return self._meter.progress() if self._meter else None

    def submit(self, opened: OpenSource, visible: Sequence[int] = ()) -> None:
        """Judge all patches of a source that want it, ``visible`` blocks first, most wanted first; see
        ``OpenSource.rows_to_submit``."""
        rows = opened.rows_to_submit()
        if not len(rows):
            return
        blocks = waiting_blocks(opened.source, rows)
        queue = self._thread.queue
        run_id = queue.submit(opened.source, blocks, Priority.BACKGROUND, visible=visible)
        self._thread.wake()
        if run_id != self._run_id:
            # The run before has failed, and the message that says so is still on its way.
            self._end()
        self._run_id = run_id
        if opened not in self._sources:
            self._sources.append(opened)
        opened.is_waiting[rows] = True
        if self._meter is None:
            self._saving.start()
            self._meter = ProgressMeter(len(rows))
        else:
            self._meter.extend(len(rows))
        self.changed.emit()

    def select(self, opened: OpenSource, row: int) -> None:
        """Judge this row before all others, if it waits at all."""
        if self._meter is not None:
            self._thread.queue.lift(opened.source, [int(opened.block_of[row])], Priority.SELECTED)

    def explain(self, opened: OpenSource, row: int, method: Method) -> None:
        """Find out what a patch's answer rests on, before anything else is judged."""
        self._thread.queue.explain(opened.source, row, method)
        self._thread.wake()

    def find_similar(self, opened: OpenSource, row: int) -> None:
        """Find the patches of the training that a patch is like, before anything else is judged."""
        self._thread.queue.find_similar(opened.source, row)
        self._thread.wake()

    def show(self, opened: OpenSource, visible: Sequence[int]) -> None:
        """Of what waits, judge these blocks next: they are in view now, and others no longer."""
        if self._meter is not None:
            self._thread.queue.show(opened.source, visible)

    def forget(self, opened: OpenSource) -> None:
        """Judge nothing more of a source; the others go on."""
        self._thread.queue.forget(opened.source)
        if self._meter is not None:
            self._meter.extend(-int(opened.is_waiting.sum()))
        opened.is_waiting[:] = False
        if opened in self._sources:
            self._sources.remove(opened)
        self._end_if_done()

    def cancel(self) -> None:
        """End it all; what has been judged stays."""
        self._run_id = self._thread.queue.cancel()
        self._end()

    def stop(self) -> None:
        """End the thread after the batch in hand and wait for it."""
        self._saving.stop()
        self._thread.stop()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Classified):
            self._on_classified(event)
        elif isinstance(event, Explained):
            self.explained.emit(event)
        elif isinstance(event, FoundSimilar):
            self.found_similar.emit(event)
        elif isinstance(event, RunFailed):
            self.failed.emit(event.message)
            if event.run_id == self._run_id:
                self._end()

    def _on_classified(self, event: Classified) -> None:
        opened = next((s for s in self._sources if s.source is event.source), None)
        if opened is None or event.run_id != self._run_id or self._meter is None:
            return
        has_room = self._is_saved(
            lambda: opened.store.record(event.patches, event.probabilities, event.sizes, event.notes)
        )
        opened.is_waiting[event.patches] = False
        self._meter.add(done=len(event.patches), failed=int(np.isnan(event.probabilities).sum()))
        self.judged.emit(opened, event)
        if not has_room:
            self.cancel()
        self._end_if_done()

    def _end_if_done(self) -> None:
        if self._meter is not None and self._meter.done >= self._meter.total:
            self._end()

    def _end(self) -> None:
        if self._meter is None:
            return
        self._meter = None
        self._saving.stop()
        for opened in self._sources:
            opened.is_waiting[:] = False
            self._is_saved(opened.store.flush)
        self._sources.clear()
        self.changed.emit()

    def _keep_up(self) -> None:
        """A store writes when it is given more; of a source that is done, or has to wait for others, it is
        not."""
        if not all(self._is_saved(opened.store.keep_up) for opened in self._sources):
            self.cancel()

    def _is_saved(self, write: Callable[[], None]) -> bool:
        """False when the file cannot be written: the answers are in memory, but more would be lost."""
        try:
            write()
        except ResultError as error:
            self.failed.emit(str(error))
            return False
        return True
