"""Dragging the threshold over a million patches in the real window, against a frame's time.

python -m tests.benchmarks.bench_threshold

A slide of 51,200 x 36,800 pixels, cut so finely that it has more than a million patches, with made-up answers
that lie as those of tissue do: smooth over the slide. Every step re-derives classes, counts, area, contours,
heat map and histogram, and paints the canvas; it ends when the window has nothing left to do. Without a
screen it runs offscreen.
"""

from __future__ import annotations

import os
import tempfile
import time

import numpy as np
from PySide6.QtWidgets import QApplication

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.resources import default_bundle
from tests.benchmarks.bench_looking import CANVAS, Watch
from tests.benchmarks.million_patches import open_a_million

STEPS = 200


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        _drag()


def _drag() -> None:
    app = make_application()
    session = Session(default_bundle())
    window = MainWindow(session)
    window.resize(*CANVAS)
    window.show()
    opened = open_a_million(session)
    watch, view = Watch(app), window.canvas.view
    watch.until(view.is_sharp)
    print(f"{len(opened.source.columns):,} patches")
    print("| shown | p50, ms | p95, ms |\n|---|---|---|")
    _row("heat map", _times(app, session, window))
    session.set_overlay(has_contours=True)
    _row("heat map and contours", _times(app, session, window))
    view.zoom_to_downsample(8.0)
    watch.until(view.is_sharp)
    _row("the same, near", _times(app, session, window))
    window.close()


def _times(app: QApplication, session: Session, window: MainWindow) -> list[float]:
    """Milliseconds from a step of the threshold to a painted window at rest."""
    times = []
    for threshold in 0.5 + 0.3 * np.sin(np.linspace(0, 12, STEPS)):
        start = time.perf_counter()
        session.set_threshold(round(float(threshold), 3))
        app.processEvents()
        times.append(1000 * (time.perf_counter() - start))
        assert window.isVisible()
    return times


def _row(name: str, times: list[float]) -> None:
    print(f"| {name} | {np.percentile(times, 50):.1f} | {np.percentile(times, 95):.1f} |")


if __name__ == "__main__":
    main()
