"""How a person likes to look at things is as it was left, at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.overlay import Overlay

Start = Callable[[], MainWindow]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def settings_of(file: Path) -> QSettings:
    return QSettings(str(file), QSettings.Format.IniFormat)


@pytest.fixture
def start(open_window: Callable[[QSettings], MainWindow], file: Path) -> Start:
    return lambda: open_window(settings_of(file))


def test_a_first_start_has_the_defaults(start: Start) -> None:
    assert start().session.overlay == Overlay()


def test_the_overlay_is_as_it_was_left_but_for_what_was_switched_off(start: Start) -> None:
    liked = {"colormap": "cividis", "opacity": 0.35, "is_smooth": True, "below": "hide", "has_contours": True}
    start().session.set_overlay(**liked, is_visible=False, is_truth_visible=True)
    assert start().session.overlay == Overlay(**liked)  # type: ignore[arg-type]


def test_thumbnails_are_as_large_as_they_were(start: Start) -> None:
    first = start().gallery_page
    first.gallery.enlarge(2)
    side = first.gallery._side
    second = start().gallery_page
    assert second.gallery._side == side
    assert second.bar._orders._size.value() == side


@pytest.mark.parametrize(
    ("name", "value"),
    [("colormap", "jet"), ("opacity", "nan"), ("opacity", "7"), ("below", ""), ("is_smooth", "2")],
)
def test_what_makes_no_sense_is_as_if_not_chosen(start: Start, file: Path, name: str, value: str) -> None:
    settings = settings_of(file)
    settings.setValue(f"overlay/{name}", value)
    settings.sync()
    assert start().session.overlay == Overlay()
