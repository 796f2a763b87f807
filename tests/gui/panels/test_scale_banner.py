"""Asking for a scale, until there is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.canvas.zoom_bar import ARROW, ZoomBar
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource, results_path
from histoviewer.gui.panels.measure_row import MeasureRow
from histoviewer.gui.panels.result_panel import ResultPanel
from histoviewer.gui.panels.scale_banner import ScaleBanner
from tests.gui.held_opening import HeldOpening
from tests.gui.panels.panel_session import opened_in
from tests.helpers.patch_folders import write_patch
from tests.helpers.pictures import textured, write_tiff_levels

PATIENCE = 30_000


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Tissue from edge to edge that does not say its scale."""
    pixels = np.random.default_rng(0).normal((150, 90, 160), 20, (400, 600, 3)).clip(0, 255)
    path = tmp_path / "section.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def banner_of(window: MainWindow) -> ScaleBanner:
    banner = window.findChild(ScaleBanner)
    assert banner is not None
    return banner


def question(window: MainWindow) -> str:
    label = banner_of(window).findChild(QLabel)
    assert label is not None
    return label.text()


def give(window: MainWindow, mpp: float) -> None:
    """Type a scale and press the button."""
    banner = banner_of(window)
    field = banner.findChild(QDoubleSpinBox)
    assert field is not None
    field.setValue(mpp)
    next(b for b in banner.findChildren(QPushButton) if "Use" in b.text()).click()


def headline(window: MainWindow) -> str:
    panel = window.findChild(ResultPanel)
    assert panel is not None
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def settle(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not session.opener.is_busy and not session.is_running, timeout=PATIENCE)


def current(window: MainWindow) -> OpenSource:
    assert window.session.current is not None
    return window.session.current


def test_a_refused_scale_keeps_the_banner_says_why_and_lets_it_be_corrected(
    qtbot: QtBot, window: MainWindow, picture: Path
) -> None:
    opened = opened_in(window.session, picture, qtbot)
    assert "Scale needed" in headline(window)
    give(window, 29.0)
    assert window.session.current is opened
    assert banner_of(window).isVisible()
    assert "29 µm/px is coarser than the model's 4" in question(window)
    field = banner_of(window).findChild(QDoubleSpinBox)
    assert field is not None
    assert "Did you mean 0.29?" in question(window)
    assert (field.value(), field.lineEdit().selectedText()) == (0.29, "0.2900"), "Enter takes it"
    give(window, 2.0)
    settle(qtbot, window)
    assert len(current(window).source.columns) == 6 * 4
    assert not banner_of(window).isVisible()
    assert "Scale needed" not in headline(window)


def test_a_scale_that_is_typed_counts_where_the_button_takes_no_focus(
    qtbot: QtBot, window: MainWindow, picture: Path
) -> None:
    with qtbot.waitSignal(window.session.scale_needed, timeout=PATIENCE):
        window.session.open([picture])
    field = banner_of(window).findChild(QDoubleSpinBox)
    assert field is not None
    field.selectAll()
    qtbot.keyClicks(field, "0.5")
    use = next(b for b in banner_of(window).findChildren(QPushButton) if "Use" in b.text())
    with qtbot.waitSignal(banner_of(window).scale_given, timeout=PATIENCE) as given:
        use.animateClick()  # as by its mnemonic: the focus stays in the field
    assert given.args[1] == 0.5
    settle(qtbot, window)


def test_a_slide_that_is_too_coarse_survives_a_scale_that_is_stopped(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, held: HeldOpening
) -> None:
    held.may_go_on.set()
    path = write_tiff_levels(tmp_path / "coarse.ome.tiff", [textured(600, 400)], ome_mpp=8.0)
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.session.open([path])
    settle(qtbot, window)
    give_and_stop(qtbot, window, held, 0.5)
    assert [opened.source.path for opened in window.session.sources] == [path]
    assert "coarse" in current(window).only_to_look


