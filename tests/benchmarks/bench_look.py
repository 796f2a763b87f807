"""What a look costs: a tile in each against scikit-image's deconvolution, and a whole screen in the window.

    python -m tests.benchmarks.bench_look

Needs a screen, or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from skimage.color import rgb2hed

from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.look.colour_profile import ColourProfile
from histoviewer.gui.look.look import Look
from histoviewer.gui.look.rendering import Rendering
from tests.helpers.colour_profiles import swapped_profile
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.pictures import textured

LOOKS = {
    "brightness, contrast, gamma": Look(brightness=20, contrast=10, gamma=1.2, uses_profile=False),
    "haematoxylin": Look("haematoxylin", uses_profile=False),
    "haematoxylin, brightness": Look("haematoxylin", brightness=20, uses_profile=False),
    "colour profile": Look(),
}
ROUNDS = 25
SCREEN = (1920, 1080)


def main() -> None:
    _compare_tiles()
    _change_a_screen()


def _milliseconds(call: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


def _compare_tiles() -> None:
    profile = ColourProfile(swapped_profile())
    print(f"| one tile, median of {ROUNDS} | 256 px | 512 px | skimage.color.rgb2hed, 512 px |")
    print("|---|---|---|---|")
    large = textured(512, 512)
    small = large[:256, :256].copy()
    for name, look in LOOKS.items():
        rendering = Rendering(look, profile)
        ours = [_milliseconds(partial(rendering, tile)) for tile in (small, large)]
        theirs = _milliseconds(lambda: rgb2hed(large))
        print(f"| {name} | {ours[0]:.2f} ms | {ours[1]:.2f} ms | {theirs / ours[1]:.1f}x ours |")


def _change_a_screen() -> None:
    application = QApplication.instance() or QApplication([])
    view = SlideView()
    view.resize(*SCREEN)
    view.show()
    slide = NumpySlide(np.tile(textured(1024, 1024), (8, 12, 1)))
    print(f"\n| another look at {SCREEN[0]} x {SCREEN[1]} | until sharp | longest block | of it computing |")
    print("|---|---|---|---|")
    for downsample in (1.0, 1.99):
        view.set_slide(slide)
        view.zoom_to_downsample(downsample)
        _tell(f"the same tiles read from memory, 1:{downsample}", view, lambda: None)
        for name, look in LOOKS.items():
            rendering = Rendering(look, ColourProfile(swapped_profile()))
            _tell(f"{name}, 1:{downsample}", view, partial(view.set_rendering, rendering))
        view.set_rendering(None)
    view.shut_down()
    del application


def _tell(what: str, view: SlideView, change: Callable[[], None]) -> None:
    """How long until the view is sharp, and what the GUI thread does at most without a break: on a busy
    machine most of that is waiting for a processor."""
    start = time.perf_counter()
    blocks = [_block(change)]
    while not view.is_sharp():
        blocks.append(_block(partial(QApplication.processEvents, QEventLoop.ProcessEventsFlag.AllEvents)))
    sharp = 1000 * (time.perf_counter() - start)
    longest, computing = (max(each) for each in zip(*blocks, strict=True))
    print(f"| {what} | {sharp:.0f} ms | {longest:.0f} ms | {computing:.0f} ms |")


def _block(call: Callable[[], object]) -> tuple[float, float]:
    start, computed = time.perf_counter(), time.thread_time()
    call()
    return 1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - computed)


if __name__ == "__main__":
    main()
