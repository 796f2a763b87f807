from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.slide_view import SlideView
from histoviewer.gui.canvas.tile_painter import device_rect
from histoviewer.gui.colours import DARK, LIGHT
from histoviewer.slides.geometry import Box, Size
from histoviewer.slides.openslide import OpenSlideReader
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.qt import box_of_colour, widget_pixels

LEFT = Qt.MouseButton.LeftButton
TISSUE = [(Box(300, 200, 100, 50), (200, 30, 120)), (Box(900, 650, 50, 150), (20, 160, 30))]


def a_slide(mpp: float | None = 0.5) -> NumpySlide:
    """White glass with two pieces of tissue, 1200 x 900."""
    pixels = np.full((900, 1200, 3), 255, np.uint8)
    for box, colour in TISSUE:
        x, y, right, bottom = int(box.x), int(box.y), int(box.x + box.width), int(box.y + box.height)
        pixels[y:bottom, x:right] = colour
    return NumpySlide(pixels, mpp=mpp)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SlideView]:
    view = SlideView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.shut_down()


@pytest.fixture
def sharp(qtbot: QtBot, view: SlideView) -> Callable[[], NDArray[np.uint8]]:
    """Waits until the view is sharp, and gives its pixels."""

    def grab() -> NDArray[np.uint8]:
        qtbot.waitUntil(view.is_sharp)
        return widget_pixels(view)

    return grab


def test_the_slide_is_shown_where_the_transform_says(
    view: SlideView, sharp: Callable[[], NDArray[np.uint8]]
) -> None:
    view.set_slide(a_slide())
    pixels = sharp()
    for box, colour in TISSUE:
        rect = device_rect(view.transform.on_device(1.0), box)
        place = box_of_colour(pixels, colour, tolerance=60)
        assert place == pytest.approx((rect.x(), rect.y(), rect.width(), rect.height()), abs=1)


@pytest.mark.parametrize("downsample", [3.0, 2.0, 1.3, 1.0, 0.4])
def test_the_heat_map_lies_on_the_tissue_to_the_pixel(
    view: SlideView, sharp: Callable[[], NDArray[np.uint8]], downsample: float
) -> None:
    cells = np.zeros((18, 24, 4), np.uint8)
    cells[4:5, 6:8] = cells[13:16, 18:19] = (255, 255, 0, 255)
    layer = HeatmapLayer(view)
    view.set_overlay(layer)
    view.set_slide(a_slide())
    view.centre_on(880.0, 640.0)
    view.zoom_to_downsample(downsample)
    plain = sharp().astype(int)
    layer.set_raster(cells, x=0.0, y=0.0, cell=50.0)
    covered = (sharp() == (255, 255, 0)).all(axis=2)
    tissue = (np.abs(plain - 255).max(axis=2) > 100) & _canvas_only(view)
    # Tissue is blended at its edges, within a screen pixel or, enlarged, within a slide's pixel.
    edge = max(1, round(1 / downsample))
    assert covered[_shrunk(tissue, edge)].all()
    assert not (covered & ~_grown(tissue, edge) & _canvas_only(view)).any()
    assert covered.any() == tissue.any()


def _canvas_only(view: SlideView) -> NDArray[np.bool_]:
    """Without the panels that lie on the canvas."""
    canvas = np.ones((view.height(), view.width()), bool)
    for panel in (view.overview, view.scale_bar, view.legend):
        place = panel.geometry()
        canvas[place.top() : place.bottom() + 1, place.left() : place.right() + 1] = False
    return canvas


