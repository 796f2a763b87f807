"""First coloured patches in view after the large slide is opened, with the model warm.

    python -m tests.benchmarks.bench_first_patches

From ``open`` to the first painted frame of the canvas with an answer on it, in the real window; against one
display tile read by OpenSlide and one batch judged by the network, one after the other. A slide is opened
anew in each round, and nothing is kept of it.
"""

from __future__ import annotations

import os
import tempfile
import time

import numpy as np
import openslide

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.inference.opening import open_classifier
from histoviewer.resources import default_bundle
from tests.benchmarks.bench_looking import CANVAS, Watch
from tests.benchmarks.figure import Figure, compared, report
from tests.benchmarks.large_slide import large_slide

ROUNDS = 5

REST = 1.0
"""Seconds for the batch in hand, which is not waited for when a run is cancelled."""


def measure() -> list[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    large_slide()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        return [_measure()]


def _measure() -> Figure:
    app = make_application()
    session = Session(default_bundle())
    window = MainWindow(session)
    window.resize(*CANVAS)
    window.show()
    watch, classifier = Watch(app), open_classifier(default_bundle())
    rival, ours = [], []
    for number in range(ROUNDS + 1):
        pixels = np.random.default_rng(number).integers(
            0, 256, (classifier.batch_size, *2 * (classifier.card.input_size,), 3), np.uint8
        )
        start = time.perf_counter()
        with openslide.OpenSlide(large_slide()) as slide:
            slide.read_region((0, 0), slide.level_count - 1, (256, 256))
        classifier.predict(pixels)
        one = time.perf_counter() - start
        other = _open(session, window, watch)
        if number:  # the first loads the model
            rival.append(1000 * one)
            ours.append(1000 * other)
    window.close()
    return compared(
        "first coloured patches in view after opening the large slide",
        "ms",
        rival=rival,
        ours=ours,
        aim=2,
        is_rate=False,
        rival_name="one tile by OpenSlide and one batch",
    )


def _open(session: Session, window: MainWindow, watch: Watch) -> float:
    start = time.perf_counter()
    session.open([large_slide()], classify=True)
    layer = window.canvas._layer
    watch.until(lambda: layer.is_shown)
    window.canvas.view.repaint()
    seconds = time.perf_counter() - start
    session.cancel()
    watch.until(lambda: not session.is_running)
    rest = time.perf_counter() + REST
    watch.until(lambda: time.perf_counter() > rest)
    opened = session.current
    assert opened is not None
    results = opened.store.path
    session.close_source(opened)
    results.unlink(missing_ok=True)
    return seconds


if __name__ == "__main__":
    report(measure)
