from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import SourceError
from model_training.answers import Answers, load_answers, logit, sigmoid


def some_answers() -> Answers:
    return Answers(
        files=np.array(["a/1.png", "b/2.png"]),
        patients=np.array(["a", "b"]),
        truth=np.array([0, 1], np.int8),
        x=np.array([0, 50], np.int32),
        y=np.array([50, -1], np.int32),
        probability=np.array([0.25, 1], np.float32),
        fold=np.array([1, 2], np.int8),
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
    for name in ("broken.npz", "missing.npz"):
        with pytest.raises(SourceError, match="Run crossvalidate"):
            load_answers(tmp_path / name)


def test_the_logit_is_finite_even_where_the_network_is_certain_and_the_sigmoid_undoes_it() -> None:
    odds = logit(np.array([0, 0.5, 0.9, 1], np.float32))
    assert np.isfinite(odds).all()
    assert odds[1] == 0
    assert sigmoid(odds)[2] == pytest.approx(0.9)
