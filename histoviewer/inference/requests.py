"""Requests for blocks, and the queue that decides which one is next."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from histoviewer.inference.explain import Method
from histoviewer.patches.patch import Block, PatchSource


class Priority(IntEnum):
    """Smaller is sooner."""

    SELECTED = 0
    VISIBLE = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One block to judge, for one run. Immutable; a lifted block is a new request."""

    run_id: int
    source: PatchSource
    block: Block
    priority: Priority

    @property
    def key(self) -> tuple[int, int]:
        """What a block waits under: sources are told apart by identity, blocks by number."""
        return id(self.source), self.block.number


@dataclass(frozen=True, slots=True, eq=False)
class ExplainRequest:
    """Why a patch was judged as it was: before everything else that waits, and of no run."""

    source: PatchSource
    row: int
    method: Method


@dataclass(frozen=True, slots=True, eq=False)
class SimilarRequest:
    """Which patches of the training a patch is like: soon, as ``ExplainRequest``."""

    source: PatchSource
    row: int


Question = ExplainRequest | SimilarRequest
"""What is asked of a single patch."""


class RequestQueue:
    """Blocks waiting to be judged; safe to use from any thread.

    A block waits once: submitting it again only lifts it to a higher priority. Within a priority the
    order of submission holds. ``cancel`` forgets everything and raises ``run_id``, by which whoever gets
    a late result knows to drop it.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._heap: list[tuple[Priority, int, Request]] = []
        self._waiting: dict[tuple[int, int], Request] = {}
        self._visible: list[Request] = []
        self._shown: tuple[int, list[int]] | None = None
        self._questions: dict[type[Question], Question] = {}
        self._order = itertools.count()
        self._run_id = 0
        self._closed = False

    @property
    def run_id(self) -> int:
        with self._condition:
            return self._run_id

    def submit(
        self,
        source: PatchSource,
        blocks: Iterable[Block],
        priority: Priority,
        *,
        visible: Sequence[int] = (),
    ) -> int:
        """Let blocks of a source wait; those that ``show`` would lift come first from the first ``take`` on.

        Returns the ``run_id`` they belong to.
        """
        with self._condition:
            for block in blocks:
                self._wait_or_lift(Request(self._run_id, source, block, priority))
            self._shown = None  # what is in view may wait only now
            if visible:
                self._show(source, list(visible))
            self._condition.notify_all()
            return self._run_id

    def lift(self, source: PatchSource, numbers: Iterable[int], priority: Priority) -> None:
        """Raise the priority of those of these blocks that still wait; others are not added."""
        with self._condition:
            self._lift(source, numbers, priority)

    def show(self, source: PatchSource, numbers: Iterable[int]) -> None:
        """Of what waits, these blocks are in view now, most wanted first; those that were before are not.

        A block that has left the view waits behind the rest of the background.
        """
        with self._condition:
            wanted = list(numbers)
            if self._shown != (id(source), wanted):  # else every move of the view would make the heap longer
                self._show(source, wanted)

    def explain(self, source: PatchSource, row: int, method: Method = "covering") -> None:
        """Explain a patch next, and none that was asked for before it and has not been begun."""
        self._ask(ExplainRequest(source, row, method))

    def find_similar(self, source: PatchSource, row: int) -> None:
        """Find out what a patch is like, and none that was asked for before it and has not been begun."""
        self._ask(SimilarRequest(source, row))

    def _ask(self, question: Question) -> None:
        with self._condition:
            if not self._closed:
                self._questions[type(question)] = question
                self._condition.notify_all()

    def take_question(self) -> Question | None:
        """What is to be answered now: of two the similar patches, which are found in no time."""
        with self._condition:
            kind = SimilarRequest if SimilarRequest in self._questions else ExplainRequest
            return self._questions.pop(kind, None)

    @property
    def is_closed(self) -> bool:
        with self._condition:
            return self._closed

    def take(self, *, wait: bool) -> Request | None:
        """The most urgent request, or None: nothing waits (``wait=False``), or a question is to be answered
        first, or the queue is closed."""
        with self._condition:
            while True:
                while self._heap:
                    _, _, request = heapq.heappop(self._heap)
                    if self._waiting.get(request.key) is request:
                        del self._waiting[request.key]
                        return request
                if self._closed or not wait or self._questions:
                    return None
                self._condition.wait()

    def cancel(self) -> int:
        """Forget all that waits. Returns the ``run_id`` that counts from now on."""
        with self._condition:
            self._heap.clear()
            self._waiting.clear()
            self._run_id += 1
            return self._run_id

    def end(self, run_id: int) -> bool:
        """``cancel`` this run; False where it has been over, and what waits belongs to another."""
        with self._condition:
            is_current = run_id == self._run_id
            if is_current:
                self.cancel()
            return is_current

    def forget(self, source: PatchSource) -> None:
        """Let nothing of this source wait any more; it is about to be closed."""
        with self._condition:
            self._waiting = {key: r for key, r in self._waiting.items() if r.source is not source}
            self._shown = None
            self._questions = {kind: q for kind, q in self._questions.items() if q.source is not source}

    def close(self) -> None:
        """Wake everybody who waits; nothing waits from now on."""
        with self._condition:
            self._closed = True
            self._questions.clear()
            self._heap.clear()
            self._waiting.clear()
            self._run_id += 1
            self._condition.notify_all()

    def __len__(self) -> int:
        with self._condition:
            return len(self._waiting)

    def _show(self, source: PatchSource, numbers: list[int]) -> None:
        self._shown = (id(source), numbers)
        for left in self._visible:
            if self._waiting.get(left.key) is left:
                self._enqueue(replace(left, priority=Priority.BACKGROUND))
        self._visible = self._lift(source, numbers, Priority.VISIBLE)

    def _lift(self, source: PatchSource, numbers: Iterable[int], priority: Priority) -> list[Request]:
        """Returns the requests that now wait at ``priority`` because of this call."""
        lifted = []
        for number in numbers:
            waiting = self._waiting.get((id(source), number))
            if waiting is not None and priority < waiting.priority:
                lifted.append(replace(waiting, priority=priority))
                self._enqueue(lifted[-1])
        return lifted

    def _wait_or_lift(self, request: Request) -> None:
        waiting = self._waiting.get(request.key)
        if waiting is None or request.priority < waiting.priority:
            self._enqueue(request)

    def _enqueue(self, request: Request) -> None:
        """An older request for the same block stays in the heap, and is passed over there."""
        self._waiting[request.key] = request
        heapq.heappush(self._heap, (request.priority, next(self._order), request))
