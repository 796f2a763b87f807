"""The one thread that owns the model while the window lives."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from histoviewer.inference.classifier import Classifier
from histoviewer.inference.closer_look import CloserLook, SimilarFinder
from histoviewer.inference.engine import InferenceEngine, RunFailed
from histoviewer.inference.gradcam import Differentiable
from histoviewer.inference.opening import (
    JudgingOptions,
    open_differentiable,
    open_judge,
    open_similar,
)
from histoviewer.inference.requests import RequestQueue

log = logging.getLogger("histoviewer.model")


class InferenceThread(QThread):
    """Runs the engine's loop. A subclass with its own signal: slots of plain objects, lambdas and
    partials would run in this thread.

    Attributes:
        queue: how the GUI thread talks to the engine.

    Signals:
        reported(object): an ``inference.engine.Event``; connect bound methods of QObjects only.
    """

    reported = Signal(object)

    def __init__(self, bundle: Path, options: JudgingOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = RequestQueue()
        self._bundle, self._options = bundle, options
        self._is_stopping = False
        self.finished.connect(self._on_finished)

    def run(self) -> None:
        """The engine's loop, until the queue is closed."""
        closer_look = CloserLook(load_gradients=self._load_gradients, load_similar=self._load_similar)
        engine = InferenceEngine(
            load=self._load, queue=self.queue, report=self.reported.emit, closer_look=closer_look
        )
        has_ended_well = False
        try:
            engine.run()
            has_ended_well = True
        finally:
            # A defect, or a library that ran out of memory: the run is over, and says so. One that was
            # submitted since, while the last readers ended, waits for the next loop.
            if not has_ended_well and self.queue.end(engine.run_id):
                message = self.tr("Classifying stopped unexpectedly; the log says why.")
                self.reported.emit(RunFailed(message, run_id=engine.run_id))

    def _load(self) -> Classifier:
        classifier = open_judge(self._bundle, self._options)
        tested = "its golden patch is judged as it must be" if classifier.card.golden else "no golden patch"
        log.info("network opened: %s, %s, %s", classifier.engine, classifier.precision, tested)
        return classifier

    def _load_gradients(self) -> Differentiable:
        network = open_differentiable(self._bundle)
        log.info("network opened for its gradients")
        return network

    def _load_similar(self) -> SimilarFinder:
        return open_similar(self._bundle)

    def wake(self) -> None:
        """Begin anew where the loop has ended unasked; call it once something waits in the queue."""
        if not self._is_stopping:
            self.start()

    def stop(self) -> None:
        """End the loop after the batch in hand and wait for it. Nothing is terminated."""
        self._is_stopping = True
        self.queue.close()
        self.wait()

    def _on_finished(self) -> None:
        """In the GUI thread. A loop that ended unasked does not begin anew by itself, to end again and again;
        but a run may have been submitted while it was ending."""
        if len(self.queue):
            self.wake()
