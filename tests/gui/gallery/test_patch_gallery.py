"""What the gallery shows of patches and says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from histoviewer.gui import colours
from histoviewer.gui.gallery.gallery_order import GalleryOrder, Show, Sort
from histoviewer.gui.gallery.patch_gallery import PatchGallery
from histoviewer.gui.theme import neutral_palette
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.patch import BENIGN, MALIGNANT, Block, BlockPixels, PatchSource
from tests.gui.gallery.gallery_hands import (
    COUNT,
    OFFSCREEN_TOOLTIPS,
    CountingSource,
    border,
    button,
    explain,
    judged,
    middle,
    pixel,
    said,
    seen_rows,
)
from tests.helpers.array_source import ArraySource


def test_borders_tell_the_class_and_follow_the_threshold_at_once(gallery: PatchGallery) -> None:
    gallery.set_source(ArraySource(3))
    gallery.set_probabilities(np.array([0.2, 0.6, np.nan], np.float32))
    assert border(gallery, 0) == colours.BENIGN
    assert border(gallery, 1) == colours.MALIGNANT
    assert border(gallery, 2) == colours.UNKNOWN
    gallery.set_threshold(0.7)
    assert border(gallery, 1) == colours.BENIGN
    gallery.set_threshold(0.2)
    assert border(gallery, 0) == colours.MALIGNANT


@pytest.mark.parametrize("side", [32, 64])
def test_class_is_told_without_colour_too(gallery: PatchGallery, side: int) -> None:
    """In a grey picture, cells of equal pixels and equal numbers still differ by class."""
    source = ArraySource(3)
    source.read = lambda block: BlockPixels(  # type: ignore[method-assign]
        block.patches,
        np.full((len(block.patches), 50, 50, 3), 255, np.uint8),
        np.full((len(block.patches), 2), 50, np.int32),
    )
    gallery.set_source(source)
    gallery.set_thumbnail_size(side)
    gallery.set_probabilities(np.array([0.2, 0.6, np.nan], np.float32))
    image = gallery.viewport().grab().toImage()
    ground = gallery.palette().base().color()
    shapes = []
    for position in range(3):
        cell = gallery.grid.cell(position)
        inside = [
            (x, y)
            for x in range(cell.width())
            for y in range(cell.height())
            if image.pixelColor(cell.left() + x, cell.top() + y)
            in (colours.MALIGNANT, colours.BENIGN, colours.UNKNOWN)
        ]
        shapes.append(frozenset(inside))
    assert ground not in (colours.MALIGNANT, colours.BENIGN, colours.UNKNOWN)
    assert len(set(shapes)) == 3


def test_thumbnails_appear_in_their_cells(gallery: PatchGallery, qtbot: QtBot, tmp_path: Path) -> None:
    for name, colour in (("a.png", (180, 20, 90)), ("b.png", (20, 160, 60))):
        Image.new("RGB", (50, 50), colour).save(tmp_path / name)
    gallery.set_source(FolderSource(tmp_path, input_size=50, model_mpp=4.0))
    qtbot.waitUntil(lambda: pixel(gallery, middle(gallery, 0)) == QColor(180, 20, 90))
    qtbot.waitUntil(lambda: pixel(gallery, middle(gallery, 1)) == QColor(20, 160, 60))


@OFFSCREEN_TOOLTIPS
def test_an_unreadable_patch_is_hatched_and_says_why(gallery: PatchGallery, qtbot: QtBot) -> None:
    gallery.set_source(CountingSource(2, broken=frozenset({1})))
    before = gallery.viewport().grab().toImage()
    qtbot.waitUntil(lambda: gallery.viewport().grab().toImage() != before and "broken" in explain(gallery, 1))
    cell = gallery.grid.cell(1)
    image = gallery.viewport().grab().toImage()
    shades = {image.pixelColor(x, cell.center().y()).name() for x in range(cell.left() + 4, cell.right() - 4)}
    assert len(shades) > 1
    assert "broken" not in explain(gallery, 0)


def test_only_what_is_near_the_view_is_read(gallery: PatchGallery, qtbot: QtBot) -> None:
    source = CountingSource(277_524)
    gallery.set_source(source)
    qtbot.keyClick(gallery, Qt.Key.Key_End)
    last = seen_rows(gallery)
    assert last[-1] == 277_523
    qtbot.waitUntil(lambda: set(last) <= set(source.rows_read))
    assert len(source.rows_read) < 10 * len(last)


def test_dark_and_light_are_taken_from_the_palette(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.setPalette(neutral_palette(is_dark=True))
    corner = QPoint(2, 2)
    assert pixel(gallery, corner).lightness() < 60
    gallery.setPalette(neutral_palette(is_dark=False))
    assert pixel(gallery, corner).lightness() > 200


@OFFSCREEN_TOOLTIPS
def test_the_tooltip_holds_all_that_is_known(gallery: PatchGallery) -> None:
    source = ArraySource(2)
    source.columns = replace(
        source.columns, truth=np.array([BENIGN, MALIGNANT], np.int8), patients=("<b>8867",)
    )
    gallery.set_source(source)
    gallery.set_probabilities(np.array([0.1, 0.4996], np.float32))
    text = explain(gallery, 1)
    for part in ("1.png", "&lt;b&gt;8867", "x 50 px, y 0 px", "0.4996 benign", "malignant"):
        assert part in text


def test_an_empty_window_teaches_and_offers_to_open(gallery: PatchGallery, qtbot: QtBot) -> None:
    assert "Drop a slide" in said(gallery)
    with qtbot.waitSignal(gallery.open_requested):
        qtbot.mouseClick(button(gallery, "Open…"), Qt.MouseButton.LeftButton)
    judged(gallery)
    assert said(gallery) == ""


def test_a_filter_that_leaves_nothing_says_which_and_offers_to_lift_it(
    gallery: PatchGallery, qtbot: QtBot
) -> None:
    judged(gallery)
    gallery.set_order(GalleryOrder(show=Show.BENIGN, low=0.6, text="<i>a"))
    assert "benign at threshold 0.50, probability 0.60 to 1.00, “<i>a”" in said(gallery)
    with qtbot.waitSignal(gallery.show_all_requested):
        qtbot.mouseClick(button(gallery, "Show all patches"), Qt.MouseButton.LeftButton)


def test_a_class_asked_for_before_anything_is_judged_is_explained(gallery: PatchGallery) -> None:
    gallery.set_source(ArraySource(3))
    gallery.set_order(GalleryOrder(show=Show.MALIGNANT))
    assert "No patch is judged yet" in said(gallery)


def test_it_is_settled_once_every_cell_in_sight_has_its_picture_or_none(
    gallery: PatchGallery, qtbot: QtBot
) -> None:
    assert gallery.is_settled()
    with qtbot.waitSignal(gallery.settled):
        gallery.set_source(CountingSource(COUNT, broken=frozenset({1})))
        assert not gallery.is_settled()
    assert gallery.is_settled()
    picture = gallery.viewport().grab().toImage()
    for position in gallery.seen():
        point = gallery.grid.cell(position).center()
        if position != 1 and picture.rect().contains(point):
            assert picture.pixelColor(point).getRgb()[:3] == (position, 0, 0)
    with qtbot.waitSignal(gallery.settled):
        qtbot.keyClick(gallery, Qt.Key.Key_End)
    assert gallery.is_settled()


def test_another_source_starts_afresh_with_the_same_wishes(gallery: PatchGallery) -> None:
    judged(gallery)
    gallery.set_order(GalleryOrder(Sort.HIGHEST, text="5"))
    gallery.select(5)
    gallery.set_source(ArraySource(20))
    assert gallery.current() is None
    assert gallery.offset == 0
    assert gallery.rows.tolist() == [5, 15]
    gallery.set_source(None)
    assert len(gallery.rows) == 0


def test_a_hidden_gallery_reads_nothing_until_it_is_shown(gallery: PatchGallery, qtbot: QtBot) -> None:
    gallery.hide()
    source = CountingSource(10)
    gallery.set_source(source)
    gallery.stop()
    assert source.rows_read == []
    gallery.show()
    qtbot.waitUntil(lambda: len(source.rows_read) == 10)


@pytest.mark.data
def test_a_real_folder_shows_its_patches(gallery: PatchGallery, qtbot: QtBot, idc_folder: Path) -> None:
    source: PatchSource = FolderSource(idc_folder / "8867", input_size=50, model_mpp=4.0)
    gallery.set_source(source)
    assert len(gallery.rows) == 1642
    qtbot.keyClick(gallery, Qt.Key.Key_End)
    last = gallery.seen()[-1]
    row = int(gallery.rows[last])
    block = Block(0, np.array([row]))
    expected = QColor(*source.read(block).pixels[0].reshape(-1, 3).mean(axis=0).round().astype(int).tolist())
    loading = pixel(gallery, middle(gallery, last))
    qtbot.waitUntil(lambda: pixel(gallery, middle(gallery, last)) != loading)
    cell = gallery.grid.cell(last).translated(0, -gallery.offset).adjusted(3, 3, -3, -3)
    shown = gallery.viewport().grab(cell.intersected(gallery.viewport().rect())).toImage()
    mean = shown.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).pixelColor(0, 0)
    assert abs(mean.red() - expected.red()) < 40
