from dataclasses import replace
from pathlib import Path

import pytest

from histoviewer.errors import SourceError
from model_training.config import TrainingConfig, load_config
from model_training.dataset import Split, load_split
from model_training.run_folder import check_settings, keep_settings, make_folder

CONFIG = TrainingConfig()
SPLIT = Split(train=("1", "2"), validation=("3",), test=("4",))


def test_a_training_that_goes_on_finds_its_own_settings(tmp_path: Path) -> None:
    keep_settings(tmp_path, CONFIG, SPLIT)
    keep_settings(tmp_path, CONFIG, SPLIT)
    assert load_config(tmp_path / "config.json") == CONFIG
    assert load_split(tmp_path / "split.json") == SPLIT


@pytest.mark.parametrize(
    ("config", "split", "differing"),
    [
        (replace(CONFIG, batch_size=7, seed=1), SPLIT, "batch_size, seed differ from its config.json"),
        (CONFIG, Split(("1",), ("3",), ("2", "4")), "test, train differ from its split.json"),
    ],
)
def test_a_folder_of_another_training_is_refused_and_left_alone(
    tmp_path: Path, config: TrainingConfig, split: Split, differing: str
) -> None:
    keep_settings(tmp_path, CONFIG, SPLIT)
    with pytest.raises(SourceError, match=f"another training: {differing}.*another --output") as raised:
        keep_settings(tmp_path, config, split)
    assert str(tmp_path) in str(raised.value)
    assert load_config(tmp_path / "config.json") == CONFIG
    assert load_split(tmp_path / "split.json") == SPLIT


def test_a_file_in_the_way_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="Cannot make the folder"):
        make_folder(tmp_path / "file")


def test_a_file_above_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="Cannot make the folder"):
        make_folder(tmp_path / "file" / "run")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody may write in")
def test_a_folder_that_not_even_an_administrator_may_write_in_is_an_error() -> None:
    with pytest.raises(SourceError, match="Cannot write into the folder /proc"):
        make_folder(Path("/proc"))


def test_trying_a_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "run")
    assert not list((tmp_path / "run").iterdir())


def test_the_same_sides_are_the_same_split_however_they_came_about(tmp_path: Path) -> None:
    keep_settings(tmp_path, CONFIG, SPLIT)
    check_settings(tmp_path, CONFIG, replace(SPLIT, kind="published list", seed=7))
