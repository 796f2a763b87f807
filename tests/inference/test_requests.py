import threading

import numpy as np

from histoviewer.inference.requests import ExplainRequest, Priority, Request, RequestQueue, SimilarRequest
from tests.helpers.array_source import ArraySource


def taken(queue: RequestQueue) -> list[int]:
    """Numbers of the waiting blocks, in the order they come out."""
    requests = iter(lambda: queue.take(wait=False), None)
    return [request.block.number for request in requests if isinstance(request, Request)]


def test_blocks_come_out_by_priority_then_in_the_order_of_submission() -> None:
    source, queue = ArraySource(20), RequestQueue()
    blocks = source.blocks()
    queue.submit(source, [blocks[3], blocks[0]], Priority.BACKGROUND)
    queue.submit(source, [blocks[2]], Priority.VISIBLE)
    queue.submit(source, [blocks[4]], Priority.SELECTED)
    assert taken(queue) == [4, 2, 3, 0]


def test_a_block_waits_once_and_submitting_it_again_only_lifts_it() -> None:
    source, queue = ArraySource(12), RequestQueue()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    queue.submit(source, source.blocks()[2:], Priority.VISIBLE)
    queue.submit(source, source.blocks()[2:], Priority.BACKGROUND)
    assert len(queue) == 3
    assert taken(queue) == [2, 0, 1]


def test_lifting_does_not_add_blocks_that_were_taken() -> None:
    source, queue = ArraySource(8), RequestQueue()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    assert queue.take(wait=False) is not None
    queue.lift(source, [0, 1], Priority.VISIBLE)
    assert taken(queue) == [1]


def test_what_is_shown_comes_first_and_what_is_no_longer_shown_does_not() -> None:
    source, queue = ArraySource(24), RequestQueue()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    queue.show(source, [3, 2])
    queue.lift(source, [0], Priority.SELECTED)
    queue.show(source, [4, 2, 9])
    assert taken(queue) == [0, 4, 2, 1, 5, 3]


def test_a_view_that_does_not_change_costs_nothing() -> None:
    source, queue = ArraySource(400), RequestQueue()
    queue.submit(source, source.blocks(), Priority.BACKGROUND, visible=[5, 6])
    before = len(queue._heap)
    for _ in range(10):
        queue.show(source, [5, 6])
    assert len(queue._heap) == before
    queue.cancel()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    queue.show(source, [5, 6])
    assert taken(queue)[:2] == [5, 6]


def test_a_selected_block_stays_first_when_it_is_shown_and_left() -> None:
    source, queue = ArraySource(12), RequestQueue()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    queue.show(source, [1])
    queue.lift(source, [1], Priority.SELECTED)
    queue.show(source, [2])
    assert taken(queue) == [1, 2, 0]


def test_the_first_block_taken_of_a_submission_is_one_in_view() -> None:
    source, queue = ArraySource(400), RequestQueue()
    first: list[int] = []

    def take_one() -> None:
        request = queue.take(wait=True)
        assert request is not None
        first.append(request.block.number)

    waiting = threading.Thread(target=take_one)
    waiting.start()
    queue.submit(source, source.blocks(), Priority.BACKGROUND, visible=[77, 5])
    waiting.join(timeout=10)
    assert first == [77]


def test_equal_block_numbers_of_two_sources_are_two_blocks() -> None:
    one, other, queue = ArraySource(4), ArraySource(4), RequestQueue()
    queue.submit(one, one.blocks(), Priority.BACKGROUND)
    queue.submit(other, other.blocks(), Priority.BACKGROUND)
    assert len(queue) == 2


def test_cancel_forgets_what_waits_and_raises_the_run_id() -> None:
    source, queue = ArraySource(8), RequestQueue()
    before = queue.submit(source, source.blocks(), Priority.BACKGROUND)
    assert queue.cancel() == before + 1
    assert queue.take(wait=False) is None
    assert queue.submit(source, source.blocks(), Priority.BACKGROUND) == before + 1


def test_forgetting_a_source_leaves_the_others_waiting() -> None:
    one, other, queue = ArraySource(8), ArraySource(8), RequestQueue()
    for source in (one, other):
        queue.submit(source, source.blocks(), Priority.BACKGROUND)
    queue.forget(one)
    left = [request.source for request in iter(lambda: queue.take(wait=False), None) if request]
    assert left == [other, other]


def test_closing_wakes_a_thread_that_waits() -> None:
    queue = RequestQueue()
    answers: list[Request | None] = []
    waiting = threading.Thread(target=lambda: answers.append(queue.take(wait=True)))
    waiting.start()
    queue.close()
    waiting.join(timeout=10)
    assert answers == [None]


def test_no_request_is_lost_or_doubled_when_many_threads_take() -> None:
    source, queue = ArraySource(4000), RequestQueue()
    queue.submit(source, source.blocks(), Priority.BACKGROUND)
    numbers: list[list[int]] = [[], [], [], []]

    def take_all(mine: list[int]) -> None:
        mine.extend(taken(queue))

    threads = [threading.Thread(target=take_all, args=(mine,)) for mine in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert np.array_equal(np.sort(np.concatenate(numbers)), np.arange(1000))


def test_ending_a_run_that_is_over_leaves_the_next_alone() -> None:
    source, queue = ArraySource(8), RequestQueue()
    run_id = queue.submit(source, source.blocks(), Priority.BACKGROUND)
    assert queue.end(run_id)
    assert len(queue) == 0
    next_id = queue.submit(source, source.blocks(), Priority.BACKGROUND)
    assert next_id == run_id + 1
    assert not queue.end(run_id)
    assert len(queue) == 2
    assert queue.run_id == next_id


def test_of_two_questions_the_similar_patches_come_first_and_each_kind_waits_once() -> None:
    queue, source = RequestQueue(), ArraySource(8)
    queue.explain(source, 1)
    queue.find_similar(source, 1)
    queue.find_similar(source, 2)
    similar, why = queue.take_question(), queue.take_question()
    assert isinstance(similar, SimilarRequest)
    assert isinstance(why, ExplainRequest)
    assert (similar.row, why.row) == (2, 1)
    assert queue.take_question() is None


def test_what_is_to_be_explained_is_forgotten_with_its_source() -> None:
    source, other, queue = ArraySource(8), ArraySource(8), RequestQueue()
    queue.explain(source, 1)
    queue.forget(other)
    queue.explain(source, 2)
    request = queue.take_question()
    assert request is not None
    assert (request.source, request.row) == (source, 2)
    queue.explain(source, 3)
    queue.forget(source)
    assert queue.take_question() is None
