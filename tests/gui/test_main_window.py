"""The real window over a tiny real model: what a person does, and what they see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from histoviewer.gui import exporting
from histoviewer.gui.formatting import probability_text
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.open_source import OpenSource
from histoviewer.inference.opening import open_classifier
from tests.helpers.idc_like import write_idc_like

SECONDS = 1000
PATIENCE = 30 * SECONDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "patches"
    write_idc_like(path, patients=2, patches=12)
    return path


def drop(window: MainWindow, *paths: Path) -> Qt.DropAction:
    """Drop files on the window as a file manager does, which proposes to move them. Returns what the window
    says it did."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
    )
    QApplication.sendEvent(window.windowHandle(), event)
    return event.dropAction()


def open_source(qtbot: QtBot, window: MainWindow, path: Path) -> OpenSource:
    """Open without classifying."""
    with qtbot.waitSignal(window.session.current_changed, timeout=PATIENCE):
        window.session.open([path])
    assert window.session.current is not None
    return window.session.current


def finish_run(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: not window.session.is_running and not window.session.opener.is_busy, timeout=PATIENCE
    )


def texts(window: MainWindow) -> str:
    """Everything that is written on the window now."""
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_the_empty_window_says_what_to_do_and_for_what_it_is_not(window: MainWindow) -> None:
    assert "Drop a slide, an image or a folder of patches here" in texts(window)
    assert "not for diagnosis" in texts(window)
    buttons = [b.text().replace("&", "") for b in window.findChildren(QPushButton) if b.isVisible()]
    assert {"Open file…", "Open folder…", "Try the demo"} <= set(buttons)


def test_dropping_a_folder_classifies_it_with_the_models_own_answers(
    qtbot: QtBot, window: MainWindow, folder: Path, tiny_bundle: Path
) -> None:
    with qtbot.waitSignals([window.session.current_changed, window.session.run_changed], timeout=PATIENCE):
        drop(window, folder)
    finish_run(qtbot, window)
    opened = window.session.current
    assert opened is not None
    classifier = open_classifier(tiny_bundle)
    for row, file in enumerate(opened.source.columns.files):
        pixels = np.asarray(Image.open(folder / file))
        expected = classifier.predict(pixels[None])[0]
        assert opened.store.probability[row] == pytest.approx(expected, abs=1e-5)
    malignant = int((opened.store.probability >= window.session.threshold).sum())
    assert f"{malignant} of 24" in texts(window)
    assert window.windowTitle().startswith("patches")


def test_several_things_dropped_at_once_are_all_opened(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "other", patients=1, patches=4)
    drop(window, folder, tmp_path / "other")
    qtbot.waitUntil(lambda: len(window.session.sources) == 2, timeout=PATIENCE)
    finish_run(qtbot, window)
    assert not any(len(opened.store.pending()) for opened in window.session.sources)


def test_the_threshold_rederives_counts_classes_and_heat_map_without_the_model(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    drop(window, folder)
    qtbot.waitUntil(lambda: bool(window.session.sources), timeout=PATIENCE)
    finish_run(qtbot, window)
    opened = window.session.current
    assert opened is not None
    before = opened.store.probability.copy()
    seen = set()
    for threshold in (0.0, float(np.median(before)), 1.0):
        window.session.set_threshold(threshold)
        seen.add(int((before >= np.float32(threshold)).sum()))
        assert f"{int((before >= np.float32(threshold)).sum())} of 24" in texts(window)
        assert not window.session.is_running
    assert len(seen) == 3
    assert np.array_equal(opened.store.probability, before)


def test_what_was_judged_is_found_again_when_the_folder_is_opened_again(
    qtbot: QtBot, open_window: Callable[[], MainWindow], folder: Path
) -> None:
    first = open_window()
    drop(first, folder)
    qtbot.waitUntil(lambda: bool(first.session.sources), timeout=PATIENCE)
    finish_run(qtbot, first)
    assert first.session.current is not None
    before = first.session.current.store.probability.copy()
    first.close()
    opened = open_source(qtbot, open_window(), folder)
    assert np.array_equal(opened.store.probability, before)


def test_cancel_keeps_what_was_judged_and_classify_goes_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "many", patients=20, patches=100)
    opened = open_source(qtbot, window, tmp_path / "many")
    window.classify_button.click()
    qtbot.waitUntil(lambda: bool((~np.isnan(opened.store.probability)).any()), timeout=PATIENCE)
    window.session.cancel()
    assert not window.session.is_running
    judged = ~np.isnan(opened.store.probability)
    assert 0 < judged.sum() < 2000
    kept = opened.store.probability[judged].copy()
    window.classify_button.click()
    finish_run(qtbot, window)
    assert not np.isnan(opened.store.probability).any()
    assert np.array_equal(opened.store.probability[judged], kept)


