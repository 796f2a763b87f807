from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels import source_thumbnails
from histoviewer.gui.panels.source_thumbnails import SourceThumbnails
from histoviewer.slides.base import Slide
from tests.gui.panels.panel_session import PATIENCE, opened_in
from tests.helpers.patch_folders import write_patch
from tests.helpers.pictures import textured, write_tiff_levels


class EndlessReading:
    """Reads a slide until it is not wanted any more, and says so."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.never = threading.Event()
        self.reading: list[Slide] = []

    def __call__(self, slide: Slide, longest: int, is_unwanted: Callable[[], bool]) -> None:
        del longest
        self.reading.append(slide)
        self.begun.set()
        while not is_unwanted():
            self.never.wait(0.005)
        self.reading.remove(slide)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> EndlessReading:
    reading = EndlessReading()
    monkeypatch.setattr(source_thumbnails, "read_thumbnail", reading)
    return reading


def test_no_slide_is_closed_while_its_picture_is_being_read(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    endless: EndlessReading,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("a.tiff", "b.tiff"):
        write_tiff_levels(tmp_path / name, [textured(600, 400)])
        opened_in(window.session, tmp_path / name, qtbot)
    assert endless.begun.wait(30)
    first, second = (opened.source for opened in window.session.sources)
    slides = first.slide("a.tiff"), second.slide("b.tiff")
    read_when_closed: list[bool] = []
    for slide in slides:
        closing = partial(closed_while_read, slide, slide.close, endless, read_when_closed)
        monkeypatch.setattr(slide, "close", closing)
    window.session.close_source(window.session.sources[0])
    assert read_when_closed == [False]
    qtbot.waitUntil(lambda: endless.reading == [slides[1]], timeout=PATIENCE)
    window.close()
    assert read_when_closed == [False, False]


def closed_while_read(
    slide: Slide, close: Callable[[], None], endless: EndlessReading, found: list[bool]
) -> None:
    """In place of a slide's ``close``."""
    found.append(slide in endless.reading)
    close()


def test_loose_patches_stand_for_their_folder(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    colours = [(200, 0, 0), (0, 200, 0), (0, 0, 200), (90, 90, 90)]
    for number, colour in enumerate(colours):
        write_patch(tmp_path / "loose", f"{number}.png", np.full((50, 50, 3), colour, np.uint8))
    opened = opened_in(window.session, tmp_path / "loose", qtbot)
    thumbnails = window.findChild(SourceThumbnails)
    assert thumbnails is not None
    qtbot.waitUntil(lambda: thumbnails.pixmap(opened) is not None, timeout=PATIENCE)
    pixmap = thumbnails.pixmap(opened)
    assert pixmap is not None
    image = pixmap.toImage()
    shown = [image.pixelColor(x, y).getRgb()[:3] for y in (25, 75) for x in (25, 75)]
    assert shown == colours


def test_a_slide_that_cannot_be_read_has_no_picture_and_is_not_tried_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Slide] = []

    def fail(slide: Slide, *_: object) -> None:
        tried.append(slide)
        raise OSError("gone")

    monkeypatch.setattr(source_thumbnails, "read_thumbnail", fail)
    opened = opened_in(window.session, write_tiff_levels(tmp_path / "a.tiff", [textured(600, 400)]), qtbot)
    thumbnails = window.findChild(SourceThumbnails)
    assert thumbnails is not None
    qtbot.waitUntil(lambda: thumbnails.pixmap(opened) is not None, timeout=PATIENCE)
    window.session.sources_changed.emit()
    assert len(tried) == 1
