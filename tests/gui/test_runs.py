"""Runs and the thread that owns the model, when the model fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from histoviewer.errors import ResultError
from histoviewer.gui import inference_thread
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.runs import SAVE_MS, Runs
from histoviewer.inference.opening import JudgingOptions
from histoviewer.patches.patch import Block, BlockPixels
from histoviewer.results.store import ResultStore
from histoviewer.run import IN_MEMORY, open_results
from tests.helpers.array_source import ArraySource
from tests.helpers.fake_classifier import FakeClassifier, a_card

PATIENCE = 30_000


class Model:
    """What the thread loads.

    Attributes:
        classifier: it, where ``error`` is None.
        error: raised by loading instead.
        loads: attempts so far.
    """

    def __init__(self) -> None:
        self.classifier = FakeClassifier()
        self.error: Exception | None = None
        self.loads = 0

    def load(self, bundle: Path, options: JudgingOptions) -> FakeClassifier:
        del bundle, options
        self.loads += 1
        if self.error is not None:
            raise self.error
        return self.classifier


class Watched:
    """``Runs``, and what it said.

    Attributes:
        has_reported: set in the inference thread once it has reported; Qt delivers the report later.
        may_go_on: cleared, the inference thread stops after it has reported.
    """

    def __init__(self) -> None:
        self.runs = Runs(Path())
        self.failures: list[str] = []
        self.has_reported, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()
        self.runs.failed.connect(self.failures.append)
        self.thread = self.runs._thread
        self.thread.reported.connect(self._on_reported, Qt.ConnectionType.DirectConnection)

    def _on_reported(self, event: object) -> None:
        del event
        self.has_reported.set()
        assert self.may_go_on.wait(timeout=30)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = Model()
    monkeypatch.setattr(inference_thread, "open_judge", model.load)
    return model


@pytest.fixture
def watched(model: Model) -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.may_go_on.set()
    model.classifier.gate.set()
    watched.runs.stop()
    watched.runs.deleteLater()


@pytest.fixture
def sources() -> Iterator[list[OpenSource]]:
    """Two open sources of 8 patches each."""
    sources = [an_open_source() for _ in range(2)]
    yield sources
    for opened in sources:
        opened.close()


def an_open_source(path: Path = IN_MEMORY) -> OpenSource:
    source, card = ArraySource(8), a_card()
    return OpenSource(source, open_results(path, source, card, card.networks[0], threshold=0.5))


@contextmanager
def running_timer(work: Callable[[], None], milliseconds: int) -> Iterator[None]:
    """Something is done again and again meanwhile."""
    timer = QTimer(interval=milliseconds)
    timer.timeout.connect(work)
    timer.start()
    yield
    timer.stop()


def judged_in(path: Path) -> int:
    """Patches whose answers the result file holds."""
    return int((~np.isnan(ResultStore.read(path).probability)).sum())


def run_out_of_memory(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    raise MemoryError(f"{len(pixels)} patches are too many")


def is_judged(opened: OpenSource) -> bool:
    return not bool(np.isnan(opened.store.probability).any())


def wait_until_done(qtbot: QtBot, runs: Runs) -> None:
    qtbot.waitUntil(lambda: not runs.is_running, timeout=PATIENCE)


def test_a_failure_told_late_does_not_end_the_run_submitted_since(
    qtbot: QtBot, model: Model, watched: Watched, sources: list[OpenSource]
) -> None:
    runs, (first, second) = watched.runs, sources
    model.classifier.fails = True
    runs.submit(first)
    assert watched.has_reported.wait(timeout=30)
    model.classifier.fails = False
    runs.submit(second)
    progress = runs.progress()
    assert progress is not None
    assert progress.total == 8, "the patches of the failed run are not waited for"
    assert not first.is_waiting.any()
    wait_until_done(qtbot, runs)
    assert is_judged(second)
    assert watched.failures == ["the fake was told to fail"]
    runs.submit(first)
    wait_until_done(qtbot, runs)
    assert is_judged(first)


def test_a_failure_told_after_a_cancel_does_not_end_the_next_run(
    qtbot: QtBot, model: Model, watched: Watched, sources: list[OpenSource]
) -> None:
    runs, opened = watched.runs, sources[0]
    model.classifier.fails = True
    runs.submit(opened)
    assert watched.has_reported.wait(timeout=30)
    model.classifier.fails = False
    runs.cancel()
    runs.submit(opened)
    wait_until_done(qtbot, runs)
    assert is_judged(opened)


def test_a_failed_run_ends_and_says_why(
    qtbot: QtBot, model: Model, watched: Watched, sources: list[OpenSource]
) -> None:
    model.classifier.fails = True
    watched.runs.submit(sources[0])
    wait_until_done(qtbot, watched.runs)
    assert watched.failures == ["the fake was told to fail"]
    assert not sources[0].is_waiting.any()


def test_a_thread_that_dies_while_loading_begins_anew_only_for_the_next_run(
    qtbot: QtBot, model: Model, sources: list[OpenSource]
) -> None:
    model.error = MemoryError()
    with qtbot.captureExceptions() as raised:
        watched = Watched()
        qtbot.waitUntil(lambda: bool(watched.failures), timeout=PATIENCE)
        qtbot.waitUntil(watched.thread.isFinished, timeout=PATIENCE)
        watched.runs.submit(sources[0])
        wait_until_done(qtbot, watched.runs)
        qtbot.waitUntil(watched.thread.isFinished, timeout=PATIENCE)
    assert model.loads == 2
    assert len(raised) == 2
    assert watched.failures == ["Classifying stopped unexpectedly; the log says why."] * 2
    model.error = None
    watched.runs.submit(sources[0])
    wait_until_done(qtbot, watched.runs)
    assert is_judged(sources[0])
    watched.runs.stop()


def test_what_is_submitted_while_the_thread_dies_is_judged(
    qtbot: QtBot, model: Model, watched: Watched, sources: list[OpenSource]
) -> None:
    first, second = sources
    model.classifier.predict = run_out_of_memory  # type: ignore[method-assign]
    watched.may_go_on.clear()
    with qtbot.captureExceptions():
        watched.runs.submit(first)
        assert watched.has_reported.wait(timeout=30)
        model.classifier = FakeClassifier()
        watched.runs.submit(second)
        watched.may_go_on.set()
        wait_until_done(qtbot, watched.runs)
    assert is_judged(second)
    assert not is_judged(first)


class SlowSource(ArraySource):
    """Its second block cannot be read before ``may_read`` is set."""

    def __init__(self) -> None:
        super().__init__(8)
        self.may_read = threading.Event()

    def read(self, block: Block) -> BlockPixels:
        if block.number == 1:
            assert self.may_read.wait(timeout=30)
        return super().read(block)


def test_what_is_submitted_while_the_last_readers_of_a_dead_run_end_is_judged(
    qtbot: QtBot, model: Model, watched: Watched, sources: list[OpenSource]
) -> None:
    source, card = SlowSource(), a_card()
    slow = OpenSource(source, open_results(IN_MEMORY, source, card, card.networks[0], threshold=0.5))
    has_died = threading.Event()

    def die(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        has_died.set()
        return run_out_of_memory(pixels)

    model.classifier.predict = die  # type: ignore[method-assign]
    with qtbot.captureExceptions():
        watched.runs.submit(slow)
        assert has_died.wait(timeout=30)
        watched.runs.cancel()
        model.classifier = FakeClassifier()
        watched.runs.submit(sources[0])
        source.may_read.set()
        wait_until_done(qtbot, watched.runs)
    slow.close()
    assert is_judged(sources[0])
    assert watched.failures == []


def test_what_was_judged_of_one_source_is_in_its_file_while_the_run_is_busy_with_others(
    qtbot: QtBot, watched: Watched, tmp_path: Path
) -> None:
    """Should the program die after an hour with five hundred slides, all but the last second is kept."""
    path = tmp_path / "kept.histo"
    opened = an_open_source(path)
    watched.may_go_on.clear()
    watched.runs.submit(opened)
    qtbot.waitUntil(lambda: judged_in(path) > 0, timeout=PATIENCE)
    assert watched.runs.is_running
    watched.may_go_on.set()
    wait_until_done(qtbot, watched.runs)
    opened.close()


def test_sources_that_are_added_all_the_time_do_not_put_off_what_was_judged(
    qtbot: QtBot, watched: Watched, tmp_path: Path
) -> None:
    path = tmp_path / "kept.histo"
    opened = [an_open_source(path)]
    watched.may_go_on.clear()
    watched.runs.submit(opened[0])

    def add_another() -> None:
        opened.append(an_open_source())
        watched.runs.submit(opened[-1])

    with running_timer(add_another, SAVE_MS // 4):
        qtbot.waitUntil(lambda: judged_in(path) > 0, timeout=PATIENCE)
    watched.may_go_on.set()
    wait_until_done(qtbot, watched.runs)
    for one in opened:
        one.close()


def test_a_full_disk_ends_the_run_also_while_it_is_busy_with_others(
    qtbot: QtBot, watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(store: ResultStore, _connection: object) -> None:
        raise ResultError(f"no room for {store.path}")

    opened = an_open_source(tmp_path / "kept.histo")
    monkeypatch.setattr(ResultStore, "_write", refuse)
    watched.may_go_on.clear()
    watched.runs.submit(opened)
    qtbot.waitUntil(lambda: bool(watched.failures), timeout=PATIENCE)
    assert not watched.runs.is_running
    assert len(watched.failures) == 1
    monkeypatch.undo()
    watched.may_go_on.set()
    opened.close()


def test_nothing_is_saved_any_more_once_the_run_has_ended(qtbot: QtBot, watched: Watched) -> None:
    opened = an_open_source()
    watched.runs.submit(opened)
    assert watched.runs._saving.isActive()
    wait_until_done(qtbot, watched.runs)
    assert not watched.runs._saving.isActive()
    opened.close()
