import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.errors import ModelError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.engine import (
    FIRST,
    Classified,
    Event,
    Explained,
    InferenceEngine,
    Reading,
    RunFailed,
    _patches,
    _ready_batch,
)
from histoviewer.inference.requests import Priority, Request, RequestQueue
from histoviewer.patches.patch import BlockPixels
from tests.helpers.array_source import ArraySource
from tests.helpers.fake_classifier import FakeClassifier


def judge(source: ArraySource, classifier: FakeClassifier) -> list[Event]:
    """Everything the engine reports for the whole source, run inline."""
    queue, events = RequestQueue(), list[Event]()
    engine = InferenceEngine(load=lambda: classifier, queue=queue, report=events.append)
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    engine.run(until_idle=True)
    return events


def answers(events: list[Event]) -> dict[int, float]:
    """Row -> probability over all ``Classified`` events; a row reported twice fails the test."""
    rows = [row for e in events if isinstance(e, Classified) for row in e.patches.tolist()]
    values = [p for e in events if isinstance(e, Classified) for p in e.probabilities.tolist()]
    assert len(rows) == len(set(rows))
    return dict(zip(rows, values, strict=True))


def test_every_patch_gets_its_own_answer_in_one_message_a_block() -> None:
    source = ArraySource(30, block_size=4)
    events = judge(source, FakeClassifier())
    assert sum(isinstance(e, Classified) for e in events) == 8
    assert answers(events) == pytest.approx({row: row / 255 for row in range(30)})


def test_blocks_share_a_batch_up_to_the_classifiers_size() -> None:
    classifier = FakeClassifier(batch_size=8)
    judge(ArraySource(64, block_size=4), classifier)
    assert sum(classifier.batches) == 64
    assert max(classifier.batches) <= 8


def test_batches_are_full_wherever_blocks_end() -> None:
    source = ArraySource(160, block_size=40, broken=frozenset({41}))
    reading = deque[Reading]()
    for block in source.blocks():
        read: Future[BlockPixels] = Future()
        read.set_result(source.read(block))
        reading.append((Request(1, source, block, Priority.BACKGROUND), read))
    batches, ahead = [], []
    while reading:
        batches.append(_ready_batch(reading, 64, run_id=1))
        ahead.append(_patches(reading))
    assert ahead == [95, 31, 0]
    assert [sum(len(read.patches) for _, read in batch) for batch in batches] == [64, 64, 31]
    rows = [row for batch in batches for _, read in batch for row in read.patches.tolist()]
    assert rows == [row for row in range(160) if row != 41]
    assert [row for batch in batches for _, read in batch for row in read.failures] == [41]


def test_blocks_of_another_run_are_dropped_and_none_is_waited_for() -> None:
    source = ArraySource(8, block_size=4)
    first, second = source.blocks()
    read: Future[BlockPixels] = Future()
    read.set_result(source.read(second))
    reading: deque[Reading] = deque(
        [
            (Request(1, source, first, Priority.BACKGROUND), Future()),
            (Request(2, source, second, Priority.BACKGROUND), read),
        ]
    )
    ((request, _read),) = _ready_batch(reading, 64, run_id=2)
    assert request.block is second
    assert not reading


def test_empty_squares_of_one_colour_are_judged_once() -> None:
    classifier = FakeClassifier()
    events = judge(ArraySource(512), classifier)  # its colours come twice
    assert sum(classifier.batches) == 256
    assert answers(events) == pytest.approx({row: row % 256 / 255 for row in range(512)})


def test_the_first_patches_of_a_block_are_told_before_its_others() -> None:
    classifier = FakeClassifier(batch_size=64)
    source = ArraySource(130, block_size=64, broken=frozenset({3, 20}))
    events = judge(source, classifier)
    told = [len(event.patches) for event in events if isinstance(event, Classified)]
    assert told[:2] == [FIRST, 64 - FIRST]
    assert classifier.batches[0] == FIRST
    found = answers(events)
    assert [row for row, value in found.items() if np.isnan(value)] == [3, 20]
    del found[3], found[20]
    assert found == pytest.approx({row: row / 255 for row in range(130) if row not in (3, 20)})


