import io
import json
import logging
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from model_training.progress import (
    Bar,
    CurrentStderr,
    Done,
    Epoch,
    Event,
    Failed,
    Features,
    JsonLines,
    Reading,
    Step,
    Throttled,
    telling,
)

ROOT = Path(__file__).resolve().parents[2]


def step(number: int, steps: int = 100, loss: float = 0.5) -> Step:
    return Step("head", 1, 10, number, steps, loss, 42.0)


def test_each_event_is_an_object_of_one_line() -> None:
    stream = io.StringIO()
    lines = JsonLines(stream, clock=lambda: 12.3456)
    events: list[Event] = [
        Features(3, 7),
        step(4),
        Epoch("head", 1, 10, {"loss": 0.5, "val_auc": 0.9}),
        Failed("a\nb"),
        Done("run"),
    ]
    for event in events:
        lines(event)
    written = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in written] == ["features", "step", "epoch", "failed", "done"]
    assert written[0] == {"event": "features", "time": 12.346, "done": 3, "total": 7}
    assert written[2] == {
        "event": "epoch",
        "time": 12.346,
        "phase": "head",
        "epoch": 1,
        "epochs": 10,
        "loss": 0.5,
        "val_auc": 0.9,
    }
    assert written[4]["output"] == "run"


def test_what_is_not_finite_is_null_and_still_json() -> None:
    stream = io.StringIO()
    JsonLines(stream)(Epoch("head", 1, 1, {"loss": math.nan, "val_loss": math.inf}))
    line = json.loads(stream.getvalue(), parse_constant=pytest.fail)
    assert (line["loss"], line["val_loss"]) == (None, None)


def test_what_says_how_far_something_is_comes_four_times_a_second() -> None:
    told: list[Event] = []
    now = 0.0
    throttled = Throttled(told.append, clock=lambda: now)
    for number in range(1, 101):
        now += 0.01
        throttled(step(number))
    assert len(told) == 5
    assert told[-1] == step(100), "the last one is told in any case"
    throttled(Epoch("head", 1, 10))
    throttled(Done("run"))
    assert told[-2:] == [Epoch("head", 1, 10), Done("run")]


def test_a_reader_who_leaves_does_not_stop_the_training() -> None:
    words = (
        "import sys\n"
        "from model_training.progress import Done, telling\n"
        "with telling(as_json=True) as progress:\n"
        "    sys.stdin.readline()\n"
        "    [progress(Done('run')) for _ in range(3)]\n"
        "sys.stderr.write('went on')\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    running.stdout.close()
    running.stdout = None
    _out, said = running.communicate("go on\n")
    assert (running.returncode, said) == (0, "went on")


def test_what_libraries_print_stays_out_of_the_events(capsys: pytest.CaptureFixture[str]) -> None:
    with telling(as_json=True) as progress:
        sys.stdout.write("a library speaks\n")
        progress(Done("run"))
    captured = capsys.readouterr()
    (line,) = captured.out.splitlines()
    assert json.loads(line).items() >= {"event": "done", "output": "run"}.items()
    assert captured.err == "a library speaks\n"


def test_a_failure_is_told_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), telling(as_json=True):
        raise ValueError("broken")
    told = json.loads(capsys.readouterr().out)
    assert told.items() >= {"event": "failed", "message": "broken"}.items()


def test_a_piped_error_output_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with telling(as_json=False) as progress:
        progress(Reading(1, 2))
        progress(step(1))
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_the_bar_says_phase_epoch_and_rate() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with Bar(console) as bar:
        bar(Reading(5, 10))
        bar(step(50))
        bar._progress.refresh()
        assert isinstance(console.file, io.StringIO)
        shown = console.file.getvalue()
        bar(Epoch("head", 1, 10))
    assert "head 1/10" in shown
    assert "50/100" in shown
    assert "loss 0.500, 42 patches/s" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_log_lines_stand_above_the_bar_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, terminal = os.openpty()
    with os.fdopen(terminal, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "100")
        log = logging.getLogger("tests.bar")
        handler = CurrentStderr()
        log.addHandler(handler)
        try:
            with telling(as_json=False) as progress:
                progress(step(50))
                log.warning("left out a.png: damaged")
                progress(step(99))
        finally:
            log.removeHandler(handler)
        stderr.flush()
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "left out a.png: damaged\r\n" in shown
    assert "50/100" in shown