def _grown(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    shifts = [(dy, dx) for dy in range(-by, by + 1) for dx in range(-by, by + 1)]
    return np.any([np.roll(mask, shift, (0, 1)) for shift in shifts], axis=0)


def _shrunk(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return ~_grown(~mask, by)


def test_it_becomes_sharp_and_says_so(qtbot: QtBot, view: SlideView) -> None:
    slide = a_slide()
    slide.gate.clear()
    view.set_slide(slide)
    assert not view.is_sharp()
    with qtbot.waitSignal(view.sharpened):
        slide.gate.set()
    assert view.is_sharp()
    with qtbot.waitSignal(view.sharpened):
        view.zoom_to_downsample(0.5)
        qtbot.waitUntil(lambda: not view.is_sharp())


def test_it_is_not_sharp_before_the_overview_is(qtbot: QtBot, view: SlideView) -> None:
    whole = threading.Event()

    class SlowWhole(NumpySlide):
        def read_box(self, box: Box, size: Size) -> NDArray[np.uint8]:
            if box.width > 512:
                whole.wait(timeout=30)
            return super().read_box(box, size)

    view.set_slide(SlowWhole(np.zeros((900, 1200, 3), np.uint8)))
    opener = threading.Timer(1.5, whole.set)
    with qtbot.waitSignal(view.sharpened):
        view.zoom_to_downsample(0.5)
        opener.start()
    assert whole.is_set()
    assert view.overview.isVisible()
    opener.join()


def test_an_unreadable_slide_is_sharp_too_and_told(qtbot: QtBot, view: SlideView) -> None:
    slide = NumpySlide(np.zeros((900, 1200, 3), np.uint8), broken=[Box(0, 0, 1200, 900)])
    with qtbot.waitSignals([view.tile_failed, view.sharpened]):
        view.set_slide(slide)


def test_without_a_slide_there_is_nothing_but_the_surround(view: SlideView) -> None:
    view.set_slide(a_slide())
    view.set_slide(None)
    assert view.is_sharp()
    for theme, window in ((DARK, "#202020"), (LIGHT, "#F0F0F0")):
        view.setPalette(QPalette(QColor(window)))
        assert (widget_pixels(view) == theme.surround.getRgb()[:3]).all()


def test_hovering_tells_the_level0_point_and_leaving_the_slide(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide())
    box = TISSUE[0][0]
    x, y = view.transform.to_view(box.x, box.y)
    with qtbot.waitSignal(view.hovered) as told:
        qtbot.mouseMove(view, QPoint(round(x), round(y)))
    assert told.args == pytest.approx([box.x, box.y], abs=view.transform.downsample)
    with qtbot.waitSignal(view.hover_left):
        qtbot.mouseMove(view, QPoint(2, 2))


def test_clicking_tells_the_level0_point_on_the_slide_only(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide())
    with qtbot.waitSignal(view.clicked) as told:
        qtbot.mouseClick(view, LEFT, pos=QPoint(350, 250))
    # Of the pixel's middle, in the view as it is painted.
    assert told.args == pytest.approx(view.transform.on_device(1.0).to_level0(350.5, 250.5))
    assert view.focusWidget() is view  # the keys are the canvas's from here on
    with qtbot.assertNotEmitted(view.clicked):
        qtbot.mouseClick(view, LEFT, pos=QPoint(2, 2))


def test_visible_box_follows_a_move(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide())
    with qtbot.waitSignal(view.visible_changed, check_params_cb=lambda box: box.width == 350.0):
        view.zoom_to_downsample(0.5)
    assert view.transform.visible == Box(425.0, 325.0, 350.0, 250.0)


def test_magnification_is_that_of_an_objective(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide(mpp=0.5))
    with qtbot.waitSignal(view.zoom_changed):
        view.zoom_to_magnification(20)
    qtbot.waitUntil(view.is_sharp)
    assert view.transform.scale == pytest.approx(1.0)
    assert view.magnification == pytest.approx(20)
    assert view.scale_bar.text == "50 µm"


def test_without_a_scale_there_is_no_magnification(view: SlideView) -> None:
    view.set_slide(a_slide(mpp=None))
    before = view.transform
    view.zoom_to_magnification(20)
    assert view.is_sharp() or view.transform == before
    assert view.magnification is None
    assert view.scale_bar.text.endswith("uncalibrated")


def test_selection_and_hover_are_framed(view: SlideView, sharp: Callable[[], NDArray[np.uint8]]) -> None:
    pixels = np.full((900, 1200, 3), (150, 60, 120), np.uint8)
    view.set_slide(NumpySlide(pixels))
    plain = sharp().astype(int)
    for mark in (view.set_selection, view.set_hover):
        mark(Box(300, 200, 100, 50))
        changed = np.abs(sharp().astype(int) - plain).max(axis=2) > 20
        rows, columns = np.nonzero(changed)
        rect = device_rect(view.transform.on_device(1.0), Box(300, 200, 100, 50))
        assert (columns.min(), rows.min()) == pytest.approx((rect.left(), rect.top()), abs=5)
        assert (columns.max(), rows.max()) == pytest.approx((rect.right(), rect.bottom()), abs=5)
        assert not changed[rect.top() + 2 : rect.bottom() - 2, rect.left() + 2 : rect.right() - 2].any()
        mark(None)
        assert np.array_equal(sharp(), plain)


def test_the_panels_lie_in_their_places(qtbot: QtBot, view: SlideView) -> None:
    layer = HeatmapLayer(view)
    view.set_overlay(layer)
    view.set_slide(a_slide())
    assert not view.legend.isVisible()
    assert not view.overview.isVisible()
    layer.set_raster(np.full((18, 24, 4), 200, np.uint8), x=0.0, y=0.0, cell=50.0)
    view.zoom_to_downsample(0.5)
    qtbot.waitUntil(view.is_sharp)
    panels = (view.overview.geometry(), view.scale_bar.geometry(), view.legend.geometry())
    overview, scale_bar, legend = panels
    assert (overview.right(), overview.top()) == (700 - 17, 16)
    assert (legend.left(), legend.bottom()) == (16, 500 - 17)
    assert scale_bar.bottom() == 500 - 17
    assert scale_bar.center().x() == pytest.approx(350, abs=1)
    view.resize(380, 300)
    assert not view.scale_bar.geometry().intersects(view.legend.geometry())


def test_the_overview_moves_the_view(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide())
    view.zoom_to_downsample(0.5)
    qtbot.waitUntil(view.is_sharp)
    qtbot.mouseClick(view.overview, LEFT, pos=QPoint(50, 40))
    qtbot.waitUntil(view.is_sharp)
    assert (view.transform.x, view.transform.y) == pytest.approx((300.0, 240.0))


def test_a_zoomed_view_becomes_fine_while_it_is_panned_on(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide())
    qtbot.waitUntil(view.is_sharp)
    view.follow(view.transform.zoomed_at(350.0, 250.0, 1.5))
    assert not view.is_sharp()

    def is_sharp_after_a_step() -> bool:
        view.follow(view.transform.panned(1.0, 0.0))
        return view.is_sharp()

    qtbot.waitUntil(is_sharp_after_a_step)


def test_the_legend_takes_no_more_than_a_narrow_view_has(view: SlideView) -> None:
    layer = HeatmapLayer(view)
    view.set_overlay(layer)
    view.set_slide(a_slide())
    layer.set_raster(np.full((18, 24, 4), 200, np.uint8), x=0.0, y=0.0, cell=50.0)
    view.resize(150, 300)
    assert (view.legend.x(), view.legend.width()) == (16, 150 - 32)
    view.resize(700, 500)
    assert view.legend.size() == view.legend.sizeHint()


def test_another_slide_starts_whole_and_unmarked(
    qtbot: QtBot, view: SlideView, sharp: Callable[[], NDArray[np.uint8]]
) -> None:
    view.set_slide(a_slide())
    whole = sharp()
    view.set_selection(TISSUE[0][0])
    view.zoom_to_downsample(0.5)
    qtbot.waitUntil(view.is_sharp)
    view.set_slide(a_slide())
    assert np.array_equal(sharp(), whole)


@pytest.mark.data
def test_a_real_slide_becomes_sharp_far_and_near(
    qtbot: QtBot, view: SlideView, slides_folder: Path, sharp: Callable[[], NDArray[np.uint8]]
) -> None:
    slide = OpenSlideReader(slides_folder / "CMU-1-Small-Region.svs")
    view.set_slide(slide)
    far = sharp()
    with qtbot.waitSignal(view.sharpened, timeout=20_000):
        view.zoom_to_magnification(20)
    assert sharp().std() > 20
    assert far.std() > 20
    view.set_slide(None)
    view.finish_reads()
    slide.close()


@pytest.mark.parametrize("rotation", [90.0, 180.0, 33.0, 300.0])
def test_a_turned_heat_map_lies_on_the_turned_tissue(
    view: SlideView, sharp: Callable[[], NDArray[np.uint8]], rotation: float
) -> None:
    cells = np.zeros((18, 24, 4), np.uint8)
    cells[4:5, 6:8] = cells[13:16, 18:19] = (255, 255, 0, 255)
    layer = HeatmapLayer(view)
    view.set_overlay(layer)
    view.set_slide(a_slide())
    view.turn_to(rotation)
    plain = sharp().astype(int)
    layer.set_raster(cells, x=0.0, y=0.0, cell=50.0)
    covered = (np.abs(sharp().astype(int) - (255, 255, 0)).max(axis=2) < 8) & _canvas_only(view)
    tissue = (np.abs(plain - 255).max(axis=2) > 100) & _canvas_only(view) & (plain.std(axis=2) > 20)
    assert covered.sum() > 500
    assert covered[_shrunk(tissue, 2)].all()
    assert not (covered & ~_grown(tissue, 2)).any()


def test_what_is_picked_under_rotation_is_what_is_seen_there(
    qtbot: QtBot, view: SlideView, sharp: Callable[[], NDArray[np.uint8]]
) -> None:
    view.set_slide(a_slide())
    view.turn_to(33.0)
    pixels = sharp()
    box, colour = TISSUE[1]
    x, y, width, height = box_of_colour(pixels, colour, tolerance=20)
    with qtbot.waitSignal(view.clicked) as told:
        qtbot.mouseClick(view, LEFT, pos=QPoint(x + width // 2, y + height // 2))
    expected = [box.x + box.width / 2, box.y + box.height / 2]
    assert told.args == pytest.approx(expected, abs=2 * view.transform.downsample)


def test_a_turned_slide_becomes_sharp_after_the_hand_lets_go(qtbot: QtBot, view: SlideView) -> None:
    view.set_slide(a_slide())
    qtbot.waitUntil(view.is_sharp)
    with qtbot.waitSignal(view.sharpened):
        qtbot.mousePress(view, LEFT, Qt.KeyboardModifier.AltModifier, QPoint(600, 250))
        qtbot.mouseMove(view, QPoint(590, 300))
        assert not view.is_sharp()
    qtbot.mouseRelease(view, LEFT, Qt.KeyboardModifier.AltModifier, QPoint(590, 300))


@pytest.mark.parametrize("rotation", [0.0, 30.0])
def test_every_frame_of_a_flight_is_painted(qtbot: QtBot, view: SlideView, rotation: float) -> None:
    view.set_slide(a_slide())
    view.turn_to(rotation)
    qtbot.waitUntil(view.is_sharp)
    middles: list[float] = []

    def paint() -> None:
        view.repaint()
        middles.append(view.transform.x)

    view.moved.connect(paint)
    view.fly_to(Box(*np.array([300.0, 200.0, 100.0, 50.0])))  # as a caller may have computed it
    qtbot.waitUntil(view.is_sharp)
    assert len(set(middles)) > 1
    assert middles[-1] == 350.0
