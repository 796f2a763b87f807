"""A scale is asked for once a folder, and never taken in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.folder_scale_line import FolderScaleLine
from histoviewer.gui.panels.scale_banner import ScaleBanner
from histoviewer.gui.session import Session
from histoviewer.gui.source_opener import OpenRequest
from tests.gui.conftest import closing_windows
from tests.helpers.pictures import textured, write_tiff_levels

PATIENCE = 30_000


def section(folder: Path, name: str) -> Path:
    """A picture that does not say its scale."""
    folder.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(0).normal((150, 90, 160), 20, (400, 600, 3)).clip(0, 255)
    Image.fromarray(pixels.astype(np.uint8)).save(folder / name)
    return folder / name


def open_in(qtbot: QtBot, window: MainWindow, *paths: Path) -> None:
    window.session.open(paths)
    settle(qtbot, window)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not session.opener.is_busy and not session.is_running, timeout=PATIENCE)


def give(qtbot: QtBot, window: MainWindow, mpp: float) -> None:
    """As the banner does when a scale is typed."""
    current = window.session.current
    assert current is not None
    banner(window).scale_given.emit(current, mpp)
    settle(qtbot, window)


def banner(window: MainWindow) -> ScaleBanner:
    found = window.findChild(ScaleBanner)
    assert found is not None
    return found


def line(window: MainWindow) -> str:
    """What the line about the folder says; "" while it is not there."""
    found = window.findChild(FolderScaleLine)
    assert found is not None
    label = found.findChild(QLabel)
    assert label is not None
    return label.text() if found.isVisible() else ""


def scales(window: MainWindow) -> dict[str, float | None]:
    return {opened.source.path.name: opened.mpp for opened in window.session.sources}


def test_the_next_slide_of_the_folder_has_it_and_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    open_in(qtbot, window, section(tmp_path / "case", "a.png"))
    assert banner(window).isVisible()
    give(qtbot, window, 2.0)
    open_in(qtbot, window, section(tmp_path / "case", "b.png"))
    assert scales(window) == {"a.png": 2.0, "b.png": 2.0}
    assert not banner(window).isVisible()
    assert line(window) == "Scale given for this folder: 2 µm/px"
    current = window.session.current
    assert current is not None
    assert current.store.facts.scale_origin == "user"


def test_another_folder_is_asked_about(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    open_in(qtbot, window, section(tmp_path / "case", "a.png"))
    give(qtbot, window, 2.0)
    open_in(qtbot, window, section(tmp_path / "other", "b.png"))
    assert scales(window)["b.png"] is None
    assert banner(window).isVisible()
    assert line(window) == ""


def test_of_several_that_wait_one_answer_is_enough(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    paths = [section(tmp_path / "case", f"{name}.png") for name in "abc"]
    window.session.open(paths, classify=True)
    settle(qtbot, window)
    give(qtbot, window, 2.0)
    settle(qtbot, window)
    assert set(scales(window).values()) == {2.0}
    assert not any(np.isnan(opened.store.probability).any() for opened in window.session.sources)


def test_what_is_typed_stays_while_another_slide_comes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    paths = [section(tmp_path / "case", f"{name}.png") for name in "ab"]
    open_in(qtbot, window, paths[0])
    field = banner(window).findChild(QDoubleSpinBox)
    assert field is not None
    field.setValue(0.77)
    session = window.session
    session.scale_needed.emit(session.current, "once more")
    assert field.value() == 0.25, "asked again, it offers again"
    field.setValue(0.77)
    with qtbot.waitSignal(session.scale_needed, timeout=PATIENCE):
        # As one of several that were dropped together: the first stays in front.
        session.opener.open(OpenRequest(paths[1], batch=session._shown_batch))
    assert field.value() == 0.77


def change_for_folder(window: MainWindow) -> None:
    """Press the button of the line about the folder."""
    assert line(window)
    window.findChild(FolderScaleLine).findChild(QToolButton).click()  # type: ignore[union-attr]


def use(qtbot: QtBot, window: MainWindow, mpp: float) -> None:
    """Type a scale and press the button."""
    field = banner(window).findChild(QDoubleSpinBox)
    assert field is not None
    field.setValue(mpp)
    next(b for b in banner(window).findChildren(QPushButton) if "Use" in b.text()).click()
    settle(qtbot, window)


def question(window: MainWindow) -> str:
    label = banner(window).findChild(QLabel)
    assert label is not None
    return label.text() if banner(window).isVisible() else ""


def test_what_is_changed_for_one_slide_leaves_the_others(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    open_in(qtbot, window, section(tmp_path / "case", "a.png"))
    give(qtbot, window, 2.0)
    open_in(qtbot, window, section(tmp_path / "case", "b.png"))
    window.session.ask_scale()
    assert question(window) == "b is taken to have 2 µm/px. Which is its scale?"
    use(qtbot, window, 1.0)
    open_in(qtbot, window, section(tmp_path / "case", "c.png"))
    assert scales(window) == {"a.png": 2.0, "b.png": 1.0, "c.png": 1.0}


@pytest.fixture
def case(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Path:
    """A folder whose slides have 2 µm/px from it: a and b, a judged, b in front; beside them one that says
    its scale, one that was given another, and one of another folder."""
    section(tmp_path / "case", "b.png")
    said = write_tiff_levels(tmp_path / "case" / "said.ome.tiff", [textured(600, 400)], ome_mpp=2.0)
    open_in(qtbot, window, said)
    open_in(qtbot, window, section(tmp_path / "other", "other.png"))
    give(qtbot, window, 2.0)
    open_in(qtbot, window, section(tmp_path / "case", "own.png"))
    give(qtbot, window, 4.0)
    open_in(qtbot, window, section(tmp_path / "case", "a.png"))
    window.session.ask_scale()
    use(qtbot, window, 2.0)
    window.session.classify()
    settle(qtbot, window)
    open_in(qtbot, window, section(tmp_path / "case", "b.png"))
    return tmp_path / "case"


OTHERS = {"said.ome.tiff": 2.0, "other.png": 2.0, "own.png": 4.0}


def test_what_is_changed_for_the_folder_is_so_for_all_open_slides_that_have_it_from_there(
    qtbot: QtBot, window: MainWindow, case: Path
) -> None:
    session, noted = window.session, []
    session.noted.connect(noted.append)
    before = next(o for o in session.sources if o.source.path.name == "a.png").store.probability.copy()
    change_for_folder(window)
    assert question(window) == (
        "b and the other slides of its folder are taken to have 2 µm/px. Which is their scale?"
    )
    use(qtbot, window, 1.0)
    assert scales(window) == {**OTHERS, "a.png": 1.0, "b.png": 1.0}
    assert line(window) == "Scale given for this folder: 1 µm/px"
    assert noted == [
        "1 other open slide of this folder has 1 µm/px now, too. "
        "1 slide is judged again; what was found at 2 µm/px stays in its result file."
    ]
    first = next(o for o in session.sources if o.source.path.name == "a.png")
    assert len(first.store.probability) < len(before)
    assert not np.isnan(first.store.probability).any(), "judged anew, as one slide is"
    second = next(o for o in session.sources if o.source.path.name == "b.png")
    assert np.isnan(second.store.probability).all(), "it had not been judged"
    session.give_scale(first, 2.0)
    settle(qtbot, window)
    first = next(o for o in session.sources if o.source.path.name == "a.png")
    assert np.array_equal(first.store.probability, before), "results keep the scale they were made with"
    open_in(qtbot, window, section(case, "c.png"))
    assert scales(window)["c.png"] == 1.0


def test_a_scale_refused_for_a_folder_changes_nothing_and_can_be_corrected(
    qtbot: QtBot, window: MainWindow, case: Path
) -> None:
    del case
    change_for_folder(window)
    use(qtbot, window, 29.0)
    assert "coarser" in question(window)
    assert scales(window) == {**OTHERS, "a.png": 2.0, "b.png": 2.0}
    use(qtbot, window, 1.0)
    assert scales(window) == {**OTHERS, "a.png": 1.0, "b.png": 1.0}


def test_the_wish_to_change_a_folder_ends_with_its_question(
    qtbot: QtBot, window: MainWindow, case: Path
) -> None:
    del case
    change_for_folder(window)
    next(b for b in banner(window).findChildren(QPushButton) if "Keep" in b.text()).click()
    window.session.ask_scale()
    assert question(window).startswith("b is taken")
    use(qtbot, window, 1.0)
    assert scales(window) == {**OTHERS, "a.png": 2.0, "b.png": 1.0}
    change_for_folder(window)
    window.session.show_source(window.session.sources[0])
    assert question(window) == ""


def test_a_scale_that_is_refused_is_not_remembered(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    open_in(qtbot, window, section(tmp_path / "case", "a.png"))
    give(qtbot, window, 29.0)
    open_in(qtbot, window, section(tmp_path / "case", "b.png"))
    assert scales(window) == {"a.png": None, "b.png": None}


def test_a_slide_that_says_its_scale_is_left_alone_and_teaches_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    said = write_tiff_levels(tmp_path / "said.ome.tiff", [textured(600, 400)], ome_mpp=1.0)
    open_in(qtbot, window, said)
    give(qtbot, window, 2.0)
    open_in(qtbot, window, section(tmp_path, "a.png"))
    assert scales(window) == {"said.ome.tiff": 2.0, "a.png": None}


@pytest.mark.parametrize("edited", [None, "nonsense", "29000"])
def test_it_is_known_at_the_next_start_unless_the_settings_were_spoilt(
    qtbot: QtBot, data_folder: Path, tiny_bundle: Path, tmp_path: Path, edited: str | None
) -> None:
    del data_folder
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    with closing_windows() as windows:
        for name, is_first in (("a.png", True), ("b.png", False)):
            window = MainWindow(Session(tiny_bundle), settings)
            windows.append(window)
            window.show()
            open_in(qtbot, window, section(tmp_path / "case", name))
            if is_first:
                give(qtbot, window, 2.0)
                assert [settings.value(key) for key in settings.allKeys() if key[:7] == "scales/"] == [2.0]
                for key in settings.allKeys():
                    if edited is not None and key.startswith("scales/"):
                        settings.setValue(key, edited)
            else:
                assert scales(window) == {"b.png": 2.0 if edited is None else None}
