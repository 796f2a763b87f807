from pathlib import Path

import pytest

from model_training.cli import main
from model_training.config import TrainingConfig
from tests.helpers.idc_like import write_idc_like


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_idc_like(tmp_path / "data", patients=5, patches=2)
    return tmp_path / "data"


def failure(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """The one line a failing command writes."""
    assert main([str(argument) for argument in arguments]) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("histoviewer-train:")]
    return line


def test_bundling_no_training_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    command = ("bundle", data, "--training", run, "--output", tmp_path / "bundle")
    assert "config.json" in failure(capsys, *command)
    run.mkdir()
    TrainingConfig().save(run / "config.json")
    assert "split.json" in failure(capsys, *command)
    (run / "split.json").write_text('{"train": ["1"], "validation": ["2"], "test": ["3"]}', encoding="utf-8")
    assert "network.weights.h5" in failure(capsys, *command)
    assert not (tmp_path / "bundle").exists()


def test_training_into_a_file_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert "Cannot make the folder" in failure(capsys, "train", data, "--output", tmp_path / "file")


def test_training_into_the_folder_of_another_split_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    # It ends at the weights, behind writing its settings.
    command = ("train", data, "--output", run, "--weights", tmp_path / "none.npz")
    assert "none.npz" in failure(capsys, *command)
    before = (run / "split.json").read_text(encoding="utf-8")
    assert "split.json" in failure(capsys, *command, "--hold-out", "1000", "1001", "1002")
    assert (run / "split.json").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("content", [None, "no json", "[1]", '{"train": 3, "validation": [], "test": []}'])
def test_an_unreadable_split_list_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    lists = tmp_path / "lists.json"
    if content is not None:
        lists.write_text(content, encoding="utf-8")
    line = failure(capsys, "train", data, "--output", tmp_path / "run", "--split-list", lists)
    assert str(lists) in line


def test_evaluating_no_bundle_names_its_option(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = failure(capsys, "evaluate", data, "--bundle", tmp_path / "none")
    assert "Check --bundle" in line


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--folds", "3", "--hold-out", "1000"], "--hold-out"),
        (["--folds", "3", "--split-list", "lists.json"], "--split-list"),
        (["--fold", "2"], "--folds"),
        (["--folds", "3", "--fold", "0"], "fold 0 of 3"),
        (["--folds", "9"], "9 folds"),
    ],
)
def test_folds_that_cannot_be_are_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    assert named in failure(capsys, "train", data, "--output", tmp_path / "run", *words)