def test_closing_the_window_in_the_middle_of_a_run_loses_nothing(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    write_idc_like(tmp_path / "many", patients=20, patches=100)
    window = open_window()
    opened = open_source(qtbot, window, tmp_path / "many")
    window.session.classify()
    qtbot.waitUntil(lambda: bool((~np.isnan(opened.store.probability)).any()), timeout=PATIENCE)
    window.close()
    before = opened.store.probability.copy()
    again = open_source(qtbot, open_window(), tmp_path / "many")
    assert np.array_equal(again.store.probability, before, equal_nan=True)


def test_what_cannot_be_opened_is_said_in_one_line_and_the_window_lives(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.svs").write_text("I am no slide")
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE) as failed:
        drop(window, tmp_path / "letter.svs")
    assert "letter.svs" in failed.args[0]
    assert "\n" not in failed.args[0]
    assert "letter.svs" in texts(window)
    assert open_source(qtbot, window, folder).source.name == "patches"


def test_each_thing_that_cannot_be_opened_is_named(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path
) -> None:
    for name in ("one.svs", "two.svs"):
        (tmp_path / name).write_text("I am no slide")
    (tmp_path / "circle.svs").symlink_to("circle.svs")
    drop(window, tmp_path / "one.svs", folder, tmp_path / "two.svs", tmp_path / "circle.svs")
    finish_run(qtbot, window)
    said = texts(window)
    assert all(name in said for name in ("one.svs", "two.svs", "circle.svs"))
    assert "unexpectedly" not in said
    assert len(window.session.sources) == 1


def test_what_is_dropped_is_never_moved(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    assert drop(window, folder) == Qt.DropAction.CopyAction
    finish_run(qtbot, window)


def test_a_slide_without_scale_is_shown_and_judged_once_its_scale_is_given(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    pixels = np.random.default_rng(0).normal((150, 90, 160), 20, (400, 600, 3)).clip(0, 255)
    Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "section.png")
    with qtbot.waitSignal(window.session.scale_needed, timeout=PATIENCE):
        drop(window, tmp_path / "section.png")
    assert window.session.slide is not None
    assert not window.classify_button.isEnabled()
    assert "does not say its scale" in texts(window)
    opened = window.session.current
    assert opened is not None
    with qtbot.waitSignal(window.session.sources_changed, timeout=PATIENCE):
        window.session.give_scale(opened, 2.0)
    qtbot.waitUntil(
        lambda: window.session.current is not None and window.session.current is not opened, timeout=PATIENCE
    )
    assert window.session.current is not None
    assert len(window.session.current.source.columns) == 6 * 4
    assert "does not say its scale" not in texts(window)


def test_loose_patches_open_in_the_gallery(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for i in range(5):
        Image.new("RGB", (50, 50), (200, 40 * i, 180)).save(tmp_path / f"patch {i}.png")
    open_source(qtbot, window, tmp_path)
    assert window.session.slide is None
    assert window.gallery_page.isVisible()


def test_selecting_in_the_gallery_shows_the_patch_and_enter_flies_to_it(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    drop(window, folder)
    qtbot.waitUntil(lambda: bool(window.session.sources), timeout=PATIENCE)
    finish_run(qtbot, window)
    opened = window.session.current
    assert opened is not None
    row = int(opened.source.rows("1001")[-1])
    window.show_patches_tab()
    window.gallery_page.gallery.selected.emit(row)
    assert window.session.selected == row
    name = opened.source.columns.file(row)
    qtbot.waitUntil(lambda: name in texts(window).replace("\u200b", ""), timeout=PATIENCE)
    shown = probability_text(opened.store.probability[row], window.session.threshold)
    assert shown in texts(window)
    window.gallery_page.gallery.activated.emit(row)
    assert window.session.slide_name == "1001"
    assert window.canvas.isVisible()


def test_clicking_the_slide_selects_the_patch_under_the_cursor(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    opened = open_source(qtbot, window, folder)
    columns = opened.source.columns
    x, y = window.canvas.view.transform.to_view(125.0, 75.0)
    qtbot.mouseClick(window.canvas.view, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    assert window.session.selected is not None
    patch = columns.patch(window.session.selected)
    assert (patch.patient, patch.x, patch.y) == (window.session.slide_name, 100, 50)


def test_exporting_writes_what_the_window_shows(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(window, folder)
    qtbot.waitUntil(lambda: bool(window.session.sources), timeout=PATIENCE)
    finish_run(qtbot, window)
    window.session.set_threshold(0.123)
    target = tmp_path / "mine.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with qtbot.waitSignal(window._exporter.written, timeout=PATIENCE):
        window.exports.csv.trigger()
    lines = target.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 25
    assert all(",0.123," in line for line in lines[1:])


@pytest.mark.parametrize(
    ("chosen", "written"),
    [("mine", "mine.png"), ("mine.jpg", "mine.jpg.png"), ("mine.PNG", "mine.PNG"), ("v1.2", "v1.2.png")],
)
def test_a_heat_map_is_a_png_by_its_name_too(
    qtbot: QtBot,
    window: MainWindow,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str,
    written: str,
) -> None:
    open_source(qtbot, window, folder)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / chosen), ""))
    with qtbot.waitSignal(window._exporter.written, timeout=PATIENCE) as told:
        window.exports.heatmap.trigger()
    assert told.args[0].endswith(written)
    assert [path.name for path in tmp_path.glob("*.*")] == [written]


def test_a_name_without_an_ending_is_a_csv_and_replaces_nothing_unasked(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_source(qtbot, window, folder)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    with qtbot.waitSignal(window._exporter.written, timeout=PATIENCE):
        window.exports.csv.trigger()
    (tmp_path / "mine.csv").write_text("kept")
    with qtbot.waitSignal(window._exporter.failed, timeout=PATIENCE) as failed:
        window.exports.csv.trigger()
    assert "mine.csv is there already" in failed.args[0]
    assert (tmp_path / "mine.csv").read_text() == "kept"


def test_a_failing_export_is_told(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_source(qtbot, window, folder)
    target = tmp_path / "no such folder" / "mine.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with qtbot.waitSignal(window._exporter.failed, timeout=PATIENCE) as failed:
        window.exports.csv.trigger()
    assert "mine.csv" in failed.args[0]
    assert "mine.csv" in texts(window)


def test_an_export_that_fails_unexpectedly_is_told(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError

    open_source(qtbot, window, folder)
    monkeypatch.setattr(exporting, "write_csv", run_out_of_memory)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.csv"), ""))
    with (
        qtbot.captureExceptions() as raised,
        qtbot.waitSignal(window._exporter.failed, timeout=PATIENCE) as failed,
    ):
        window.exports.csv.trigger()
        window._exporter.stop()
    assert failed.args == [f"Writing {tmp_path / 'mine.csv'} failed unexpectedly; the log says why."]
    assert [kind for kind, _, _ in raised] == [MemoryError]


def test_closing_a_source_in_the_middle_of_its_run_leaves_the_others_running(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        write_idc_like(tmp_path / name, patients=10, patches=100)
    kept = open_source(qtbot, window, tmp_path / "one")
    closed = open_source(qtbot, window, tmp_path / "other")
    window.session.classify(kept)
    window.session.classify(closed)
    window.session.close_source(closed)
    assert window.session.is_running
    finish_run(qtbot, window)
    assert window.session.sources == [kept]
    assert not np.isnan(kept.store.probability).any()
    again = open_source(qtbot, window, tmp_path / "other")
    assert len(again.store.pending())


def test_a_path_opened_twice_is_one_source_however_it_is_written(
    qtbot: QtBot, window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    window.session.open([folder, Path(folder.name), folder / ".." / folder.name])
    qtbot.waitUntil(lambda: not window.session.opener.is_busy, timeout=PATIENCE)
    assert len(window.session.sources) == 1
    assert "⚠" not in texts(window)


def test_the_window_may_close_while_something_is_being_opened(
    qtbot: QtBot, open_window: Callable[[], MainWindow], folder: Path
) -> None:
    window = open_window()
    window.session.open([folder])
    window.close()
    assert window.session.sources == []
    # Its result file was let go: another window may have it.
    assert len(open_source(qtbot, open_window(), folder).store.pending()) == 24


def test_a_defect_in_the_engine_ends_the_run_aloud_and_the_next_run_works(
    qtbot: QtBot, window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_source(qtbot, window, folder)
    read = opened.source.read
    monkeypatch.setattr(opened.source, "read", lambda _block: 1 / 0)
    with qtbot.captureExceptions() as exceptions, qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.session.classify()
    qtbot.waitUntil(lambda: not window.session.is_running, timeout=PATIENCE)
    assert [kind for kind, _, _ in exceptions] == [ZeroDivisionError]
    monkeypatch.setattr(opened.source, "read", read)
    window.session.classify()
    finish_run(qtbot, window)
    assert not len(opened.store.pending())


def test_classifying_twice_asks_for_each_patch_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "many", patients=10, patches=100)
    opened = open_source(qtbot, window, tmp_path / "many")
    window.session.classify()
    window.session.classify()
    progress = window.session.progress()
    assert progress is not None
    assert progress.total == 1000
    finish_run(qtbot, window)
    assert not np.isnan(opened.store.probability).any()


def test_the_patient_on_the_canvas_is_the_one_marked_in_the_list(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    open_source(qtbot, window, folder)
    tree = window.findChild(QTreeWidget)
    assert tree is not None
    for name in ("1001", "1000"):
        window.session.show_slide(name)
        item = tree.currentItem()
        assert item is not None
        assert item.text(0) == name
    top = tree.topLevelItem(0)
    assert top is not None
    tree.setCurrentItem(top.child(1))
    assert window.session.slide_name == "1001"


def test_quit_closes_the_window(window: MainWindow) -> None:
    window._quit()
    assert not window.isVisible()
