"""The loop that owns the model: take -> read -> batch -> predict -> report. No Qt, no window."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from histoviewer.errors import HistoViewerError, SourceError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.closer_look import CloserLook
from histoviewer.inference.explain import Explanation, Method
from histoviewer.inference.one_colour import OneColourOnce
from histoviewer.inference.patch_index import SimilarPatch
from histoviewer.inference.requests import ExplainRequest, Question, Request, RequestQueue, SimilarRequest
from histoviewer.patches.patch import FAILED, TRUNCATED, Block, BlockPixels, PatchSource

READERS = 2
READ_AHEAD = 4
"""Blocks that are read or wait to be judged, or as many as two batches need: enough to overlap decoding with
the network, few enough that memory stays flat and a lifted block need not wait long."""

FIRST = 16
"""Patches of a block that are judged and told of before its others, where nothing was being judged before:
somebody is waiting. Measured with version 2: sixteen at once take as long each as sixty-four."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """One block has been judged, or a part of it.

    Attributes:
        run_id: the queue's when it was submitted.
        source: whose block it is.
        patches: intp (n,), rows of the source's columns, failed ones too.
        probabilities: float32 (n,); NaN where the patch could not be read.
        sizes: int32 (n, 2), true width and height in level-0 pixels; 0 where it could not be read.
        notes: row -> "truncated" or "failed: ...".
    """

    run_id: int
    source: PatchSource
    patches: NDArray[np.intp]
    probabilities: NDArray[np.float32]
    sizes: NDArray[np.int32]
    notes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The model cannot be loaded or run; everything that waited is forgotten.

    Attributes:
        message: one line.
        run_id: of the run that has ended; whatever was submitted since has a higher one.
    """

    message: str
    run_id: int


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What was to be explained has been; of no run.

    Attributes:
        source, row: the patch.
        method: how it was to be found out.
        pixels: uint8 RGB (s, s, 3), as the model got it; None where it could not be read.
        explanation: None where there is none, and ``problem`` says why.
        problem: one line, or "".
    """

    source: PatchSource
    row: int
    method: Method
    pixels: NDArray[np.uint8] | None
    explanation: Explanation | None
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FoundSimilar:
    """What a patch is like has been found out; of no run.

    Attributes:
        source, row: the patch.
        similar: of the patches trained on, those of other patients that are most like it; none where there is
            a ``problem``: one line, or "".
    """

    source: PatchSource
    row: int
    similar: tuple[SimilarPatch, ...]
    problem: str = ""


Event = Classified | RunFailed | Explained | FoundSimilar
Reading = tuple[Request, Future[BlockPixels]]
Read = tuple[Request, BlockPixels]


class InferenceEngine:
    """Owns the model and judges what waits in the queue, most urgent first.

    ``run`` belongs to one thread, which calls ``report`` for every event. Others talk to it through the
    queue alone.

    Attributes:
        run_id: of what it judges, or judged last.
    """

    def __init__(
        self,
        *,
        load: Callable[[], Classifier],
        queue: RequestQueue,
        report: Callable[[Event], None],
        closer_look: CloserLook | None = None,
    ) -> None:
        """``closer_look``: what can be said of single patches; None: what the classifier alone can tell."""
        self._load = load
        self._queue = queue
        self._report = report
        self._classifier: Classifier | None = None
        self._closer_look = closer_look or CloserLook()
        self._is_rested = True
        """Nothing was waiting when what is judged next was taken."""
        self.run_id = queue.run_id

    def run(self, *, until_idle: bool = False) -> None:
        """Judge until the queue is closed, or (``until_idle``) until nothing waits any more."""
        self._ensure_loaded()
        with ThreadPoolExecutor(READERS, thread_name_prefix="block-reader") as readers:
            reading: deque[Reading] = deque()
            while True:
                self._is_rested |= not reading
                self._read_ahead(reading, readers, wait=not until_idle)
                question = self._queue.take_question()
                if isinstance(question, ExplainRequest):
                    self._explain(question)
                elif question is not None:
                    self._find_similar(question)
                elif reading:
                    self._judge(_ready_batch(reading, self._batch_size(), self._queue.run_id))
                elif until_idle or self._queue.is_closed:
                    return

    def _explain(self, request: ExplainRequest) -> None:
        """What goes wrong is told of this patch alone: a run that is going on goes on."""
        pixels, explanation, problem = None, None, ""
        try:
            pixels = _pixels_of(request)
            explanation = self._closer_look.explanation(request.method, pixels, self._loaded())
        except HistoViewerError as error:
            log.debug("patch %d cannot be explained", request.row, exc_info=error)
            problem = str(error)
        self._report(Explained(request.source, request.row, request.method, pixels, explanation, problem))

    def _find_similar(self, request: SimilarRequest) -> None:
        """As with ``_explain``, a run goes on."""
        similar: tuple[SimilarPatch, ...] = ()
        problem = ""
        try:
            patient = request.source.columns.patch(request.row).patient
            similar = self._closer_look.similar(_pixels_of(request), patient)
        except HistoViewerError as error:
            log.debug("similar patches of patch %d cannot be found", request.row, exc_info=error)
            problem = str(error)
        self._report(FoundSimilar(request.source, request.row, similar, problem))

    def _read_ahead(self, reading: deque[Reading], readers: ThreadPoolExecutor, *, wait: bool) -> None:
        while len(reading) < READ_AHEAD or _patches(reading) < 2 * self._full_batch():
            request = self._queue.take(wait=wait and not reading)
            if request is None:
                return
            reading.append((request, readers.submit(request.source.read, request.block)))

    def _ensure_loaded(self) -> Classifier | None:
        if self._classifier is None:
            self.run_id = self._queue.run_id
            try:
                return self._loaded()
            except HistoViewerError as error:
                self._fail(error)
        return self._classifier

    def _loaded(self) -> Classifier:
        if self._classifier is None:
            self._classifier = OneColourOnce(self._load())
        return self._classifier

    def _batch_size(self) -> int:
        """Of the next call."""
        return min(FIRST, self._full_batch()) if self._is_rested else self._full_batch()

    def _full_batch(self) -> int:
        return self._classifier.batch_size if self._classifier else 1

    def _judge(self, batch: list[Read]) -> None:
        """Judge these together and report each, unless it has been cancelled meanwhile."""
        classifier = self._ensure_loaded() if batch else None
        if classifier is None:
            return
        self._is_rested = False
        self.run_id = batch[0][0].run_id
        pixels = np.concatenate([read.pixels for _, read in batch])
        try:
            answers = classifier.predict(pixels) if len(pixels) else np.empty(0, np.float32)
        except HistoViewerError as error:
            self._fail(error)
            return
        start = 0
        for request, read in batch:
            end = start + len(read.patches)
            if request.run_id == self._queue.run_id:
                self._report(_classified(request, read, answers[start:end]))
            start = end

    def _fail(self, error: HistoViewerError) -> None:
        """End the run, unless it has been cancelled meanwhile: then nobody waits for it."""
        log.debug("run %d failed", self.run_id, exc_info=error)
        if self._queue.end(self.run_id):
            self._report(RunFailed(str(error), self.run_id))


def _ready_batch(reading: deque[Reading], batch_size: int, run_id: int) -> list[Read]:
    """Patches for one call: the most urgent block, waiting for it, and those behind it that are read already,
    until the batch is full. What a block has beyond that waits in front: OpenVINO prepares itself anew for
    each size of a batch that it has not seen, and a batch that is not full is slower a patch. Blocks of
    another run are dropped; none is waited for.
    """
    batch: list[Read] = []
    room = batch_size
    while reading and (not batch or (room and reading[0][1].done())):
        request, future = reading.popleft()
        if request.run_id != run_id:
            continue
        read = _result_of(request, future)
        if len(read.patches) > room:
            read, rest = read.parted(room)
            # Only what is left of it counts as read ahead.
            left = replace(request, block=Block(request.block.number, rest.patches))
            reading.appendleft((left, _done(rest)))
        room -= len(read.patches)
        batch.append((request, read))
    return batch


def _patches(reading: deque[Reading]) -> int:
    return sum(len(request.block.patches) for request, _ in reading)


def _done(read: BlockPixels) -> Future[BlockPixels]:
    future: Future[BlockPixels] = Future()
    future.set_result(read)
    return future


def _pixels_of(request: Question) -> NDArray[np.uint8]:
    """uint8 RGB (s, s, 3). Raises HistoViewerError where the patch cannot be read."""
    read = request.source.read(Block(number=-1, patches=np.array([request.row], np.intp)))
    if not len(read.patches):
        raise SourceError(read.failures[request.row])
    pixels: NDArray[np.uint8] = read.pixels[0]
    return pixels


def _result_of(request: Request, future: Future[BlockPixels]) -> BlockPixels:
    try:
        return future.result()
    except HistoViewerError as error:
        # The slide cannot be decoded there: every patch of the block failed, the run goes on.
        size = request.source.input_size
        return BlockPixels(
            patches=np.empty(0, np.intp),
            pixels=np.empty((0, size, size, 3), np.uint8),
            sizes=np.empty((0, 2), np.int32),
            failures={int(row): str(error) for row in request.block.patches},
        )


def _classified(request: Request, read: BlockPixels, answers: NDArray[np.float32]) -> Classified:
    failed = np.fromiter(read.failures, np.intp, len(read.failures))
    notes = dict.fromkeys(read.truncated, TRUNCATED)
    notes |= {row: FAILED + reason for row, reason in read.failures.items()}
    return Classified(
        run_id=request.run_id,
        source=request.source,
        patches=np.concatenate([read.patches, failed]),
        probabilities=np.concatenate([answers, np.full(len(failed), np.nan, np.float32)]),
        sizes=np.concatenate([read.sizes, np.zeros((len(failed), 2), np.int32)]),
        notes=notes,
    )