def test_a_slide_that_would_be_longer_than_its_glass_is_asked_back_once(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "long.png"
    Image.fromarray(np.full((60, 40_000, 3), (150, 90, 160), np.uint8)).save(path)
    opened_in(window.session, path, qtbot)
    give(window, 2.5)
    assert "At 2.5 µm/px" in question(window)
    assert "would be 100\u202fmm long, more than the glass. Did you mean 0.25?" in question(window)
    field = banner_of(window).findChild(QDoubleSpinBox)
    assert field is not None
    assert field.value() == 0.25
    assert current(window).scale_problem, "nothing is taken before it is confirmed"
    give(window, 2.5)
    settle(qtbot, window)
    assert current(window).mpp == 2.5


def test_a_scale_refused_on_opening_asks_again(qtbot: QtBot, window: MainWindow, picture: Path) -> None:
    with qtbot.waitSignal(window.session.scale_needed, timeout=PATIENCE):
        window.session.open([picture], mpp=29.0)
    assert banner_of(window).isVisible()
    assert "29 µm/px is coarser" in question(window)


def test_an_accepted_scale_can_be_changed_and_both_runs_are_kept(
    qtbot: QtBot, window: MainWindow, picture: Path
) -> None:
    session = window.session
    session.open([picture], mpp=2.0, classify=True)
    settle(qtbot, window)
    first = current(window)
    before = first.store.probability.copy()
    session.ask_scale()
    assert banner_of(window).isVisible()
    assert "taken to have 2 µm/px" in question(window)
    give(window, 29.0)
    assert "coarser" in question(window)
    assert current(window) is first
    give(window, 4.0)
    settle(qtbot, window)
    second = current(window)
    assert second is not first
    assert session.sources == [second]
    assert not banner_of(window).isVisible()
    assert len(second.store.probability) == 12 * 8
    assert not np.isnan(second.store.probability).any()
    assert second.store.path == results_path(picture)
    session.give_scale(second, 2.0)
    settle(qtbot, window)
    assert np.array_equal(current(window).store.probability, before)


def test_a_scale_that_cannot_be_measures_nothing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    positions: list[str] = []
    window.canvas.position_changed.connect(positions.append)
    path = write_tiff_levels(
        tmp_path / "absurd.tif", [textured(600, 400)], resolution=(25.4, 25.4), resolutionunit="INCH"
    )
    opened = opened_in(window.session, path, qtbot)
    assert "claims 1000 µm/px" in question(window)
    assert opened.mpp == 1000.0, "what the file says is told all the same"
    view = window.canvas.view
    assert view.scale_bar.text.endswith("uncalibrated")
    assert view.magnification is None
    window.canvas.view.hovered.emit(30.0, 20.0)
    assert positions[-1] == "30, 20 px   scale unknown"
    assert [b.text() for b in zoom_buttons(window) if b.isEnabled()] == ["Fit"]
    give(window, 2.0)
    settle(qtbot, window)
    assert all(b.isEnabled() for b in zoom_buttons(window))
    assert "uncalibrated" not in view.scale_bar.text


def zoom_buttons(window: MainWindow) -> list[QToolButton]:
    bar = window.findChild(ZoomBar)
    assert bar is not None
    return [button for button in bar.findChildren(QToolButton) if button.objectName() != ARROW]


def test_the_wish_to_change_a_scale_may_be_dropped(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_patch(tmp_path / "patches", "loose.png")
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    window.session.ask_scale()
    give(window, 29.0)
    next(b for b in banner_of(window).findChildren(QPushButton) if "Keep" in b.text()).click()
    assert not banner_of(window).isVisible()
    assert window.session.current is opened
    window.session.ask_scale()
    assert "taken to have 4 µm/px" in question(window)


def test_a_scale_changed_in_the_middle_of_a_run_ends_that_run_only(
    qtbot: QtBot, window: MainWindow, picture: Path
) -> None:
    session = window.session
    session.open([picture], mpp=0.1)
    qtbot.waitUntil(lambda: session.current is not None, timeout=PATIENCE)
    session.classify()
    assert session.is_running
    session.give_scale(current(window), 2.0)
    assert not session.is_running
    settle(qtbot, window)
    assert len(current(window).source.columns) == 6 * 4
    assert not np.isnan(current(window).store.probability).any()


@pytest.fixture
def judged(qtbot: QtBot, window: MainWindow, picture: Path) -> OpenSource:
    """The picture, judged at 2 µm/px."""
    window.session.open([picture], mpp=2.0, classify=True)
    settle(qtbot, window)
    return current(window)


def give_and_stop(qtbot: QtBot, window: MainWindow, held: HeldOpening, mpp: float) -> None:
    """Give another scale, and stop the opening that follows."""
    held.may_go_on.clear()
    with qtbot.waitSignal(window.session.opener.progressed, timeout=PATIENCE):
        window.session.give_scale(current(window), mpp)
    with qtbot.waitSignal(window.session.opener.cancelled, timeout=PATIENCE):
        window.session.opener.cancel()
    held.may_go_on.set()
    settle(qtbot, window)


def test_a_scale_whose_opening_is_stopped_leaves_everything_as_it_was(
    qtbot: QtBot, window: MainWindow, picture: Path, held: HeldOpening
) -> None:
    held.may_go_on.set()
    window.session.open([picture], mpp=2.0, classify=True)
    settle(qtbot, window)
    before = current(window).store.probability.copy()
    give_and_stop(qtbot, window, held, 4.0)
    assert window.session.sources == [current(window)]
    assert current(window).mpp == 2.0
    assert np.array_equal(current(window).store.probability, before)


def test_a_question_whose_answer_is_stopped_is_asked_again(
    qtbot: QtBot, window: MainWindow, picture: Path, held: HeldOpening
) -> None:
    held.may_go_on.set()
    with qtbot.waitSignal(window.session.scale_needed, timeout=PATIENCE):
        window.session.open([picture], classify=True)
    give_and_stop(qtbot, window, held, 4.0)
    assert banner_of(window).isVisible()
    give(window, 4.0)
    settle(qtbot, window)
    assert not np.isnan(current(window).store.probability).any(), "it was dropped to be classified"


def test_what_is_closed_while_it_opens_at_another_scale_stays_closed(
    qtbot: QtBot, window: MainWindow, judged: OpenSource, picture: Path
) -> None:
    window.session.give_scale(judged, 4.0)
    window.session.close_source(judged)
    settle(qtbot, window)
    assert window.session.sources == []
    assert opened_in(window.session, picture, qtbot).scale_problem


def test_what_is_dropped_again_while_its_scale_changes_is_there_once(
    qtbot: QtBot, window: MainWindow, judged: OpenSource, picture: Path
) -> None:
    window.session.open([picture])
    window.session.give_scale(judged, 4.0)
    window.session.open([picture])
    settle(qtbot, window)
    assert window.session.sources == [current(window)]
    assert current(window).mpp == 4.0


def test_what_is_gone_when_its_scale_changes_is_closed_and_named(
    qtbot: QtBot, window: MainWindow, judged: OpenSource, picture: Path
) -> None:
    picture.unlink()
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE) as failed:
        window.session.give_scale(judged, 4.0)
    settle(qtbot, window)
    assert "section.png" in failed.args[0]
    assert window.session.sources == []


def test_the_banner_leaves_the_window_narrow(
    qtbot: QtBot, window: MainWindow, judged: OpenSource, tmp_path: Path
) -> None:
    long_name = tmp_path / f"{'a_very_long_name' * 5}.png"
    judged.source.path.rename(long_name)
    opened_in(window.session, long_name, qtbot)
    window.session.ask_scale()
    banner = banner_of(window)
    assert banner.isVisible()
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: banner.height() >= banner.heightForWidth(banner.width()))
    assert window.width() == 1024
    label = banner.findChild(QLabel)
    assert label is not None
    assert label.height() >= label.heightForWidth(label.width())
    measuring = banner.findChild(MeasureRow)
    assert measuring is not None
    buttons = [b for b in banner.findChildren(QPushButton) if not measuring.isAncestorOf(b)]
    assert all(b.isVisible() and b.width() > 0 for b in buttons)
    next(b for b in buttons if "easure" in b.text()).click()
    banner.set_line(12_345.0)
    assert measuring.isVisible()
    qtbot.waitUntil(lambda: banner.height() >= banner.heightForWidth(banner.width()))
    assert window.width() == 1024
