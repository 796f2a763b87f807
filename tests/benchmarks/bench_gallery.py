"""277,524 patches in the gallery against Qt's own list of icons with as many, in one process.

    python -m tests.benchmarks.bench_gallery [ROUNDS]

Needs a screen, or QT_QPA_PLATFORM=offscreen. Thumbnails are at hand when frames are timed.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QListView

from histoviewer.gui.application import make_application
from histoviewer.gui.gallery.gallery_groups import Group
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Sort
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from tests.helpers.array_source import ArraySource

PATCHES, PATIENTS, SIDE = 277_524, 279, 64
SIZE = QSize(1100, 800)
FRAMES = 40


class _Icons(QAbstractListModel):
    """As many items as the gallery has patches, all with one picture."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = QPixmap(SIDE, SIDE)
        self._icon.fill(Qt.GlobalColor.magenta)

    def rowCount(self, _parent: object = None) -> int:  # noqa: N802 - Qt's name
        return PATCHES

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon
        return f"0.{index.row() % 100:02}" if role == Qt.ItemDataRole.DisplayRole else None


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    app = make_application()
    gallery, icons = PatchGallery(), QListView()
    icons.setViewMode(QListView.ViewMode.IconMode)
    icons.setUniformItemSizes(True)
    for view in (gallery, icons):
        view.resize(SIZE)
        view.show()
    source = _source()
    print(f"| {PATCHES:,} patches, median | QListView | gallery | ratio |")
    print("|---|---|---|---|")
    model = _Icons()
    _row(
        "first frame, ms", lambda: _first(icons, lambda: icons.setModel(model)), _opening(gallery, source), 1
    )
    _settle(app, gallery)
    gallery.set_probabilities(np.random.default_rng(0).random(PATCHES).astype(np.float32))
    _row("a frame elsewhere, ms", lambda: _frame(app, icons), lambda: _frame(app, gallery), FRAMES)
    for group in Group:
        order = GalleryOrder(Sort.HIGHEST, group=group)
        name = f"sorted, groups: {group.value}, with a frame, ms"
        _row(name, None, lambda order=order: _reordered(gallery, order), rounds)
    gallery.set_order(GalleryOrder(group=Group.PATIENT))
    _row("a frame elsewhere in groups, ms", lambda: _frame(app, icons), lambda: _frame(app, gallery), FRAMES)
    gallery.close()


def _source() -> ArraySource:
    source, random = ArraySource(PATCHES, block_size=64), np.random.default_rng(1)
    source.columns = replace(
        source.columns,
        patients=tuple(f"{10_000 + number}" for number in range(PATIENTS)),
        patient=np.sort(random.integers(0, PATIENTS, PATCHES)).astype(np.int32),
        truth=random.integers(0, 2, PATCHES).astype(np.int8),
    )
    return source


def _row(name: str, rival: Callable[[], float] | None, ours: Callable[[], float], rounds: int) -> None:
    found = [(rival() if rival else 0.0, ours()) for _ in range(rounds)]
    theirs, own = (statistics.median(values) for values in zip(*found, strict=True))
    beside = (f"{theirs:.1f}", f"{own / theirs:.2f}") if rival else ("", "")
    print(f"| {name} | {beside[0]} | {own:.1f} | {beside[1]} |")


def _opening(view: PatchGallery | QListView, content: ArraySource | _Icons) -> Callable[[], float]:
    if isinstance(view, PatchGallery) and isinstance(content, ArraySource):
        return lambda: _first(view, lambda: view.set_source(content))
    assert isinstance(view, QListView)
    assert isinstance(content, _Icons)
    return lambda: _first(view, lambda: view.setModel(content))


def _first(view: QAbstractScrollArea, fill: Callable[[], object]) -> float:
    start = time.perf_counter()
    fill()
    view.viewport().grab()
    return 1000 * (time.perf_counter() - start)


def _reordered(gallery: PatchGallery, order: GalleryOrder) -> float:
    gallery.set_order(GalleryOrder())
    return _first(gallery, lambda: gallery.set_order(order))


def _frame(app: QApplication, view: QAbstractScrollArea) -> float:
    bar = view.verticalScrollBar()
    bar.setValue((bar.value() + bar.maximum() // FRAMES) % max(1, bar.maximum()))
    if isinstance(view, PatchGallery):
        _settle(app, view)
    view.viewport().grab()
    return _first(view, lambda: None)


def _settle(app: QApplication, gallery: PatchGallery) -> None:
    while not gallery.is_settled():
        app.processEvents()


if __name__ == "__main__":
    main()
