"""One transform for view, overlay, picking and exports: they coincide on slides with awkward frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.patches.grid import SlideSource
from histoviewer.results.colormaps import colorize
from histoviewer.results.heatmap import Heatmap
from histoviewer.results.heatmap_png import write_heatmap_png
from histoviewer.results.store import ResultStore, RunFacts
from histoviewer.slides.geometry import Box
from tests.gui.panels.panel_session import opened_in
from tests.gui.turning import turn
from tests.helpers.levelled_slide import LevelledSlide
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.patch_folders import idc_name, write_patch
from tests.helpers.qt import widget_pixels

SIDE, PIXEL = 50, 2.0
"""A patch: model pixels, and level-0 pixels along the side of one of them."""

TISSUE = (190, 40, 150)
MALIGNANT_FROM = 0.2
"""Below the mean of four patches of which one is malignant."""

YELLOW = (255, 255, 0, 255)


@dataclass(frozen=True)
class Frame:
    """A slide with its patches: some (column, row of the grid) are tissue, all else is glass.

    Attributes:
        bounds: what was scanned; all of the slide if None.
        downsample: of a second level; None for a single one.
        stride: model pixels from one patch to the next.
    """

    width: int = 1130
    height: int = 770
    bounds: Box | None = None
    downsample: float | None = None
    stride: int = SIDE
    cells: tuple[tuple[int, int], ...] = ((2, 1), (3, 1), (7, 4), (11, 7))

    @property
    def extent(self) -> Box:
        return self.bounds or Box(0, 0, self.width, self.height)

    def box(self, cell: tuple[int, int]) -> Box:
        """What a patch covers, cut off where the slide ends."""
        step, side = self.stride * PIXEL, SIDE * PIXEL
        x, y = self.extent.x + cell[0] * step, self.extent.y + cell[1] * step
        right, bottom = self.extent.x + self.extent.width, self.extent.y + self.extent.height
        return Box(x, y, min(side, right - x), min(side, bottom - y))

    def tissue(self) -> NDArray[np.bool_]:
        """Level 0."""
        mask = np.zeros((self.height, self.width), bool)
        for cell in self.cells:
            box = self.box(cell)
            mask[int(box.y) : int(box.y + box.height), int(box.x) : int(box.x + box.width)] = True
        return mask

    def slide(self) -> NumpySlide:
        pixels = np.full((self.height, self.width, 3), 255, np.uint8)
        pixels[self.tissue()] = TISSUE
        if self.downsample is None:
            return NumpySlide(pixels, mpp=2.0, bounds=self.bounds)
        return LevelledSlide(pixels, mpp=2.0, bounds=self.bounds, downsample=self.downsample)


FRAMES = {
    "plain, with truncated patches": Frame(),
    "bounds": Frame(1500, 1100, bounds=Box(137, 211, 1130, 770)),
    "odd downsample": Frame(downsample=3.7),
    "bounds, odd downsample": Frame(1500, 1100, bounds=Box(137, 211, 1130, 770), downsample=3.7),
    "half the stride": Frame(stride=25, cells=((3, 1), (4, 1), (15, 9), (21, 13))),
}


@pytest.fixture(params=FRAMES.values(), ids=FRAMES.keys())
def frame(request: pytest.FixtureRequest) -> Frame:
    frame: Frame = request.param
    return frame


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SlideView]:
    view = SlideView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.overview.setFixedSize(1, 1)  # nothing but the slide
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.shut_down()


def source_of(frame: Frame) -> SlideSource:
    return SlideSource(
        frame.slide(), input_size=SIDE, model_mpp=2.0 * PIXEL, stride=frame.stride, tissue_only=False
    )


def judged(source: SlideSource, frame: Frame) -> OpenSource:
    """Every patch judged: 1 where all of it is tissue by the frame, 0 elsewhere."""
    facts = RunFacts(
        model_title="test",
        model_sha256="0" * 64,
        engine="openvino",
        precision="f32",
        mpp=2.0,
        scale_origin="file tag",
        model_mpp=2.0 * PIXEL,
        patch_size=SIDE,
        stride=source.stride,
        tissue_only=False,
        app_version="0",
        started=datetime.now(UTC).isoformat(),
        threshold=0.5,
    )
    store = ResultStore.open(Path(":memory:"), source.columns, facts)
    columns = source.columns
    answers = np.zeros(len(columns), np.float32)
    for cell in frame.cells:
        box = frame.box(cell)
        answers[(columns.x == box.x) & (columns.y == box.y)] = 1.0
    sizes = np.stack((columns.width, columns.height), axis=1)
    store.record(np.arange(len(columns)), answers, sizes, {})
    return OpenSource(source, store)


def overlay(frame: Frame, view: SlideView) -> None:
    """What is malignant, opaque yellow, laid over the view as the canvas lays its heat map."""
    source = source_of(frame)
    opened = judged(source, frame)
    heatmap = Heatmap(opened.store, source.rows("numpy"))
    rgba = colorize(heatmap.values, threshold=MALIGNANT_FROM, below="hide")
    rgba[rgba[:, :, 3] > 0] = YELLOW
    layer = HeatmapLayer(view)
    view.set_overlay(layer)
    layer.set_raster(rgba, x=heatmap.x, y=heatmap.y, cell=heatmap.cell)
    opened.close()


def canvas_only(view: SlideView) -> NDArray[np.bool_]:
    is_canvas = np.ones((view.height(), view.width()), bool)
    for panel in (view.overview, view.scale_bar, view.legend):
        place = panel.geometry()
        is_canvas[place.top() : place.bottom() + 1, place.left() : place.right() + 1] = False
    return is_canvas


def shifted(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """Grown by so many pixels."""
    shifts = [(dy, dx) for dy in range(-by, by + 1) for dx in range(-by, by + 1)]
    return np.any([np.roll(mask, shift, (0, 1)) for shift in shifts], axis=0)


@pytest.mark.parametrize("rotation", [0.0, 30.0, 90.0])
@pytest.mark.parametrize("downsample", [3.9, 1.7, 0.8])
def test_overlay_and_tissue_coincide_to_the_pixel(
    qtbot: QtBot, view: SlideView, frame: Frame, rotation: float, downsample: float
) -> None:
    view.set_slide(frame.slide())
    turn(view, rotation)
    view.zoom_to_downsample(downsample)
    qtbot.waitUntil(view.is_sharp)
    plain = widget_pixels(view).astype(int)
    overlay(frame, view)
    qtbot.waitUntil(view.is_sharp)
    # At an edge a turned picture blends: like what is under it, a pixel is covered where most of it is.
    covered = np.abs(widget_pixels(view).astype(int) - YELLOW[:3]).max(axis=2) < 90
    is_canvas = canvas_only(view)
    tissue = (np.abs(plain - TISSUE).max(axis=2) < 90) & is_canvas
    assert tissue.sum() > 500
    assert covered[~shifted(~tissue, 1) & is_canvas].all(), "tissue that the overlay leaves bare"
    assert not (covered & ~shifted(tissue, 1) & is_canvas).any(), "overlay beside the tissue"


@pytest.mark.parametrize("rotation", [0.0, 30.0, 90.0, 200.0])
def test_a_click_picks_the_patch_under_it(
    qtbot: QtBot, view: SlideView, frame: Frame, rotation: float
) -> None:
    source = source_of(frame)
    opened = judged(source, frame)
    slide = source.slide("numpy")
    view.set_slide(slide)
    turn(view, rotation)
    view.fit()
    qtbot.waitUntil(view.is_sharp)
    picked: list[int | None] = []
    view.clicked.connect(lambda x, y: picked.append(opened.row_at("numpy", x, y)))
    columns = source.columns
    rows = np.linspace(0, len(columns) - 1, 7).astype(int).tolist()
    for row in rows:
        middle = columns.x[row] + columns.width[row] / 2, columns.y[row] + columns.height[row] / 2
        x, y = view.transform.to_view(*middle)
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert picked == rows
    opened.close()


@pytest.mark.parametrize("rotation", [0.0, 90.0, 180.0, 270.0])
@pytest.mark.parametrize("downsample", [3.9, 1.7, 0.8])
def test_pointing_means_the_patch_that_is_painted_there(
    qtbot: QtBot, view: SlideView, frame: Frame, rotation: float, downsample: float
) -> None:
    """Of each pixel at the borders of the overlay, exactly."""
    if frame.stride < SIDE:
        pytest.skip("a cell is then the mean of several patches")
    source = source_of(frame)
    opened = judged(source, frame)
    view.set_slide(source.slide("numpy"))
    turn(view, rotation)
    view.zoom_to_downsample(downsample)
    overlay(frame, view)
    qtbot.waitUntil(view.is_sharp)
    covered = np.abs(widget_pixels(view).astype(int) - YELLOW[:3]).max(axis=2) < 90
    borders = shifted(covered, 1) & shifted(~covered, 1) & canvas_only(view)
    assert borders.sum() > 50
    for y, x in np.argwhere(borders)[::7].tolist():
        point = view._pointing.on_slide(QPointF(x, y))
        row = None if point is None else opened.row_at("numpy", *point)
        is_malignant = row is not None and opened.store.probability[row] >= MALIGNANT_FROM
        assert is_malignant == covered[y, x], (x, y)
    opened.close()


def test_the_exported_heat_map_lies_on_the_slide(frame: Frame, tmp_path: Path) -> None:
    source = source_of(frame)
    opened = judged(source, frame)
    slide = source.slide("numpy")
    heatmap = Heatmap(opened.store, source.rows("numpy"))
    path, size = tmp_path / "map.png", slide.dimensions
    write_heatmap_png(path, heatmap, size, threshold=MALIGNANT_FROM, below="hide")
    with Image.open(path) as picture:
        is_coloured = np.asarray(picture)[:, :, 3] > 0
        assert picture.text["Scale"].endswith("(file tag)")  # type: ignore[attr-defined]
    assert is_coloured.shape == (round(size.height / PIXEL), round(size.width / PIXEL))
    # A pixel of the picture is of what its middle lies on.
    middles = [((np.arange(length) + 0.5) * PIXEL).astype(int) for length in is_coloured.shape]
    assert np.array_equal(is_coloured, frame.tissue()[np.ix_(*middles)])
    opened.close()


def test_the_overlay_leaves_bare_what_a_truncated_patch_of_a_folder_does_not_cover(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    full, narrow = np.full((50, 50, 3), TISSUE, np.uint8), np.full((50, 20, 3), TISSUE, np.uint8)
    places = {(0, 0): full, (50, 0): narrow, (0, 50): full, (50, 50): full}
    for (x, y), pixels in places.items():
        write_patch(tmp_path / "patches", idc_name(x=x, y=y), pixels)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    view = window.canvas.view
    qtbot.waitUntil(view.is_sharp)
    plain = widget_pixels(view).astype(int)
    sizes = np.array([places[int(x), int(y)].shape[1::-1] for x, y in zip(*xy_of(opened), strict=True)])
    opened.store.record(np.arange(4), np.ones(4, np.float32), sizes.astype(np.int32), {})
    assert window.session.heatmap is not None
    window.session.heatmap.update(np.arange(4), opened.store.probability)
    window.session.results_changed.emit()
    qtbot.waitUntil(view.is_sharp)
    is_covered = np.abs(widget_pixels(view) - plain).max(axis=2) > 20
    for x, y, expected in ((25, 25, True), (60, 25, True), (69, 25, True), (71, 25, False), (90, 60, True)):
        view_x, view_y = view.transform.to_view(x + 0.5, y)
        assert is_covered[round(view_y), round(view_x)] == expected, f"{x}, {y}"


def xy_of(opened: OpenSource) -> tuple[list[int], list[int]]:
    columns = opened.source.columns
    return columns.x.tolist(), columns.y.tolist()
