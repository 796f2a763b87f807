"""What a person presses, and what is seen."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from histoviewer.gui.decimal_box import DecimalBox
from histoviewer.gui.look.look import Look
from histoviewer.gui.look.look_mark import LookMark
from histoviewer.gui.look.look_panel import LookPanel
from histoviewer.gui.look.rendering import Rendering
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.patch_panel import PatchPicture
from histoviewer.patches.patch import Block
from histoviewer.slides.geometry import Box, Size
from tests.gui.panels.panel_session import PATIENCE
from tests.helpers.colour_profiles import swapped_profile
from tests.helpers.pictures import textured, write_tiff_levels
from tests.helpers.qt import widget_pixels
from tests.helpers.stained import HAEMATOXYLIN, glass, put

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def write_stained(folder: Path, *, profile: bytes | None = None) -> Path:
    """A slide with tissue on glass, 640 x 448, to be judged at 4 µm/px."""
    pixels = glass(640, 448)
    put(pixels, 100, 50, 300, 250, HAEMATOXYLIN)
    pixels[80:200, 150:350] = textured(200, 120)
    page = {} if profile is None else {"iccprofile": profile}
    return write_tiff_levels(folder / "slide.tif", [pixels, pixels[::2, ::2].copy()], **page)


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> MainWindow:
    with qtbot.waitSignal(window.session.current_changed, timeout=PATIENCE):
        window.session.open([path], mpp=4.0)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.session.set_overlay(is_visible=False)
    return window


@pytest.fixture
def with_slide(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return opened(qtbot, window, write_stained(tmp_path))


@pytest.fixture
def with_profile(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return opened(qtbot, window, write_stained(tmp_path, profile=swapped_profile()))


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    qtbot.keyClick(window.canvas.view, key, modifier or Qt.KeyboardModifier.NoModifier)


def canvas(qtbot: QtBot, window: MainWindow) -> NDArray[np.uint8]:
    """The middle of the slide, once it is sharp."""
    view = window.canvas.view
    view.zoom_to_downsample(1.0)
    qtbot.waitUntil(view.is_sharp)
    seen = widget_pixels(view)
    middle = (seen.shape[0] // 2, seen.shape[1] // 2)
    return seen[middle[0] - 60 : middle[0] + 60, middle[1] - 60 : middle[1] + 60]


def mark(window: MainWindow) -> LookMark:
    found = window.findChild(LookMark)
    assert found is not None
    return found


def panel(window: MainWindow) -> LookPanel:
    found = window.findChild(LookPanel)
    assert found is not None
    return found


def action(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.actions() if one.text().replace("&", "") == text)


def slider(window: MainWindow, name: str) -> QSlider:
    return next(s for s in panel(window).findChildren(QSlider) if s.accessibleName() == name)


def test_the_number_keys_choose_what_is_shown(qtbot: QtBot, with_slide: MainWindow) -> None:
    original = canvas(qtbot, with_slide)
    for key, channel in ((KEY.Key_2, "haematoxylin"), (KEY.Key_3, "eosin"), (KEY.Key_4, "residual")):
        press(qtbot, with_slide, key)
        expected = Rendering(Look(channel), None)(original)  # type: ignore[arg-type]
        assert np.array_equal(canvas(qtbot, with_slide), expected)
        assert action(with_slide, channel.capitalize()).isChecked()
    press(qtbot, with_slide, KEY.Key_1)
    assert np.array_equal(canvas(qtbot, with_slide), original)


def test_a_mark_says_what_is_shown_until_one_is_pressed(qtbot: QtBot, with_slide: MainWindow) -> None:
    assert not mark(with_slide).isVisible()
    press(qtbot, with_slide, KEY.Key_2)
    with_slide.session.eye.set_look(brightness=20)
    assert mark(with_slide).isVisible()
    assert mark(with_slide).accessibleName() == "haematoxylin · brightness +20. 1: back"
    press(qtbot, with_slide, KEY.Key_1)
    assert mark(with_slide).accessibleName() == "brightness +20. 1: back"
    press(qtbot, with_slide, KEY.Key_1)
    assert not mark(with_slide).isVisible()


def test_the_overview_follows(qtbot: QtBot, with_slide: MainWindow) -> None:
    view = with_slide.canvas.view
    canvas(qtbot, with_slide)
    view.zoom_to_downsample(0.4)
    qtbot.waitUntil(view.is_sharp)
    assert view.overview.isVisible()
    before = widget_pixels(view.overview)
    press(qtbot, with_slide, KEY.Key_3)
    qtbot.waitUntil(view.is_sharp)
    after = widget_pixels(view.overview)
    assert (before != after).mean() > 0.5


def test_shift_c_opens_brightness_and_contrast_and_arrows_move_it(
    qtbot: QtBot, with_slide: MainWindow
) -> None:
    original = canvas(qtbot, with_slide)
    press(qtbot, with_slide, KEY.Key_C, SHIFT)
    assert panel(with_slide).isVisible()
    assert panel(with_slide).focusWidget() is slider(with_slide, "Brightness")
    for _ in range(3):
        qtbot.keyClick(slider(with_slide, "Brightness"), KEY.Key_PageUp)
    assert with_slide.session.eye.look == Look(brightness=30)
    expected = Rendering(Look(brightness=30), None)(original)
    assert np.array_equal(canvas(qtbot, with_slide), expected)
    reset = next(b for b in panel(with_slide).findChildren(QPushButton) if b.text() == "Reset")
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert np.array_equal(canvas(qtbot, with_slide), original)
    assert not reset.isEnabled()


def test_the_keys_of_the_window_go_on_in_the_panel_and_esc_closes_it(
    qtbot: QtBot, with_slide: MainWindow
) -> None:
    press(qtbot, with_slide, KEY.Key_C, SHIFT)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel(with_slide))
    qtbot.keyClick(slider(with_slide, "Gamma"), KEY.Key_3)
    assert with_slide.session.eye.look.channel == "eosin"
    qtbot.keyClick(slider(with_slide, "Gamma"), KEY.Key_Escape)
    assert not panel(with_slide).isVisible()
    press(qtbot, with_slide, KEY.Key_C, SHIFT)
    assert panel(with_slide).isVisible()
    qtbot.keyClick(slider(with_slide, "Gamma"), KEY.Key_C, SHIFT)
    assert not panel(with_slide).isVisible()


def test_sliders_and_boxes_say_the_same(qtbot: QtBot, with_slide: MainWindow) -> None:
    eye = with_slide.session.eye
    press(qtbot, with_slide, KEY.Key_C, SHIFT)
    slider(with_slide, "Gamma").setValue(100)
    assert eye.look.gamma == 5.0
    slider(with_slide, "Gamma").setValue(-100)
    assert eye.look.gamma == 0.2
    slider(with_slide, "Gamma").setValue(0)
    slider(with_slide, "Contrast").setValue(-37)
    assert eye.look == Look(contrast=-37)
    eye.set_look(gamma=2.0, brightness=12)
    assert slider(with_slide, "Gamma").value() == 43
    assert slider(with_slide, "Brightness").value() == 12
    assert eye.look == Look(contrast=-37, gamma=2.0, brightness=12)


def test_a_typed_number_is_a_number_and_no_key(qtbot: QtBot, with_slide: MainWindow) -> None:
    press(qtbot, with_slide, KEY.Key_C, SHIFT)
    box = next(b for b in panel(with_slide).findChildren(DecimalBox) if b.accessibleName() == "Contrast")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "-23")
    qtbot.keyClick(box, KEY.Key_Return)
    assert with_slide.session.eye.look == Look(contrast=-23)
    assert slider(with_slide, "Contrast").value() == -23


def test_the_profile_of_the_file_can_be_switched_off(qtbot: QtBot, with_profile: MainWindow) -> None:
    switch = action(with_profile, "Colour profile of the file")
    assert switch.isEnabled()
    assert switch.isChecked()
    managed = canvas(qtbot, with_profile)
    assert not mark(with_profile).isVisible()
    switch.trigger()
    stored = canvas(qtbot, with_profile)
    assert np.abs(managed.astype(int) - stored[:, :, ::-1]).max() <= 2
    assert not np.array_equal(managed, stored)


def test_without_a_profile_there_is_nothing_to_switch(with_slide: MainWindow) -> None:
    switch = action(with_slide, "Colour profile of the file")
    assert not switch.isEnabled()
    assert not switch.isChecked()
    assert switch.toolTip() == "This file carries no colour profile"


def test_a_broken_profile_is_told_and_the_slide_is_shown(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    told: list[str] = []
    window.session.failed.connect(told.append)
    pixels = textured(2400, 1600)
    Image.fromarray(pixels).save(tmp_path / "picture.png", icc_profile=b"broken")
    opened(qtbot, window, tmp_path / "picture.png")
    assert [line for line in told if "profile" in line] == [
        "picture.png: its colour profile cannot be used (cannot open profile from string); shown without it."
    ]
    assert "cannot be used" in action(window, "Colour profile of the file").toolTip()
    canvas(qtbot, window)
    x, y = (round(place) for place in window.canvas.view.transform.to_view(1200, 800))
    assert np.array_equal(
        widget_pixels(window.canvas.view)[y : y + 80, x : x + 90], pixels[800:880, 1200:1290]
    )


def judged(qtbot: QtBot, window: MainWindow) -> NDArray[np.float32]:
    with qtbot.waitSignal(window.session.run_changed, timeout=PATIENCE):
        window.session.classify()
    qtbot.waitUntil(lambda: not window.session.is_running, timeout=PATIENCE)
    assert window.session.current is not None
    return window.session.current.store.probability.copy()


def read_by_the_model(window: MainWindow) -> list[NDArray[np.uint8]]:
    current, slide = window.session.current, window.session.slide
    assert current is not None
    assert slide is not None
    block = Block(number=-1, patches=np.arange(len(current.source.columns), dtype=np.intp))
    return [current.source.read(block).pixels, slide.read_box(Box(0, 0, 640, 448), Size(160, 112))]


def test_the_model_gets_the_same_pixels_and_gives_the_same_answers_in_every_look(
    qtbot: QtBot, with_profile: MainWindow
) -> None:
    window = with_profile
    session = window.session
    pixels = read_by_the_model(window)
    answers = judged(qtbot, window)
    assert np.isfinite(answers).any()
    for look in (
        Look("haematoxylin", brightness=50, gamma=3.0),
        Look("residual", contrast=80, uses_profile=False),
    ):
        session.eye.set_look(**asdict(look))
        canvas(qtbot, window)
        for before, now in zip(pixels, read_by_the_model(window), strict=True):
            assert np.array_equal(before, now)
        assert session.current is not None
        session.current.store.close()
        session.current.store.path.unlink()
        path = session.current.source.path
        session.close_source(session.current)
        opened(qtbot, window, path)
        assert session.eye.look == look
        assert np.array_equal(judged(qtbot, window), answers)


def test_the_picture_of_the_patch_goes_on_showing_what_the_model_is_given(
    qtbot: QtBot, with_profile: MainWindow
) -> None:
    picture = with_profile.findChild(PatchPicture)
    assert picture is not None
    with_profile.session.select(0)
    qtbot.waitUntil(lambda: picture._cache.pixmap(0, 200) is not None)
    before = widget_pixels(picture)
    assert before.std() > 0
    press(qtbot, with_profile, KEY.Key_4)
    canvas(qtbot, with_profile)
    assert np.array_equal(widget_pixels(picture), before)
