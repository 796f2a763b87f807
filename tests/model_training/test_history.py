from __future__ import annotations

from pathlib import Path

import pytest

from histoviewer.errors import SourceError
from model_training.history import chosen, has_validation, kept_of, phases_of, read_history
from model_training.history_log import best_so_far
from tests.helpers.some_history import HEAD, UPPER, epoch_line, unvalidated_line, write_history


def test_a_training_ends_with_the_best_epoch_of_its_last_phase(tmp_path: Path) -> None:
    path = write_history(tmp_path / "history.jsonl")
    epochs = read_history(path)
    kept = chosen(epochs, "best")
    assert (kept.phase, kept.epoch, kept.val_auc) == (UPPER, 1, 0.91)
    first, _ = phases_of(epochs).values()
    assert kept_of(first, "best").epoch == 2
    for phase, found in phases_of(epochs).items():
        best = best_so_far(path, phase)  # what the training itself goes by
        assert best is not None
        assert best.epoch == kept_of(found, "best").epoch


def test_a_recipe_may_keep_the_last_epoch(tmp_path: Path) -> None:
    epochs = read_history(write_history(tmp_path / "history.jsonl"))
    kept = chosen(epochs, "last")
    assert (kept.phase, kept.epoch, kept.val_auc) == (UPPER, 2, 0.90)


def test_without_validation_patients_the_last_epoch_is_kept(tmp_path: Path) -> None:
    lines = [unvalidated_line(HEAD, epoch, 0.9 - epoch / 100) for epoch in (1, 2, 3)]
    epochs = read_history(write_history(tmp_path / "history.jsonl", *lines))
    assert [epoch.val_auc for epoch in epochs] == [None] * 3
    assert not has_validation(epochs)
    assert chosen(epochs, "best").epoch == 3


def test_an_epoch_that_was_run_again_counts_once(tmp_path: Path) -> None:
    lines = [epoch_line(HEAD, 1, 0.8), epoch_line(HEAD, 2, 0.7), epoch_line(HEAD, 2, 0.9)]
    epochs = read_history(write_history(tmp_path / "history.jsonl", *lines))
    assert [(epoch.epoch, epoch.val_auc) for epoch in epochs] == [(1, 0.8), (2, 0.9)]


@pytest.mark.parametrize("content", [None, "", "no json\n", '{"phase": "head"}\n', "[1]\n"])
def test_what_is_no_history_is_one_line(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "history.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="Run train to its end") as raised:
        read_history(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
