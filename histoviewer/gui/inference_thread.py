"""The one thread that owns the model while the window lives."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from histoviewer.inference.engine import InferenceEngine
from histoviewer.inference.opening import Engine, open_classifier
from histoviewer.inference.requests import RequestQueue


class InferenceThread(QThread):
    """Runs the engine's loop. A subclass with its own signal: slots of plain objects, lambdas and
    partials would run in this thread.

    Attributes:
        queue: how the GUI thread talks to the engine.

    Signals:
        reported(object): an ``inference.engine.Event``; connect bound methods of QObjects only.
    """

    reported = Signal(object)

    def __init__(self, bundle: Path, *, engine: Engine = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = RequestQueue()
        self._bundle = bundle
        self._engine = engine

    def run(self) -> None:
        """The engine's loop, until the queue is closed."""
        engine = InferenceEngine(
            load=lambda: open_classifier(self._bundle, engine=self._engine),
            queue=self.queue,
            report=self.reported.emit,
        )
        engine.run()

    def stop(self) -> None:
        """End the loop after the batch in hand and wait for it. Nothing is terminated."""
        self.queue.close()
        self.wait()
