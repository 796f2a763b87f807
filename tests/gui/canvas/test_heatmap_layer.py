from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.heatmap_layer import HeatmapLayer
from histoviewer.gui.canvas.tile_painter import device_rect
from histoviewer.gui.canvas.view_transform import ViewTransform
from histoviewer.results.colormaps import CellColours, cell_colours, colorize, levels_of
from histoviewer.slides.geometry import Box
from tests.helpers.qt import image_pixels

RED, GREEN, BLUE = (230, 20, 30), (10, 200, 40), (20, 30, 240)
EVERYWHERE = Box(-1e6, -1e6, 2e6, 2e6)


@pytest.fixture
def layer(qtbot: QtBot) -> HeatmapLayer:
    del qtbot
    return HeatmapLayer()


def painted(layer: HeatmapLayer, view: ViewTransform, seen: Box | None = None) -> NDArray[np.uint8]:
    """On white."""
    image = QImage(round(view.width), round(view.height), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    layer.paint(painter, view, seen or view.visible)
    painter.end()
    return image_pixels(image)


def raster(*rows: str) -> NDArray[np.uint8]:
    """r, g, b are opaque colours, . is nothing."""
    colours = {"r": (*RED, 255), "g": (*GREEN, 255), "b": (*BLUE, 255), ".": (0, 0, 0, 0)}
    return np.array([[colours[cell] for cell in row] for row in rows], np.uint8)


@pytest.mark.parametrize("scale", [0.021, 0.1, 0.37, 1.0, 2.9, 16.0])
@pytest.mark.parametrize("centre", [(310.0, 220.0), (347.3, 251.9)])
def test_each_cell_lies_on_its_patch_to_the_pixel(
    layer: HeatmapLayer, scale: float, centre: tuple[float, float]
) -> None:
    layer.set_raster(raster("r..b", ".g.."), x=200.0, y=150.0, cell=50.0)
    view = ViewTransform(*centre, scale, 1100, 700).on_device(1.0)
    expected = np.full((700, 1100, 3), 255, np.uint8)
    for colour, x, y in ((RED, 200, 150), (BLUE, 350, 150), (GREEN, 250, 200)):
        rect = device_rect(view, Box(x, y, 50, 50)).intersected(device_rect(view, view.visible))
        expected[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] = colour
    assert np.array_equal(painted(layer, view), expected)


def test_cells_stay_exact_far_from_the_origin_and_very_large(layer: HeatmapLayer) -> None:
    many = np.tile(raster("rg", "gr"), (200, 200, 1))
    layer.set_raster(many, x=0.0, y=0.0, cell=800.0)
    view = ViewTransform(240_000.0, 160_000.0, 2.0, 1900, 900).on_device(1.0)
    pixels = painted(layer, view)
    assert (pixels[:450, :950] == RED).all()
    assert (pixels[450:, :950] == GREEN).all()
    assert (pixels[:450, 950:] == GREEN).all()


def test_opacity_blends_and_does_not_change_the_raster(layer: HeatmapLayer) -> None:
    layer.set_raster(raster("r"), x=0.0, y=0.0, cell=10.0)
    view = ViewTransform(5.0, 5.0, 1.0, 10, 10)
    layer.set_opacity(0.5)
    half = painted(layer, view)[5, 5].tolist()
    assert half == pytest.approx([(c + 255) / 2 for c in RED], abs=2)
    layer.set_opacity(1.0)
    assert painted(layer, view)[5, 5].tolist() == list(RED)


def test_the_rasters_own_alpha_counts(layer: HeatmapLayer) -> None:
    layer.set_raster(np.array([[[*RED, 51]]], np.uint8), x=0.0, y=0.0, cell=10.0)
    colour = painted(layer, ViewTransform(5.0, 5.0, 1.0, 10, 10))[5, 5].tolist()
    assert colour == pytest.approx([0.2 * c + 0.8 * 255 for c in RED], abs=2)


def test_cells_smaller_than_pixels_are_averaged(layer: HeatmapLayer) -> None:
    layer.set_raster(np.tile(raster("rb", "br"), (200, 200, 1)), x=0.0, y=0.0, cell=1.0)
    pixels = painted(layer, ViewTransform(200.0, 200.0, 0.1, 40, 40))[4:-4, 4:-4].reshape(-1, 3)
    mean = (np.array(RED) + BLUE) / 2
    assert np.abs(pixels - mean).max() <= 6


def test_a_raster_of_odd_size_keeps_its_place_when_averaged(layer: HeatmapLayer) -> None:
    layer.set_raster(np.tile(raster("r"), (101, 67, 1)), x=0.0, y=0.0, cell=1.0)
    pixels = painted(layer, ViewTransform(0.0, 0.0, 0.25, 60, 60))
    assert (pixels[30 : 30 + 25, 30 : 30 + 16] == RED).all()
    assert (pixels[:30] == 255).all()
    assert (pixels[:, :30] == 255).all()
    three_of_four, one_of_four = pixels[40, 30 + 16].tolist(), pixels[30 + 25, 40].tolist()
    assert three_of_four == pytest.approx([0.75 * c + 0.25 * 255 for c in RED], abs=4)
    assert one_of_four == pytest.approx([0.25 * c + 0.75 * 255 for c in RED], abs=4)


def test_smooth_blends_between_the_middles_of_cells(layer: HeatmapLayer) -> None:
    layer.set_raster(raster("rb"), x=0.0, y=0.0, cell=100.0)
    layer.set_smooth(True)
    row = painted(layer, ViewTransform(100.0, 50.0, 1.0, 200, 100))[50].astype(int)
    assert row[10].tolist() == pytest.approx(RED, abs=3)
    assert row[190].tolist() == pytest.approx(BLUE, abs=3)
    assert row[100].tolist() == pytest.approx([(a + b) / 2 for a, b in zip(RED, BLUE, strict=True)], abs=6)
    assert (np.diff(row[:, 0]) <= 0).all()


@pytest.mark.parametrize("is_smooth", [False, True])
def test_nothing_is_painted_beyond_the_slide(layer: HeatmapLayer, is_smooth: bool) -> None:
    layer.set_smooth(is_smooth)
    layer.set_raster(raster("rr"), x=0.0, y=0.0, cell=50.0)
    pixels = painted(layer, ViewTransform(50.0, 50.0, 1.0, 100, 100), seen=Box(0.0, 0.0, 70.0, 30.0))
    assert (pixels[:30, :70] == RED).all()
    assert (pixels[30:] == 255).all()
    assert (pixels[:, 70:] == 255).all()


@pytest.mark.parametrize("is_smooth", [False, True])
def test_nothing_is_painted_on_bare_parts_of_cells(layer: HeatmapLayer, is_smooth: bool) -> None:
    layer.set_smooth(is_smooth)
    layer.set_raster(raster("rr"), x=0.0, y=0.0, cell=50.0, bare=[Box(80.0, 0.0, 20.0, 50.0)])
    pixels = painted(layer, ViewTransform(50.0, 25.0, 1.0, 100, 50))
    assert (pixels[:, :80] == RED).all()
    assert (pixels[:, 80:] == 255).all()


def test_beside_the_raster_nothing_is_painted(layer: HeatmapLayer) -> None:
    layer.set_raster(raster("r"), x=0.0, y=0.0, cell=50.0)
    for is_smooth in (False, True):
        layer.set_smooth(is_smooth)
        assert (painted(layer, ViewTransform(500.0, 500.0, 1.0, 100, 100)) == 255).all()


def test_a_new_raster_replaces_the_old_one_and_its_averages(layer: HeatmapLayer) -> None:
    view = ViewTransform(50.0, 50.0, 0.1, 10, 10)
    layer.set_raster(np.tile(raster("r"), (100, 100, 1)), x=0.0, y=0.0, cell=1.0)
    assert (painted(layer, view) == RED).all()
    layer.set_raster(np.tile(raster("g"), (100, 100, 1)), x=0.0, y=0.0, cell=1.0)
    assert (painted(layer, view) == GREEN).all()


def test_the_callers_array_is_not_kept(layer: HeatmapLayer) -> None:
    rgba = raster("r")
    layer.set_raster(rgba, x=0.0, y=0.0, cell=10.0)
    rgba[:] = 0
    assert (painted(layer, ViewTransform(5.0, 5.0, 1.0, 10, 10)) == RED).all()


def test_is_shown_only_with_a_raster_switched_on_and_opaque(layer: HeatmapLayer) -> None:
    assert not layer.is_shown
    layer.set_raster(raster("r"), x=0.0, y=0.0, cell=10.0)
    assert layer.is_shown
    layer.set_visible(False)
    assert not layer.is_shown
    layer.set_visible(True)
    layer.set_opacity(0.0)
    assert not layer.is_shown
    layer.set_opacity(1.0)
    layer.clear()
    assert not layer.is_shown
    assert (painted(layer, ViewTransform(5.0, 5.0, 1.0, 10, 10)) == 255).all()


def test_changed_is_emitted_for_changes_only(layer: HeatmapLayer) -> None:
    told: list[None] = []
    layer.changed.connect(lambda: told.append(None))
    layer.clear()
    layer.set_opacity(1.0)
    layer.set_visible(True)
    layer.set_smooth(False)
    assert not told
    layer.set_raster(raster("r"), x=0.0, y=0.0, cell=10.0)
    layer.set_opacity(0.4)
    assert len(told) == 2


@pytest.mark.parametrize("is_smooth", [False, True])
@pytest.mark.parametrize("scale", [0.004, 0.05, 0.4])
def test_cells_are_painted_as_their_colours_made_beforehand(
    layer: HeatmapLayer, is_smooth: bool, scale: float
) -> None:
    values = np.random.default_rng(1).random((90, 130), np.float32)
    values[::7, ::3] = np.nan
    values[5, :] = 0.5
    layer.set_smooth(is_smooth)
    view = ViewTransform(2600.0, 1700.0, scale, 300, 200).on_device(1.0)
    layer.set_raster(colorize(values, threshold=0.5), x=10.0, y=20.0, cell=43.2)
    before = painted(layer, view)
    layer.set_cells(cell_colours(levels_of(values), values, threshold=0.5), x=10.0, y=20.0, cell=43.2)
    assert np.array_equal(painted(layer, view), before)
    assert len(np.unique(before)) > 20


def test_cells_out_of_view_are_not_coloured(layer: HeatmapLayer, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.full((1000, 1000), 0.7, np.float32)
    coloured = []
    of = CellColours.of

    def counted(colours: CellColours, rows: slice, columns: slice) -> NDArray[np.uint32]:
        pixels = of(colours, rows, columns)
        coloured.append(pixels.size)
        return pixels

    monkeypatch.setattr(CellColours, "of", counted)
    layer.set_cells(cell_colours(levels_of(values), values, threshold=0.5), x=0.0, y=0.0, cell=50.0)
    painted(layer, ViewTransform(25_000.0, 25_000.0, 1.0, 500, 400).on_device(1.0))
    assert 80 <= sum(coloured) <= 120
