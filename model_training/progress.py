"""How far a training is: told as events, to a person on a terminal or to a program as JSON lines."""

from __future__ import annotations

import json
import logging
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

import rich.progress
from rich.console import Console

from histoviewer.streams import give_up

SECONDS_BETWEEN = 0.25
"""About how often events that only say how far something is are told."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Patches that have been read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Started:
    """What is trained on.

    Attributes:
        split: how the sides were chosen.
        counts: patients, patches and malignant patches of each side.
        phases: name of each phase -> its epochs.
        epochs: of all phases, at most.
        left_out: patients who are on no side, as a published list has it.
    """

    split: Mapping[str, Any]
    counts: Mapping[str, Mapping[str, int]]
    phases: Mapping[str, int]
    epochs: int
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """Patches, each as often as there are orientations, whose features have been computed."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was trained; epochs and steps count from 1.

    Attributes:
        loss: mean of the epoch so far.
        images_per_second: of the epoch so far; None at its first step, which may be compiling.
    """

    phase: str
    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    images_per_second: float | None


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch that is finished and kept, with all its figures."""

    phase: str
    epoch: int
    epochs: int
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """What begins behind a training: ``bundle`` or ``compare``."""

    stage: str


@dataclass(frozen=True, slots=True)
class Done:
    """The training has ended; its results are in the folder ``output``."""

    output: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The training has failed: one line why."""

    message: str


Event = Reading | Started | Features | Step | Epoch | Stage | Done | Failed
Progress = Callable[[Event], None]
"""Whoever wants to be told, in the training thread."""


def silent(event: Event) -> None:
    """Tells nobody."""
    del event


class Throttled:
    """Passes on what happens; of what only says how far something is, the last and some four a second."""

    def __init__(self, progress: Progress, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._progress = progress
        self._clock = clock
        self._told = -math.inf

    def __call__(self, event: Event) -> None:
        if isinstance(event, Reading | Features | Step) and not _is_last(event):
            now = self._clock()
            if now - self._told < SECONDS_BETWEEN:
                return
            self._told = now
        self._progress(event)


def _is_last(event: Reading | Features | Step) -> bool:
    if isinstance(event, Step):
        return event.step == event.steps
    return event.done == event.total


class JsonLines:
    """Writes each event as an object of one line, at once.

    ``event`` is its kind in lower case, ``time`` when it was told, in seconds since 1970; figures of an epoch
    stand beside the others; what is not finite is null. When nobody reads any more, the training goes on
    untold.
    """

    def __init__(self, stream: TextIO | None, *, clock: Callable[[], float] = time.time) -> None:
        """``stream``: standard output; None where it is closed."""
        self._stream = stream
        self._clock = clock

    def __call__(self, event: Event) -> None:
        if self._stream is None:
            return
        facts = asdict(event)
        facts |= facts.pop("figures", {})
        told = {"event": type(event).__name__.lower(), "time": round(self._clock(), 3)}
        line = json.dumps({**told, **_finite(facts)}, allow_nan=False)
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except OSError:
            give_up(self._stream)
            self._stream = None


def _finite(facts: Mapping[str, Any]) -> dict[str, Any]:
    is_lost = {name: isinstance(value, float) and not math.isfinite(value) for name, value in facts.items()}
    return {name: None if is_lost[name] else value for name, value in facts.items()}


class Bar:
    """A bar on the terminal, over the log."""

    def __init__(self, console: Console) -> None:
        self._progress = rich.progress.Progress(
            rich.progress.TextColumn("{task.description}"),
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TextColumn("{task.fields[note]}"),
            rich.progress.TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, visible=False, note="")
        self._what = ""

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case Reading(done, total):
                self._show("patches", done, total)
            case Features(done, total):
                self._show("features", done, total)
            case Step():
                rate = event.images_per_second
                note = f"loss {event.loss:.3f}" + (f", {rate:.0f} patches/s" if rate else "")
                self._show(f"{event.phase} {event.epoch}/{event.epochs}", event.step, event.steps, note)
            case _:
                self._progress.update(self._task, visible=False)

    def _show(self, what: str, done: int, total: int, note: str = "") -> None:
        if what != self._what:
            self._what = what
            self._progress.reset(self._task, total=total, description=what, note=note)
        self._progress.update(
            self._task, description=what, completed=done, total=total, note=note, visible=True
        )


@contextmanager
def telling(*, as_json: bool) -> Iterator[Progress]:
    """Whom to tell: a program on standard output with ``as_json``, else a person where standard error is a
    terminal. What is raised inside is told as a failure, but Ctrl+C."""
    if as_json:
        lines = JsonLines(sys.stdout)
        with redirect_stdout(sys.stderr), _failure_told(lines):  # libraries print where they like
            yield Throttled(lines)
    elif sys.stderr.isatty():
        with Bar(Console(stderr=True)) as bar:
            yield Throttled(bar)
    else:
        yield silent


@contextmanager
def _failure_told(progress: Progress) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        progress(Failed((str(error) or type(error).__name__).splitlines()[0]))
        raise


class CurrentStderr(logging.StreamHandler[TextIO]):
    """Logs to what standard error is at the time: while a bar is shown, rich puts the lines above it."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)
