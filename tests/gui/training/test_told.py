"""What a training tells, line by line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from histoviewer.gui.training.plan import TrainingPlan, shell_text
from histoviewer.gui.training.run_watch import _telling
from histoviewer.gui.training.told import Told


def told_of(*events: tuple[str, float, dict[str, object]]) -> Told:
    told = Told()
    for event, time, facts in events:
        told.take(json.dumps({"event": event, "time": time, **facts}))
    return told


def step(epoch: int, number: int, epochs: int = 4) -> dict[str, object]:
    return {"phase": "head", "epoch": epoch, "epochs": epochs, "step": number, "steps": 10, "loss": 1.0}


def epoch(number: int, auc: float, phase: str = "head") -> dict[str, object]:
    return {"phase": phase, "epoch": number, "epochs": 4, "loss": 0.5, "val_loss": 0.6, "val_auc": auc}


def test_the_time_that_is_left_follows_the_epochs() -> None:
    begun = ("step", 100.0, step(1, 1))
    assert told_of(begun).seconds_left() is None
    assert told_of(begun, ("step", 104.0, step(1, 5))).seconds_left() == pytest.approx(10 * 3.5)
    ended = ("epoch", 120.0, epoch(1, 0.8))
    assert told_of(begun, ended, ("step", 130.0, step(2, 5))).seconds_left() == pytest.approx(20 * 2.5)


def test_who_is_on_no_list_is_told() -> None:
    started: dict[str, object] = {"phases": {"head": 4}, "counts": {}}
    assert told_of(("started", 1.0, started)).left_out == ()
    assert told_of(("started", 1.0, {**started, "left_out": ["77", "9"]})).left_out == ("77", "9")


def test_the_best_is_that_of_the_last_part_and_the_first_of_equals() -> None:
    told = told_of(
        ("epoch", 1, epoch(1, 0.99)),
        ("epoch", 2, epoch(1, 0.7, "fine-tune block5")),
        ("epoch", 3, epoch(2, 0.8, "fine-tune block5")),
        ("epoch", 4, epoch(3, 0.8, "fine-tune block5")),
    )
    best = told.best()
    assert best is not None
    assert (best.phase, best.epoch) == ("fine-tune block5", 2)
    assert Told().best() is None


def test_one_that_is_given_again_is_not_failed_any_more() -> None:
    told = told_of(("epoch", 1, epoch(1, 0.7)), ("failed", 2, {"message": "no disk"}))
    assert told.failure == "no disk"
    told.take('{"event": "reading", "time": 3, "done": 1, "total": 2}')
    told.take('{"event": "epoch", "time": 4, "phase": "head", "epoch": 1, "epochs": 4, "loss": null}')
    assert told.failure == ""
    assert [(one.epoch, one.loss) for one in told.epochs] == [(1, None)]


def test_of_many_steps_the_first_and_last_are_read() -> None:
    steps = [json.dumps({"event": "step", "time": float(n), **step(1, n)}) for n in range(1, 9)]
    ended = json.dumps({"event": "epoch", "time": 9.0, **epoch(1, 0.8)})
    lines = [*steps, ended, *steps]
    assert list(_telling(lines)) == [steps[0], steps[-1], ended, steps[0], steps[-1]]


@pytest.mark.parametrize(
    "line", ["", "{", "[1]", '{"event": "step", "time": 1}', '{"event": "?", "time": 1}']
)
def test_lines_that_make_no_sense_are_passed_over(line: str) -> None:
    told = Told()
    told.take(line)
    assert told.epochs == []
    assert not told.is_done


@pytest.mark.skipif(sys.platform == "win32", reason="another shell")
def test_a_shell_takes_the_command_as_it_is_meant(tmp_path: Path) -> None:
    plan = TrainingPlan(
        data=(tmp_path / "it's new", tmp_path / "b$HOME"),
        output=tmp_path / "a run",
        against=tmp_path / "old",
        version="2026-11-26 12:00",
        fine_tune="block5",
        hold_out=("8865", "8867"),
        split_list=tmp_path / "lists.json",
    )
    command = plan.command()
    echo = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))", *command]
    shown = subprocess.run(["sh", "-c", shell_text(echo)], capture_output=True, check=True)
    assert json.loads(shown.stdout) == command
    assert command[command.index("--hold-out") + 1 :][:2] == ["8865", "8867"]
