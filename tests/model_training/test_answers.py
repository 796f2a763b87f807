from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import SourceError
from model_training.answers import Answers, answers_of, load_answers, logit, sigmoid
from model_training.dataset import Dataset


def some_answers() -> Answers:
    return Answers(
        files=np.array(["a/1.png", "b/2.png"]),
        patients=np.array(["a", "b"]),
        truth=np.array([0, 1], np.int8),
        x=np.array([0, 50], np.int32),
        y=np.array([50, -1], np.int32),
        probability=np.array([0.25, 1], np.float32),
        fold=np.array([1, 2], np.int16),
    )


def test_answers_come_back_as_they_were_saved(tmp_path: Path) -> None:
    some_answers().save(tmp_path / "answers.npz")
    back = load_answers(tmp_path / "answers.npz")
    assert back.files.tolist() == ["a/1.png", "b/2.png"]
    assert np.array_equal(back.probability, some_answers().probability)
    assert [p.name for p in tmp_path.iterdir()] == ["answers.npz"]
    assert back[back.fold == 2].patients.tolist() == ["b"]


def test_what_are_no_answers_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.npz").write_bytes(b"no")
    (tmp_path / "empty.npz").touch()
    some_answers().save(tmp_path / "cut.npz")
    whole = (tmp_path / "cut.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    middle = whole.index(b"files.npy") + 60
    (tmp_path / "bits.npz").write_bytes(whole[:middle] + b"\xff" * 20 + whole[middle + 20 :])
    for name in ("broken.npz", "empty.npz", "cut.npz", "bits.npz", "missing.npz"):
        with pytest.raises(SourceError, match="Run crossvalidate"):
            load_answers(tmp_path / name)


def test_folds_beyond_127_are_told_apart() -> None:
    dataset = Dataset(
        files=("a/1.png",),
        patients=np.array(["a"]),
        truth=np.array([0], np.int8),
        x=np.array([0], np.int32),
        y=np.array([0], np.int32),
        pixels=np.zeros((1, 50, 50, 3), np.uint8),
    )
    judged = answers_of(dataset, np.array([0]), np.array([0.5], np.float32), fold=200)
    assert judged.fold.tolist() == [200]


def test_the_logit_is_finite_even_where_the_network_is_certain_and_the_sigmoid_undoes_it() -> None:
    odds = logit(np.array([0, 0.5, 0.9, 1], np.float32))
    assert np.isfinite(odds).all()
    assert odds[1] == 0
    assert sigmoid(odds)[2] == pytest.approx(0.9)
