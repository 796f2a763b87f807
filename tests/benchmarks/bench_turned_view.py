"""Frames of a turned slide against the same slide upright.

``python -m tests.benchmarks.bench_turned_view``: 1920 x 1080 of a slide of 51,200 x 36,800 pixels under a
heat map of 1,000,000 patches. Processor time of the GUI thread: what a frame costs while nothing else runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.slides.geometry import Box, Size
from tests.helpers.numpy_slide import NumpySlide

FRAMES = 60
DOWNSAMPLES = (32.0, 8.0, 2.0)
ANGLES = (0.0, 90.0, 30.0)
LEVELS = 8
WHOLE = Size(51_200, 36_800)


class NoiseSlide(NumpySlide):
    """As large as a real one; every read is the same noise."""

    def __init__(self) -> None:
        noise = np.random.default_rng(1).integers(90, 255, (256, 256, 3), np.uint8)
        super().__init__(noise, mpp=0.25, bounds=Box(0, 0, WHOLE.width, WHOLE.height))
        self.level_dimensions = tuple(Size(WHOLE.width >> i, WHOLE.height >> i) for i in range(LEVELS))
        self.level_downsamples = tuple(float(2**i) for i in range(LEVELS))

    def read_box(self, box: Box, size: Size) -> NDArray[np.uint8]:
        del box
        copies = (size.height // 256 + 1, size.width // 256 + 1, 1)
        return np.tile(self._pixels, copies)[: size.height, : size.width].copy()


def measure(app: QApplication, view: SlideView, move: Callable[[int], None]) -> tuple[float, float]:
    """Milliseconds a frame: p50, p95."""
    times = []
    for i in range(FRAMES):
        start = time.thread_time()
        move(i)
        view.repaint()
        times.append(1000 * (time.thread_time() - start))
        app.processEvents()
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def settle(app: QApplication, view: SlideView) -> None:
    while not view.is_sharp():
        app.processEvents()


def main() -> None:
    app = QApplication([])
    view = SlideView()
    view.resize(1920, 1080)
    view.show()
    layer = HeatmapLayer(view)
    view.set_overlay(layer)
    view.set_slide(NoiseSlide())
    cells = np.random.default_rng(2).integers(0, 255, (850, 1180, 4), np.uint8)
    layer.set_raster(cells, x=0.0, y=0.0, cell=43.2)
    hand = view._navigator
    moves: dict[str, Callable[[int], None]] = {
        "pan": lambda _: hand.drag(6.0, 3.0),
        "zoom": lambda i: hand.zoom_at(900.0, 500.0, 1.02 if i % 2 else 1 / 1.02, at_once=True),
        "turn": lambda _: hand.turn_by_hand(hand.current.rotation + 0.7),
    }
    for downsample in DOWNSAMPLES:
        upright: dict[str, float] = {}
        for angle in ANGLES:
            for name, move in moves.items():
                if name == "turn" and angle % 90 == 0:
                    continue
                hand.turn_by_hand(angle)
                view.centre_on(25_000.0, 18_000.0)
                view.zoom_to_downsample(downsample)
                settle(app, view)
                p50, p95 = measure(app, view, move)
                ratio = p50 / upright.setdefault("pan" if name == "turn" else name, p50)
                times = f"p50 {p50:5.1f} ms  p95 {p95:5.1f} ms  {ratio:4.1f}x"
                print(f"1:{downsample:<4g} {angle:3g}°  {name:4}  {times}")
    view.shut_down()


if __name__ == "__main__":
    main()
