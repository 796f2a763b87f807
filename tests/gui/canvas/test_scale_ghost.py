"""The scale ghost, in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.ghost_layer import ENLARGED
from histoviewer.gui.main_window import MainWindow
from tests.gui.panels.panel_session import opened_in
from tests.gui.turning import turn
from tests.helpers.patch_folders import idc_name, write_patch
from tests.helpers.pictures import textured, write_tiff_levels
from tests.helpers.qt import image_pixels, widget_pixels


def tissue(width: int, height: int) -> NDArray[np.uint8]:
    """No pixel like another, and tissue from edge to edge."""
    return (textured(width, height) // 2 + np.array((90, 20, 100), np.uint8)).astype(np.uint8)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A slide of 2 µm/px with patches of 100 level-0 pixels, the ghost switched on."""
    path = write_tiff_levels(tmp_path / "slide.ome.tiff", [tissue(630, 440)], ome_mpp=2.0)
    opened_in(window.session, path, qtbot)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    window.ghost_switch.action.trigger()
    return window


def hover(qtbot: QtBot, window: MainWindow, x: float, y: float) -> None:
    """Lay the mouse on a level-0 point, and wait until what lies there has been read."""
    view_x, view_y = window.canvas.view.transform.to_view(x, y)
    # Qt tells of no move to where the mouse was last, be it in another window.
    for at in (QPoint(1, 1), QPoint(round(view_x), round(view_y))):
        qtbot.mouseMove(window.canvas.view, at)
    ghost = window.canvas.ghost
    qtbot.waitUntil(lambda: ghost.layer.pixels is not None and not ghost.layer.is_old)


@pytest.mark.parametrize("rotation", [0.0, 30.0])
def test_it_shows_the_very_pixels_that_the_model_gets(
    qtbot: QtBot, opened: MainWindow, rotation: float
) -> None:
    turn(opened.canvas.view, rotation)
    opened.canvas.view.fit()
    qtbot.waitUntil(opened.canvas.view.is_sharp)
    source = opened.session.current
    assert source is not None
    for row in (0, 9, len(source.source.columns) - 1):
        columns = source.source.columns
        hover(qtbot, opened, columns.x[row] + 12.0, columns.y[row] + 17.0)
        block = source.source.blocks()[source.block_of[row]]
        pixels = source.source.read(block).pixels[block.patches.tolist().index(row)]
        shown = opened.canvas.ghost.layer.pixels
        assert shown is not None
        assert np.array_equal(image_pixels(shown), pixels)
        place = opened.canvas.ghost.layer.inset_place()
        painted = widget_pixels(opened.canvas.view)[
            place.top() : place.bottom() + 1, place.left() : place.right() + 1
        ]
        assert np.array_equal(painted, np.repeat(np.repeat(pixels, ENLARGED, 0), ENLARGED, 1))
    assert opened.canvas.ghost.layer.lines[0] == "50 × 50 px at 4.0 µm/px = 200 µm"


def test_the_square_lies_on_its_patch_at_true_size(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.canvas.view
    opened.ghost_switch.action.trigger()
    hover_view = view.transform.to_view(250.0, 250.0)
    qtbot.mouseMove(view, QPoint(round(hover_view[0]), round(hover_view[1])))
    view.set_hover(None)
    plain = widget_pixels(view).astype(int)
    opened.ghost_switch.action.trigger()
    hover(qtbot, opened, 250.0, 250.0)
    view.set_hover(None)
    changed = np.abs(widget_pixels(view) - plain).max(axis=2) > 30
    place = opened.canvas.ghost.layer.inset_place()
    changed[:, place.left() - 20 :] = False
    rows, columns = np.nonzero(changed)
    left, top = view.transform.to_view(200.0, 200.0)
    right, bottom = view.transform.to_view(300.0, 300.0)
    assert (columns.min(), columns.max()) == pytest.approx((left, right), abs=3)
    assert (rows.min(), rows.max()) == pytest.approx((top, bottom), abs=3)


def test_the_last_request_wins(qtbot: QtBot, opened: MainWindow) -> None:
    loaded: list[int | None] = []
    opened.canvas.ghost.loader.loaded.connect(lambda square, *_: loaded.append(square.row))
    view = opened.canvas.view
    for x in (50.0, 150.0, 250.0):
        view.hovered.emit(x, 50.0)
    qtbot.waitUntil(lambda: bool(loaded))
    assert loaded == [2]


def test_it_comes_with_its_key_and_goes_with_the_mouse(qtbot: QtBot, opened: MainWindow) -> None:
    hover(qtbot, opened, 250.0, 250.0)
    assert opened.canvas.ghost.layer.isVisible()
    qtbot.mouseMove(opened.canvas.view, QPoint(2, 2))
    assert not opened.canvas.ghost.layer.isVisible()
    hover(qtbot, opened, 250.0, 250.0)
    opened.activateWindow()
    qtbot.waitActive(opened)
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_G)
    assert not opened.canvas.ghost.layer.isVisible()
    assert not opened.ghost_switch.action.isChecked()


def test_between_patches_it_follows_the_cursor(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for x in (0, 150):
        write_patch(tmp_path / "patches", idc_name(x=x))
    opened_in(window.session, tmp_path / "patches", qtbot)
    window.ghost_switch.action.trigger()
    hover(qtbot, window, 100.0, 25.0)
    assert window.canvas.ghost.layer.lines[1] == "no patch here: not judged"
    shown = window.canvas.ghost.layer.pixels
    assert shown is not None
    assert (image_pixels(shown) == 255).all()


def test_without_a_scale_it_says_so_and_shows_nothing_else(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    Image.fromarray(tissue(600, 400)).save(tmp_path / "section.png")
    opened_in(window.session, tmp_path / "section.png", qtbot)
    qtbot.waitUntil(window.canvas.view.is_sharp)
    window.ghost_switch.action.trigger()
    window.canvas.view.hovered.emit(300.0, 200.0)
    layer = window.canvas.ghost.layer
    assert layer.isVisible()
    assert layer.pixels is None
    assert layer.lines[0].startswith("Scale unknown")
    assert len(layer.lines) == 1


def test_a_source_may_be_closed_while_it_is_read(qtbot: QtBot, opened: MainWindow) -> None:
    opened.canvas.view.hovered.emit(250.0, 250.0)
    source = opened.session.current
    assert source is not None
    opened.session.close_source(source)
    assert not opened.canvas.ghost.layer.isVisible()
    qtbot.waitUntil(lambda: not opened.session.opener.is_busy)