def test_each_run_after_a_rest_is_told_of_in_parts() -> None:
    queue, events, classifier = RequestQueue(), list[Event](), FakeClassifier()
    engine = InferenceEngine(load=lambda: classifier, queue=queue, report=events.append)
    for _run in range(2):
        source = ArraySource(130, block_size=64)
        queue.submit(source, source.blocks(), Priority.BACKGROUND)
        engine.run(until_idle=True)
    sizes = [len(event.patches) for event in events if isinstance(event, Classified)]
    first_of_second = next(place for place in range(len(sizes)) if sum(sizes[:place]) == 130)
    assert sizes[0] == sizes[first_of_second] == FIRST


def test_an_unreadable_patch_is_a_failure_and_the_run_goes_on() -> None:
    events = judge(ArraySource(8, block_size=4, broken=frozenset({5})), FakeClassifier())
    notes = {row: note for e in events if isinstance(e, Classified) for row, note in e.notes.items()}
    assert notes == {5: "failed: broken"}
    found = answers(events)
    assert np.isnan(found.pop(5))
    assert found == pytest.approx({row: row / 255 for row in (0, 1, 2, 3, 4, 6, 7)})


def test_a_block_that_cannot_be_decoded_fails_as_a_whole_and_the_run_goes_on() -> None:
    events = judge(ArraySource(8, block_size=4, undecodable=frozenset({0})), FakeClassifier())
    found = answers(events)
    assert all(np.isnan(found[row]) for row in range(4))
    assert not any(np.isnan(found[row]) for row in range(4, 8))


def test_a_model_that_does_not_load_ends_the_run() -> None:
    def load() -> Classifier:
        raise ModelError("no such model")

    source, queue, events = ArraySource(8), RequestQueue(), list[Event]()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    InferenceEngine(load=load, queue=queue, report=events.append).run(until_idle=True)
    assert events == [RunFailed("no such model", run_id=0)]
    assert len(queue) == 0


def test_a_model_that_fails_ends_the_run_and_the_engine_serves_the_next() -> None:
    source, queue, events = ArraySource(8), RequestQueue(), list[Event]()
    classifier = FakeClassifier(fails=True)
    engine = InferenceEngine(load=lambda: classifier, queue=queue, report=events.append)
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    engine.run(until_idle=True)
    assert RunFailed("the fake was told to fail", run_id=0) in events
    assert answers(events) == {}

    classifier.fails = False
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    engine.run(until_idle=True)
    assert len(answers(events)) == 8


