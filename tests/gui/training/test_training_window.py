"""Train > Retrain… with real trainings of a tiny network, each a process of its own."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from histoviewer.gui.formatting import threshold_text
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.gui.training.child import is_alive, kill
from histoviewer.gui.training.comparison import read_comparison
from histoviewer.gui.training.run_record import read_record
from histoviewer.gui.training.training_window import TrainingWindow
from histoviewer.inference.model_card import read_card
from histoviewer.patches.patch import BENIGN
from tests.gui.conftest import closing_windows
from tests.gui.panels.panel_session import judge, opened_in
from tests.gui.training.material import ENDLESS, PATIENCE, fill_in
from tests.helpers import trainer_until_killed
from tests.helpers.idc_like import write_idc_like

NewWindow = Callable[[], MainWindow]


@pytest.fixture
def kept_window(
    qtbot: QtBot,
    data_folder: Path,  # noqa: ARG001 - asked for so that nothing is written to the user's own
    tiny_bundle: Path,
    tmp_path: Path,
) -> Iterator[NewWindow]:
    """Makes windows that keep what they know; no training outlives the test."""
    with closing_windows() as windows:

        def make() -> MainWindow:
            settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
            windows.append(MainWindow(Session(tiny_bundle), settings))
            windows[-1].show()
            qtbot.waitExposed(windows[-1])
            return windows[-1]

        yield make
        record = read_record()
        if record is not None and is_alive(record.pid, str(record.folder)):
            kill(record.pid)


def started(qtbot: QtBot, window: MainWindow, folder: Path, *, epochs: int) -> tuple[TrainingWindow, Path]:
    """A training that has been begun by the button."""
    shown = window.training.show_window()
    run = fill_in(shown, folder, epochs=epochs)
    qtbot.waitUntil(shown.form.start.isEnabled)
    shown.form.start.click()
    assert shown.form.problem.text() == ""
    assert window.training.watch.status == "running"
    return shown, run


def wait_for_epochs(qtbot: QtBot, window: MainWindow, count: int = 2) -> None:
    qtbot.waitUntil(lambda: len(window.training.watch.told.epochs) >= count, timeout=PATIENCE)


def texts(window: TrainingWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_the_whole_way_from_a_closed_window_to_a_new_model(
    qtbot: QtBot, kept_window: NewWindow, tmp_path: Path, data_folder: Path
) -> None:
    first = kept_window()
    _, run = started(qtbot, first, tmp_path, epochs=ENDLESS)
    wait_for_epochs(qtbot, first)
    first.close()
    record = read_record()
    assert record is not None
    assert is_alive(record.pid, str(run)), "it goes on without the window"

    second = kept_window()
    assert second.training.watch.status == "running", "found again"
    shown = second.training.show_window()
    epochs = len(second.training.watch.told.epochs)
    assert epochs >= 2
    wait_for_epochs(qtbot, second, epochs + 1)
    assert "epoch" in shown.progress.headline.text()
    assert "left" in shown.progress.headline.text()
    assert "balanced accuracy" in shown.progress.figures.text()

    shown.progress.stop.click()
    assert not shown.progress.stop.isEnabled()
    qtbot.waitUntil(lambda: second.training.watch.status not in ("running", "stopping"), timeout=PATIENCE)
    assert second.training.watch.status == "done", second.training.watch.log_lines()
    assert len(second.training.watch.told.epochs) < ENDLESS
    for words in ("ROC AUC", "new minus old", "McNemar", "neither model has seen", "so few patients"):
        assert words in texts(shown)
    facts = read_comparison(run)
    assert facts is not None
    assert "The new model is ready" in shown.outcome.headline.text()
    for threshold in facts.thresholds:
        assert f"threshold {threshold_text(threshold)}" in texts(shown)
    slides = shown.outcome.maps.slides
    qtbot.waitUntil(slides.isVisible)  # its maps are read in a thread of their own
    assert {slides.itemText(row).partition(" ")[0] for row in range(slides.count())} == set(facts.patients)

    shown.outcome.use.click()
    assert not shown.outcome.use.isEnabled()
    (installed,) = (data_folder / "models").iterdir()
    assert read_card(installed).sha256 == read_card(run / "bundle").sha256
    assert "ended by hand" in read_card(installed).limits
    assert second._settings.preferences.chosen.model == str(installed)
    second.training.models.fill()
    own, new = second.training.models.menu.actions()
    assert new.isChecked()
    own.trigger()
    assert second._settings.preferences.chosen.model == "", "the old one can be chosen again"
    shown.outcome.close_run.click()
    assert (run / "bundle").is_dir(), "what has been made stays"
    assert read_record() is None


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_training_outlives_the_window_that_is_killed(
    qtbot: QtBot, kept_window: NewWindow, tmp_path: Path, data_folder: Path, tiny_bundle: Path
) -> None:
    script = Path(trainer_until_killed.__file__)
    command = [sys.executable, script, data_folder, tiny_bundle, tmp_path]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(script.parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "training\n"
        process.send_signal(signal.SIGKILL)
    record = read_record()
    assert record is not None
    assert is_alive(record.pid, str(record.folder))

    window = kept_window()
    watch = window.training.watch
    assert watch.status == "running", "found again"
    before = len(watch.told.epochs)
    assert before >= trainer_until_killed.EPOCHS
    wait_for_epochs(qtbot, window, before + 2)
    numbers = [epoch.epoch for epoch in watch.told.epochs]
    assert numbers == list(range(1, len(numbers) + 1)), "none is missing"
    history = (record.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(history) >= len(numbers)


def test_what_is_cancelled_leaves_nothing(qtbot: QtBot, kept_window: NewWindow, tmp_path: Path) -> None:
    window = kept_window()
    shown, run = started(qtbot, window, tmp_path, epochs=ENDLESS)
    record = read_record()
    assert record is not None
    wait_for_epochs(qtbot, window)
    shown.resize(600, 300)
    corner = shown.progress.cancel.mapTo(shown, shown.progress.cancel.rect().bottomRight())
    assert shown.rect().contains(corner), "in sight, however little of the page is"
    shown.progress.cancel.click()
    assert "goes on" not in shown.progress.note.text()
    qtbot.waitUntil(lambda: window.training.watch.status == "none", timeout=PATIENCE)
    assert not is_alive(record.pid, str(run))
    assert not run.exists()
    assert read_record() is None
    assert shown.form.isVisible()
    assert (tmp_path / "data").is_dir()


def test_one_that_was_killed_is_told_and_goes_on(
    qtbot: QtBot, kept_window: NewWindow, tmp_path: Path
) -> None:
    window = kept_window()
    shown, _run = started(qtbot, window, tmp_path, epochs=ENDLESS)
    wait_for_epochs(qtbot, window)
    record = read_record()
    assert record is not None
    with qtbot.waitSignal(window.training.watch.ended, timeout=PATIENCE):
        os.kill(record.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert window.training.watch.status == "lost"
    assert "It was killed" in texts(shown)
    before = len(window.training.watch.told.epochs)
    shown.outcome.go_on.click()
    assert window.training.watch.status == "running"
    wait_for_epochs(qtbot, window, before + 2)
    numbers = [epoch.epoch for epoch in window.training.watch.told.epochs]
    assert numbers == list(range(1, len(numbers) + 1)), "it has gone on behind the last one"


def test_what_is_refused_is_said_with_details_folded(
    qtbot: QtBot, kept_window: NewWindow, tmp_path: Path
) -> None:
    window = kept_window()
    shown = window.training.show_window()
    run = fill_in(shown, tmp_path, epochs=2)
    np.savez(tmp_path / "weights.npz", of_another_network=np.zeros(3))
    qtbot.waitUntil(shown.form.start.isEnabled)
    with qtbot.waitSignal(window.training.watch.ended, timeout=PATIENCE):
        shown.form.start.click()
    assert "weights.npz" in shown.outcome.basis.text()
    assert not shown.outcome.details.isVisible()
    shown.outcome.unfold.click()
    assert "histoviewer-train" in shown.outcome.details.text()
    assert not shown.outcome.go_on.isVisible(), "it would be refused again"
    shown.outcome.close_run.click()
    assert shown.form.isVisible()
    assert not run.exists(), "nothing of worth was in it"


@pytest.mark.skipif(sys.platform == "win32", reason="another shell")
def test_the_command_that_is_shown_is_the_one_that_runs(
    qtbot: QtBot, kept_window: NewWindow, tmp_path: Path
) -> None:
    window = kept_window()
    shown = window.training.show_window()
    fill_in(shown, tmp_path, epochs=ENDLESS)
    qtbot.waitUntil(shown.form.start.isEnabled)
    text = shown.form.command.text()
    shown.form.start.click()
    record = read_record()
    assert record is not None
    assert shlex.split(text.replace("\\\n", " ")) == list(record.command)
    assert shown.progress.command.text() == text
    copy = next(b for b in shown.progress.command.findChildren(QPushButton))
    copy.click()
    assert QGuiApplication.clipboard().text() == text + "\n"


def test_a_folder_with_something_in_it_is_not_taken(
    qtbot: QtBot, kept_window: NewWindow, tmp_path: Path
) -> None:
    window = kept_window()
    shown = window.training.show_window()
    run = fill_in(shown, tmp_path, epochs=2)
    run.mkdir()
    (run / "of somebody").touch()
    qtbot.waitUntil(shown.form.start.isEnabled)
    shown.form.start.click()
    assert "not empty" in shown.form.problem.text()
    assert [path.name for path in run.iterdir()] == ["of somebody"]
    assert window.training.watch.status == "none"


def test_reviews_of_what_is_open_are_data(qtbot: QtBot, kept_window: NewWindow, tmp_path: Path) -> None:
    window = kept_window()
    shown = window.training.show_window()
    assert not shown.form.reviews.isEnabled()
    write_idc_like(tmp_path / "patches", patients=2, patches=4)
    write_idc_like(tmp_path / "more", patients=3, patches=4)
    opened = opened_in(window.session, tmp_path / "patches", qtbot)
    judge(window.session, opened, {Path(opened.source.columns.file(0)).name: 0.9})
    window.session.reviewing.decide(opened, np.array([0], np.intp), BENIGN)
    qtbot.waitUntil(shown.form.reviews.isEnabled)
    assert "1" in shown.form.reviews.text()
    assert shown.form.reviews.isChecked(), "that is what they were made for"
    assert "nobody is left to test on" in shown.form.problem.text()
    shown.form.data.add([tmp_path / "more"])
    qtbot.waitUntil(shown.form.start.isEnabled)
    plan = shown.form.plan()
    assert plan is not None
    more, source, results = plan.data
    assert (more, source) == (tmp_path / "more", tmp_path / "patches")
    assert results.suffix == ".histo"
    assert results.exists()
