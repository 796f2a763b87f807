"""Looking at a large slide in the real window, against the reading of its tiles and against a frame's time.

python -m tests.benchmarks.bench_looking

A slide of 51,200 x 36,800 pixels (JPEG tiles; made once, in the temporary folder) in a window whose canvas is
1920 x 1080, under a heat map of 1,000,000 patches. Three tables: what a frame takes while the slide is panned
and zoomed; how long after a jump the view is sharp, against OpenSlide alone reading the same tiles with as
many threads; and the longest time that the window did nothing else while it was opened, panned, classified
and closed. Without a screen it runs offscreen.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import openslide
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from histoviewer.gui.application import make_application
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_grid import TileGrid, TileKey
from histoviewer.gui.canvas.tile_painter import seen_tiles
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.resources import default_bundle
from tests.benchmarks.large_slide import SIZE, large_slide
from tests.benchmarks.million_patches import open_a_million

CANVAS = (1920, 1080)
FRAMES = 200
THREADS = min(4, max(2, os.cpu_count() or 2))
"""As many as the window's tiles are read with."""


class Watch:
    """Runs a window's events and remembers how long they kept it busy in one piece, in milliseconds."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.pieces: list[float] = []

    def turn(self) -> None:
        start = time.perf_counter()
        self._app.processEvents()
        self.pieces.append(1000 * (time.perf_counter() - start))
        time.sleep(0.0005)

    def until(self, is_done: Callable[[], bool], limit: float = 120.0) -> None:
        end = time.perf_counter() + limit
        while not is_done():
            if time.perf_counter() > end:
                raise TimeoutError("the window did not get there")
            self.turn()

    @contextmanager
    def longest(self, name: str, found: dict[str, float]) -> Iterator[None]:
        self.pieces.clear()
        start = time.perf_counter()
        yield
        spent = 1000 * (time.perf_counter() - start)
        found[name] = max(self.pieces, default=spent)


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    path = large_slide()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # answers of an earlier run would leave nothing to classify
        _look(path)


def _look(path: Path) -> None:
    app = make_application()
    session = Session(default_bundle())
    window = MainWindow(session)
    window.surroundings.only_slide.setChecked(True)
    window.resize(*CANVAS)
    window.show()
    watch, blocks = Watch(app), {}
    view = window.canvas.view
    with watch.longest("open", blocks):
        session.open([path])
        watch.until(lambda: session.slide is not None and view.is_sharp())
    view.resize(*CANVAS)
    jumps = _jumps(view, watch, path)
    with watch.longest("classify", blocks):
        session.classify()
        watch.until(lambda: not session.is_running, limit=600)
    session.close_source(session.sources[0])
    patches = len(open_a_million(session).source.columns)
    watch.until(view.is_sharp)
    frames = {}
    with watch.longest("pan and zoom", blocks):
        for name, move in (("pan", _pan), ("zoom", _zoom)):
            view.zoom_to_downsample(4.0)
            watch.until(view.is_sharp)
            frames[name] = _frames(view, watch, move)
    with watch.longest("close", blocks):
        start = time.perf_counter()
        window.close()
        watch.pieces.append(1000 * (time.perf_counter() - start))
    _show(patches, frames, jumps, blocks)


def _pan(view: SlideView, step: int) -> None:
    at = QPoint(900 + 9 * (step % 40), 500 + 5 * (step % 40))
    if step % 40 == 0:
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view, at)


def _zoom(view: SlideView, step: int) -> None:
    at, turn = QPointF(700, 400), 120 if step // 6 % 2 else -120
    plain = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase)
    event = QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), *plain, False)
    QApplication.sendEvent(view, event)


def _frames(view: SlideView, watch: Watch, move: Callable[[SlideView, int], None]) -> list[float]:
    """Milliseconds from an input to the painted frame."""
    times = []
    for step in range(FRAMES):
        start = time.perf_counter()
        move(view, step)
        view.repaint()
        times.append(1000 * (time.perf_counter() - start))
        watch.turn()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton)
    return times


def _jumps(view: SlideView, watch: Watch, path: Path) -> list[tuple[float, float]]:
    """Seconds until the view is sharp, and seconds that OpenSlide alone takes for the same tiles."""
    found: list[tuple[float, float]] = []
    sharp: list[float] = []
    view.sharpened.connect(lambda: sharp.append(time.perf_counter()))
    for x, y in _places():
        sharp.clear()
        start = time.perf_counter()
        view.follow(replace(view.transform, x=x, y=y, scale=1 / 4))
        watch.until(lambda: bool(sharp))
        ours = sharp[0] - start
        watch.until(lambda: not view._tiles._readings)  # what is read ahead would slow OpenSlide down
        assert view.slide is not None
        grid = TileGrid(view.slide.bounds)
        found.append((ours, _by_openslide(path, grid, seen_tiles(grid, view.transform))))
    return found


def _places() -> list[tuple[float, float]]:
    """Level-0 points so far apart that no two views show the same tiles, in an order without one."""
    across, down = np.linspace(0.15, 0.85, 4) * SIZE.width, np.linspace(0.15, 0.85, 3) * SIZE.height
    places = [(float(x), float(y)) for x in across for y in down]
    return [places[i] for i in np.random.default_rng(5).permutation(len(places))]


def _by_openslide(path: Path, grid: TileGrid, keys: list[TileKey]) -> float:
    """With a cache of its own that holds nothing yet."""
    with openslide.OpenSlide(path) as slide, ThreadPoolExecutor(THREADS) as pool:

        def read(key: TileKey) -> None:
            box, size = grid.box(key), grid.size(key)
            level = slide.get_best_level_for_downsample(box.width / size.width)
            slide.read_region((int(box.x), int(box.y)), level, (size.width, size.height))

        start = time.perf_counter()
        list(pool.map(read, keys))
        return time.perf_counter() - start


def _show(
    patches: int, frames: dict[str, list[float]], jumps: list[tuple[float, float]], blocks: dict[str, float]
) -> None:
    print(f"| {CANVAS[0]} x {CANVAS[1]}, heat map of {patches:,} patches | p50, ms | p95, ms |")
    print("|---|---|---|")
    for name, times in frames.items():
        print(f"| {name} | {np.percentile(times, 50):.1f} | {np.percentile(times, 95):.1f} |")
    ratios = [ours / alone for ours, alone in jumps]
    ours, alone = (1000 * float(np.median(side)) for side in zip(*jumps, strict=True))
    print(f"\n| sharp after a jump, median of {len(jumps)} | OpenSlide alone, {THREADS} threads | ratio |")
    print("|---|---|---|")
    print(
        f"| {ours:.0f} ms | {alone:.0f} ms | {np.median(ratios):.2f}x ({min(ratios):.2f}-{max(ratios):.2f}) |"
    )
    print("\n| longest block of the window | ms |\n|---|---|")
    for name, longest in blocks.items():
        print(f"| {name} | {longest:.0f} |")


if __name__ == "__main__":
    main()