def test_a_failure_leaves_a_run_alone_that_was_submitted_meanwhile() -> None:
    source, queue, events = ArraySource(8), RequestQueue(), list[Event]()
    classifier = FakeClassifier()
    answer = classifier.predict

    def fail_once_another_run_waits(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        del pixels
        classifier.predict = answer  # type: ignore[method-assign]
        queue.cancel()
        queue.submit(source, source.blocks(), Priority.BACKGROUND)
        raise ModelError("of no interest any more")

    classifier.predict = fail_once_another_run_waits  # type: ignore[method-assign]
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    InferenceEngine(load=lambda: classifier, queue=queue, report=events.append).run(until_idle=True)
    assert not any(isinstance(e, RunFailed) for e in events)
    assert len(answers(events)) == 8


def test_a_failure_is_told_by_whoever_it_is_reported_to(caplog: pytest.LogCaptureFixture) -> None:
    judge(ArraySource(8), FakeClassifier(fails=True))
    assert not caplog.records


class RunningEngine:
    """An engine in a thread of its own whose classifier is held at its gate."""

    def __init__(self, source: ArraySource) -> None:
        self.queue = RequestQueue()
        self.events: list[Event] = []
        self.classifier = FakeClassifier(batch_size=4)
        self.classifier.gate.clear()
        self.is_loaded = threading.Event()
        self._seen = threading.Condition()
        engine = InferenceEngine(load=self._load, queue=self.queue, report=self._report)
        self.queue.submit(source, source.blocks(), Priority.BACKGROUND)
        self.thread = threading.Thread(target=engine.run)
        self.thread.start()

    def _load(self) -> Classifier:
        self.is_loaded.set()
        return self.classifier

    def _report(self, event: Event) -> None:
        with self._seen:
            self.events.append(event)
            self._seen.notify_all()

    def wait_for(self, is_there: Callable[[], bool]) -> None:
        with self._seen:
            assert self._seen.wait_for(is_there, timeout=30)

    def stop(self) -> None:
        self.classifier.gate.set()
        self.queue.close()
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()


def test_results_that_come_after_a_cancel_are_dropped() -> None:
    source = ArraySource(40)
    running = RunningEngine(source)
    run_id = running.queue.cancel()
    # Submitted again: the engine must judge all of it, and nothing twice.
    running.queue.submit(source, source.blocks(), Priority.BACKGROUND)
    running.classifier.gate.set()
    running.wait_for(lambda: len(answers(running.events)) == 40)
    running.stop()
    assert {e.run_id for e in running.events if isinstance(e, Classified)} == {run_id}
    assert len(answers(running.events)) == 40


def test_a_lifted_block_overtakes_those_not_yet_read() -> None:
    source = ArraySource(400)
    running = RunningEngine(source)
    assert running.is_loaded.wait(timeout=30)
    running.queue.lift(source, [90], Priority.SELECTED)
    running.classifier.gate.set()
    running.wait_for(lambda: len(answers(running.events)) == 400)
    running.stop()
    order = [int(e.patches[0]) // 4 for e in running.events if isinstance(e, Classified)]
    assert order.index(90) <= 5


def test_closing_the_queue_ends_an_engine_that_works() -> None:
    running = RunningEngine(ArraySource(400))
    assert running.is_loaded.wait(timeout=30)
    running.stop()
    assert len(answers(running.events)) < 400


def test_a_patch_is_explained_before_what_waits_and_the_run_goes_on() -> None:
    source, queue, events = ArraySource(30), RequestQueue(), list[Event]()
    engine = InferenceEngine(load=FakeClassifier, queue=queue, report=events.append)
    queue.submit(source, source.blocks(), Priority.SELECTED)
    queue.explain(source, 3)
    queue.explain(source, 17)  # the newest one counts
    engine.run(until_idle=True)
    first, *others = events
    assert isinstance(first, Explained)
    assert (first.row, first.problem) == (17, "")
    assert first.explanation is not None
    assert first.explanation.probability == pytest.approx(17 / 255)
    assert answers(others) == pytest.approx({row: row / 255 for row in range(30)})


@pytest.mark.parametrize("broken", [{"broken": frozenset({1})}, {"undecodable": frozenset({-1})}])
def test_a_patch_that_cannot_be_read_is_not_explained_and_says_why(broken: dict[str, frozenset[int]]) -> None:
    source, queue, events = ArraySource(8, **broken), RequestQueue(), list[Event]()
    queue.explain(source, 1)
    InferenceEngine(load=FakeClassifier, queue=queue, report=events.append).run(until_idle=True)
    (event,) = events
    assert isinstance(event, Explained)
    assert event.explanation is None
    assert event.problem in ("broken", "block -1 cannot be decoded")


def test_a_model_that_fails_to_explain_ends_no_run() -> None:
    source, queue, events = ArraySource(8), RequestQueue(), list[Event]()
    queue.explain(source, 1)
    classifier = FakeClassifier(fails=True)
    InferenceEngine(load=lambda: classifier, queue=queue, report=events.append).run(until_idle=True)
    assert [e.problem for e in events if isinstance(e, Explained)] == ["the fake was told to fail"]
    assert not any(isinstance(e, RunFailed) for e in events)


def test_an_engine_that_waits_is_woken_to_explain_and_waits_again() -> None:
    source, queue, explained = ArraySource(8), RequestQueue(), threading.Semaphore(0)
    engine = InferenceEngine(load=FakeClassifier, queue=queue, report=lambda _: explained.release())
    thread = threading.Thread(target=engine.run)
    thread.start()
    for row in (1, 2):
        queue.explain(source, row)
        assert explained.acquire(timeout=30)
    queue.close()
    thread.join(timeout=30)
    assert not thread.is_alive()
