"""What the session does with what it is given: opening, order, results that cannot be kept, retries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.opening_line import OpeningLine
from histoviewer.gui.panels.source_lines import LINE_ROLE
from histoviewer.inference.engine import Classified
from histoviewer.inference.model_card import read_card
from histoviewer.patches import opening
from histoviewer.patches.patch import MALIGNANT
from tests.gui.held_opening import HeldOpening
from tests.gui.panels.panel_session import opened_in
from tests.helpers.idc_like import write_idc_like
from tests.helpers.numpy_slide import NumpySlide
from tests.helpers.patch_folders import write_patch
from tests.helpers.pictures import textured, write_tiff_levels
from tests.helpers.stained import glass

PATIENCE = 30_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "patches"
    write_idc_like(path, patients=1, patches=12)
    return path


def settle(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not session.opener.is_busy and not session.is_running, timeout=PATIENCE)


def texts(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def assert_judged_but_not_kept(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.session.open([folder], classify=True)
    settle(qtbot, window)
    opened = window.session.current
    assert opened is not None
    assert not np.isnan(opened.store.probability).any()
    assert "Results of patches are not kept: " in texts(window)
    assert "Results of this source are not kept" in texts(window)


def test_a_data_folder_that_cannot_be_made_still_lets_one_look_and_judge(
    qtbot: QtBot, window: MainWindow, folder: Path, data_folder: Path
) -> None:
    data_folder.write_text("a file where the folder should be")
    assert_judged_but_not_kept(qtbot, window, folder)


def test_a_source_that_is_open_in_another_window_still_opens(
    qtbot: QtBot, open_window: Callable[[], MainWindow], folder: Path
) -> None:
    first = open_window()
    opened_in(first.session, folder, qtbot)
    second = open_window()
    assert_judged_but_not_kept(qtbot, second, folder)
    assert "in use by another HistoViewer" in texts(second)
    assert "not kept" not in texts(first)


def test_of_several_things_opened_together_the_first_is_shown_and_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        write_patch(tmp_path / name, "loose.png")
    window.session.open([tmp_path / "nowhere", tmp_path / "one", tmp_path / "two"])
    settle(qtbot, window)
    assert [opened.source.name for opened in window.session.sources] == ["one", "two"]
    assert window.session.current is window.session.sources[0]
    window.session.open([tmp_path / "two", tmp_path / "three"])
    settle(qtbot, window)
    assert window.session.current is window.session.sources[1]


def test_that_the_model_was_trained_on_a_patient_is_told(
    qtbot: QtBot, window: MainWindow, tiny_bundle: Path, tmp_path: Path
) -> None:
    card = read_card(tiny_bundle)
    write_idc_like(tmp_path / "all", patients=6, patches=4)
    opened_in(window.session, tmp_path / "all" / card.split["test"][0], qtbot)
    assert "The model was trained on" not in texts(window)
    opened_in(window.session, tmp_path / "all" / card.split["train"][0], qtbot)
    assert f"The model was trained on patient {card.split['train'][0]}" in texts(window)


def test_a_folder_at_a_scale_that_the_model_cannot_use_is_told_why(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE) as failed:
        window.session.open([folder], mpp=30.0)
    settle(qtbot, window)
    assert "too coarse" in failed.args[0]
    assert failed.args[0].endswith("Is 0.3 meant?")
    assert window.session.sources == []


def test_a_very_long_name_of_wide_letters_has_a_result_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_patch(tmp_path / ("😐" * 60), "loose.png")
    opened = opened_in(window.session, tmp_path / ("😐" * 60), qtbot)
    assert not opened.not_kept
    assert opened.store.path.exists()


def test_failed_patches_settle_the_share_and_are_tried_again_by_classify_once(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for i in range(4):
        write_patch(tmp_path / "patches", f"{i}.png")
    (tmp_path / "patches" / "2.png").write_bytes(b"no picture")
    session = window.session
    session.open([tmp_path / "patches"], classify=True)
    settle(qtbot, window)
    opened = session.current
    assert opened is not None
    assert list(opened.store.failures) == [2]
    assert "…" not in line_of(window)
    runs: list[None] = []
    session.run_changed.connect(lambda: runs.append(None))
    assert session.can_classify
    session.classify()
    progress = session.progress()
    assert progress is not None
    assert progress.total == 1
    settle(qtbot, window)
    assert len(runs) == 2, "begun and ended: a patch that fails again is not tried for ever"
    Image.new("RGB", (50, 50), (200, 90, 150)).save(tmp_path / "patches" / "2.png")
    session.classify()
    settle(qtbot, window)
    assert not opened.store.failures
    assert not session.can_classify


def write_damaged(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True)
    for i in range(count):
        (folder / f"damaged {i}.png").write_bytes(b"no picture")


def line_of(window: MainWindow) -> str:
    return str(window.findChild(QTreeWidget).topLevelItem(0).data(0, LINE_ROLE).spoken)


def test_a_source_whose_patches_all_failed_says_how_many_and_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_damaged(tmp_path / "patches", 3)
    window.session.open([tmp_path / "patches"], classify=True)
    settle(qtbot, window)
    said = texts(window)
    assert "0 of 3 judged" in said
    assert "3\u00a0unreadable" in said
    assert ", failed: " in line_of(window)
    reason = "damaged, or not a PNG, JPEG, TIFF or BMP image"
    assert f"patches: 3 patches could not be judged: {reason}; filter Patches by Failed" in said


def test_some_failed_patches_are_told_once_the_run_has_ended(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    write_damaged(folder, 1)
    lines: list[str] = []
    window.session.run_troubled.connect(lines.append)
    window.session.open([folder], classify=True)
    settle(qtbot, window)
    assert [line.partition(":")[2].partition(":")[0] for line in lines] == [" 1 patch could not be judged"]
    assert "1\u00a0unreadable" in texts(window)
    assert "done, 1 unreadable" in line_of(window)


def test_of_several_reasons_the_first_is_said_to_be_the_first(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    folder = tmp_path / "image"
    write_patch(folder, "c.png")
    (folder / "a.png").write_bytes(b"no picture")
    Image.new("RGB", (500, 300)).save(folder / "b.png")
    window.session.open([folder], classify=True)
    settle(qtbot, window)
    assert "image: 2 patches could not be judged: the first one: " in texts(window)


def test_a_single_patch_that_cannot_be_judged_says_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    patch = tmp_path / "10253_idx5_x1_y1_class0.png"
    patch.write_bytes(b"no picture")
    window.session.open([patch], classify=True)
    settle(qtbot, window)
    assert f"{patch.name} could not be judged: damaged, or not a PNG" in texts(window)
    assert "filter" not in texts(window)


def test_a_run_in_which_nothing_failed_says_nothing(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    lines: list[str] = []
    window.session.run_troubled.connect(lines.append)
    window.session.open([folder], classify=True)
    settle(qtbot, window)
    assert lines == []


def test_patches_far_too_small_for_the_model_are_told_when_the_run_has_ended(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    window.session.open([folder], mpp=2.0, classify=True)
    settle(qtbot, window)
    assert "patches: 12 of 12 patches cover less than the square of 200 µm" in texts(window)


@pytest.fixture
def big_picture(tmp_path: Path) -> Path:
    """40 x 30 patches at 4 µm/px."""
    return write_tiff_levels(tmp_path / "big.ome.tiff", [textured(2000, 1500)], ome_mpp=4.0)


def judged_blocks(window: MainWindow) -> dict[int, NDArray[np.intp]]:
    """Number and rows of each block that is judged from now on, in the order in which they begin: a block may
    be told in parts."""
    blocks: dict[int, NDArray[np.intp]] = {}

    def take(opened: OpenSource, event: Classified) -> None:
        number = int(opened.block_of[event.patches[0]])
        blocks.setdefault(number, np.flatnonzero(opened.block_of == number))

    window.session._runs.judged.connect(take)
    return blocks


def test_what_is_looked_at_is_judged_first_from_the_first_block_on(
    qtbot: QtBot, window: MainWindow, big_picture: Path
) -> None:
    opened = opened_in(window.session, big_picture, qtbot)
    columns, view = opened.source.columns, window.canvas.view
    view.zoom_to_downsample(0.5)
    view.centre_on(1450, 1050)
    qtbot.waitUntil(view.is_sharp, timeout=PATIENCE)
    box = view.transform.visible
    qtbot.waitUntil(lambda: window.session._visible == box, timeout=PATIENCE)
    in_view = (columns.x < box.x + box.width) & (columns.x + columns.width > box.x)
    in_view &= (columns.y < box.y + box.height) & (columns.y + columns.height > box.y)
    assert 50 < in_view.sum() < len(columns) / 2
    blocks = judged_blocks(window)
    window.session.classify()
    settle(qtbot, window)
    is_visible = [bool(in_view[rows].any()) for rows in blocks.values()]
    assert is_visible == sorted(is_visible, reverse=True)
    shares = [float(in_view[rows].mean()) for rows in blocks.values()]
    assert shares[0] == max(shares), "the middle of the view before what only grazes it"


def test_a_dropped_slide_is_judged_from_its_middle(
    qtbot: QtBot, window: MainWindow, big_picture: Path
) -> None:
    blocks = judged_blocks(window)
    window.session.open([big_picture], classify=True)
    settle(qtbot, window)
    columns = window.session.current.source.columns  # type: ignore[union-attr]

    def distance(rows: NDArray[np.intp]) -> float:
        across = columns.x[rows].mean() / columns.x.max() - 0.5
        down = columns.y[rows].mean() / columns.y.max() - 0.5
        return float(max(abs(across), abs(down)))

    distances = [distance(rows) for rows in blocks.values()]
    assert len(blocks) > 8
    assert distances[0] == pytest.approx(min(distances), abs=0.05)
    assert distances[-1] == pytest.approx(max(distances), abs=0.05)


def test_opening_tells_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, window: MainWindow, folder: Path, held: HeldOpening
) -> None:
    line = window.findChild(OpeningLine)
    assert line is not None
    window.session.open([folder, folder / "other"])
    qtbot.waitUntil(line.isVisible, timeout=PATIENCE)
    assert "Opening patches… 12\u202f4" in texts(window)
    cancel = line.findChild(QPushButton)
    assert cancel is not None
    cancel.click()
    qtbot.waitUntil(lambda: not window.session.opener.is_busy, timeout=PATIENCE)
    assert window.session.sources == []
    assert not line.isVisible()
    assert not window.messages.isVisible()
    held.may_go_on.set()
    assert opened_in(window.session, folder, qtbot).source.name == "patches"


def test_escape_stops_opening_while_nothing_runs(
    qtbot: QtBot, window: MainWindow, folder: Path, held: HeldOpening
) -> None:
    window.activateWindow()
    with qtbot.waitSignal(window.session.opener.progressed, timeout=PATIENCE):
        window.session.open([folder])
    with qtbot.waitSignal(window.session.opener.cancelled, timeout=PATIENCE):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert window.session.sources == []
    assert not window._cancel.isEnabled()
    held.may_go_on.set()


def test_closing_the_window_does_not_wait_for_a_huge_folder(
    qtbot: QtBot, window: MainWindow, folder: Path, held: HeldOpening
) -> None:
    with qtbot.waitSignal(window.session.opener.progressed, timeout=PATIENCE):
        window.session.open([folder])
    window.close()
    assert not held.may_go_on.is_set()
    assert window.session.sources == []


@pytest.fixture
def large_slide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[NumpySlide]:
    """What every path opens as: a slide of many pieces and no coarse level; reading waits for its gate."""
    slide = NumpySlide(glass(10_000, 6_000))
    slide.path = tmp_path / "large.svs"
    slide.path.touch()
    slide.gate.clear()
    monkeypatch.setattr(opening, "open_slide", lambda *_, **__: slide)
    yield slide
    slide.gate.set()


def test_opening_a_large_slide_names_it_and_can_be_stopped(
    qtbot: QtBot, window: MainWindow, large_slide: NumpySlide
) -> None:
    line = window.findChild(OpeningLine)
    assert line is not None
    window.session.open([large_slide.path])
    qtbot.waitUntil(lambda: line.isVisible() and len(large_slide.reads) == 1, timeout=PATIENCE)
    assert [label.text() for label in line.findChildren(QLabel) if label.text()] == ["Opening large.svs…"]
    cancel = line.findChild(QPushButton)
    assert cancel is not None
    cancel.click()
    large_slide.gate.set()
    qtbot.waitUntil(lambda: not window.session.opener.is_busy, timeout=PATIENCE)
    assert len(large_slide.reads) == 1
    assert window.session.sources == []
    assert not window.messages.isVisible()


def test_closing_the_window_does_not_wait_for_a_large_slide(
    qtbot: QtBot, window: MainWindow, large_slide: NumpySlide, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener, cancel = window.session.opener, window.session.opener.cancel

    def cancel_then_read_on() -> None:
        cancel()
        large_slide.gate.set()

    monkeypatch.setattr(opener, "cancel", cancel_then_read_on)
    window.session.open([large_slide.path])
    qtbot.waitUntil(lambda: len(large_slide.reads) == 1, timeout=PATIENCE)
    window.close()
    assert len(large_slide.reads) == 1
    assert window.session.sources == []


def test_a_folder_of_slides_is_each_of_them_in_natural_order_and_its_patches(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    told: list[str] = []
    window.session.noted.connect(told.append)
    (folder / "more").mkdir()
    for name in ("b10.ome.tiff", "b9.ome.tiff", "more/a.ome.tiff"):
        write_tiff_levels(folder / name, [textured(600, 400)], ome_mpp=4.0)
    with qtbot.waitSignal(window.session.opener.finished, timeout=PATIENCE):
        window.session.open([folder])
    paths = [opened.source.path for opened in window.session.sources]
    expected = [folder / name for name in ("b9.ome.tiff", "b10.ome.tiff", "more/a.ome.tiff")]
    assert paths == [*expected, folder]
    assert window.session.current is window.session.sources[0]
    assert told[0] == (
        "patches holds patches beside 3 slides: each slide is opened by itself, and the patches together."
    )


def test_the_real_slides_folder_opens_slide_by_slide_and_names_the_broken_one(
    qtbot: QtBot, window: MainWindow, slides_folder: Path
) -> None:
    told: list[str] = []
    window.session.failed.connect(told.append)
    with qtbot.waitSignal(window.session.opener.finished, timeout=2 * PATIENCE):
        window.session.open([slides_folder])
    assert len(window.session.sources) >= 7
    assert len(window.session.sources) + 1 == len(list(slides_folder.iterdir()))
    assert any("pathml_small_dicom.dcm" in line for line in told)


def test_some_patches_of_a_folder_are_seen_before_all_are_found(
    qtbot: QtBot, window: MainWindow, folder: Path, held: HeldOpening
) -> None:
    line = window.findChild(OpeningLine)
    assert line is not None
    assert not held.may_go_on.is_set()
    with qtbot.waitSignal(window.session.opener.glimpsed, timeout=PATIENCE) as glimpsed:
        window.session.open([folder])
    assert 1 <= len(glimpsed.args[0]) <= 8
    qtbot.waitUntil(line.isVisible, timeout=PATIENCE)
    assert line.pictures.isVisible()
    assert line.pictures.pixmap().height() >= 10
    held.may_go_on.set()
    qtbot.waitUntil(lambda: not window.session.opener.is_busy, timeout=PATIENCE)


def test_a_damaged_result_file_makes_room_for_a_new_one_and_is_kept(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    opened = opened_in(window.session, folder, qtbot)
    results = opened.store.path
    window.session.close_source(opened)
    results.write_bytes(results.read_bytes()[:9000])
    again = opened_in(window.session, folder, qtbot)
    assert not again.not_kept
    assert results.with_name(f"{results.name}.damaged").is_file()
    qtbot.waitUntil(lambda: "⚠" in texts(window) and "was damaged" in texts(window))
    assert window.session.reviewing.decide(again, np.array([0]), MALIGNANT)
    window.session.close_source(again)
    assert opened_in(window.session, folder, qtbot).store.review[0] == MALIGNANT


def test_a_run_that_was_stopped_is_not_taken_for_a_whole_one(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    opened = opened_in(window.session, folder, qtbot)
    sizes = np.full((3, 2), 50, np.int32)
    opened.store.record(np.arange(3), np.full(3, 0.9, np.float32), sizes, {})
    window.session.results_changed.emit()
    waiting = len(opened.source.columns) - 3
    expected = f"{waiting} not judged: F5 goes on"
    qtbot.waitUntil(lambda: expected in texts(window).replace("\N{NO-BREAK SPACE}", " "))
    window.session.classify()
    settle(qtbot, window)
    qtbot.waitUntil(lambda: "goes on" not in texts(window))
