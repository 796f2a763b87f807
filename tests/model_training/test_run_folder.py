import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ResultError, SourceError
from model_training.checksums import Checksums, checksums_of_all
from model_training.config import TrainingConfig, load_config
from model_training.dataset import Dataset, Split, load_split
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


def test_settings_that_are_there_are_left_alone(tmp_path: Path) -> None:
    keep_settings(tmp_path, CONFIG, SPLIT)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    keep_settings(tmp_path, CONFIG, replace(SPLIT, kind="published list"))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("settings", [CONFIG, SPLIT, Checksums("a", "b")])
def test_a_full_disk_leaves_no_half_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: TrainingConfig | Split | Checksums
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "settings.json"
    path.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResultError, match="No space left"):
        settings.save(path)
    assert path.read_text(encoding="utf-8") == "{}"
    assert list(tmp_path.iterdir()) == [path]


def test_a_training_of_an_older_version_goes_on(tmp_path: Path) -> None:
    old = replace(CONFIG, most_of_patient=None)
    keep_settings(tmp_path, old, SPLIT)
    facts = json.loads(old.text())
    for name in ("most_of_patient", "schedule", "keep"):
        del facts[name]
    (tmp_path / "config.json").write_text(json.dumps(facts), encoding="utf-8")
    check_settings(tmp_path, old, SPLIT, material=Checksums("a", "b"))
    with pytest.raises(SourceError, match="another training: most_of_patient differ"):
        check_settings(tmp_path, CONFIG, SPLIT)


def some_data() -> Dataset:
    return Dataset(
        files=("1/a.png", "4/b.png"),
        patients=np.array(["1", "4"]),
        truth=np.array([0, 1], np.int8),
        x=np.zeros(2, np.int32),
        y=np.zeros(2, np.int32),
        pixels=np.zeros((2, 50, 50, 3), np.uint8),
    )


WEIGHTS = {"block1_conv1/bias": np.zeros(4, np.float32)}


@pytest.mark.parametrize(
    ("changes", "base", "named"),
    [
        ({"pixels": np.ones((2, 50, 50, 3), np.uint8)}, WEIGHTS, "data"),
        ({"truth": np.array([0, 0], np.int8)}, WEIGHTS, "data"),
        ({"files": ("1/a.png", "4/c.png")}, WEIGHTS, "data"),
        ({}, {"block1_conv1/bias": np.ones(4, np.float32)}, "weights"),
    ],
)
def test_a_training_does_not_go_on_with_other_material(
    tmp_path: Path, changes: dict[str, np.ndarray], base: dict[str, np.ndarray], named: str
) -> None:
    def keep(dataset: Dataset, weights: dict[str, np.ndarray]) -> None:
        keep_settings(tmp_path, CONFIG, SPLIT, material=checksums_of_all(dataset, weights))

    keep(some_data(), WEIGHTS)
    keep(some_data(), WEIGHTS)
    with pytest.raises(SourceError, match=f"holds a training on other {named}: .*another --output"):
        keep(replace(some_data(), **changes), base)
