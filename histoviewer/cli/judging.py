"""Judging one source without a window: the engine runs inline, in the calling thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from histoviewer.errors import HistoViewerError, ModelError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.engine import Classified, Event, InferenceEngine, RunFailed
from histoviewer.inference.requests import Priority, RequestQueue
from histoviewer.patches.patch import PatchSource, waiting_blocks
from histoviewer.results.store import ResultStore


class ProgressBar:
    """A bar with rate and time left on a terminal, nothing when standard error is piped."""

    def __init__(self, name: str, total: int, *, quiet: bool) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            disable=quiet or not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task(name, total=total, rate="")

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def advance(self, patches: int) -> None:
        """Some more patches have been judged."""
        speed = self._progress.tasks[0].speed
        self._progress.update(self._task, advance=patches, rate=f"{speed:.0f}/s" if speed else "")


def judge(
    source: PatchSource,
    store: ResultStore,
    classifier: Classifier,
    rows: NDArray[np.intp],
    *,
    advanced: Callable[[int], None],
) -> None:
    """Judge these rows of the source into the store.

    Raises ModelError when the network fails and ResultError when the store cannot be written; what was
    judged before is kept.
    """
    queue = RequestQueue()
    recorder = _Recorder(store, queue, advanced)
    queue.submit(source, waiting_blocks(source, rows), Priority.BACKGROUND)
    try:
        InferenceEngine(load=lambda: classifier, queue=queue, report=recorder.on_event).run(until_idle=True)
    finally:
        store.flush()
    if recorder.problem is not None:
        raise recorder.problem


class _Recorder:
    """Puts what the engine reports into the store.

    The queue knows a single run, so that a failed run is always this one.
    """

    def __init__(self, store: ResultStore, queue: RequestQueue, advanced: Callable[[int], None]) -> None:
        self._store = store
        self._queue = queue
        self._advanced = advanced
        self.problem: HistoViewerError | None = None

    def on_event(self, event: Event) -> None:
        if isinstance(event, RunFailed):
            self.problem = ModelError(event.message)
        elif isinstance(event, Classified) and self.problem is None:
            self._record(event)

    def _record(self, event: Classified) -> None:
        try:
            self._store.record(event.patches, event.probabilities, event.sizes, event.notes)
        except HistoViewerError as error:
            # A full disk: nothing more can be kept, so nothing more is judged.
            self.problem = error
            self._queue.cancel()
            return
        self._advanced(len(event.patches))
