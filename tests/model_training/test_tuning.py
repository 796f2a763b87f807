import csv
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from model_training import tuning
from model_training.cli import main
from model_training.config import TrainingConfig, load_config
from model_training.dataset import load_dataset, load_split
from model_training.network import build_network, load_trained
from model_training.trials import Trial, load_trial, ranked, row, save_table
from model_training.tuning import config_of, space, tune
from model_training.weights import read_weights
from tests.helpers.tune_tiny import RECIPE, prepare
from tests.model_training.test_cli import failure
from tests.model_training.test_training import ROOT, history, kill_before


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def trials_in(search: Path) -> list[Trial]:
    found = [load_trial(folder) for folder in sorted((search / "trials").iterdir())]
    return [trial for trial in found if trial is not None]


def table(search: Path) -> list[dict[str, str]]:
    with (search / "trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_search_ends_with_a_table_and_a_recipe_that_train_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = prepare(tmp_path)
    search = tmp_path / "search"
    assert run(*command, "--trials", "3") == 0
    shown = capsys.readouterr().out.splitlines()
    rows = table(search)
    assert [line.split() for line in shown] == [list(rows[0]), *([*filter(None, r.values())] for r in rows)]
    assert sorted(r["trial"] for r in rows) == ["1", "2", "3"]
    assert {r["status"] for r in rows} == {"finished"}
    assert [r["val_auc"] for r in rows] == sorted((r["val_auc"] for r in rows), reverse=True)

    best = search / "trials" / f"{int(rows[0]['trial']):03d}"
    assert [path.parent for path in search.rglob("*.h5")] == [best]
    assert not list(search.glob("trials/*/features"))
    config = load_config(search / "best.json")
    assert config == load_config(best / "config.json")
    assert row(replace(ranked(trials_in(search))[0], config=config)) == rows[0]
    load_trained(build_network(config.network), best / "network.weights.h5")

    run_folder = tmp_path / "run"
    words = ("train", tmp_path / "data", "--weights", tmp_path / "weights.npz", "--output", run_folder)
    assert run(*words, "--config", search / "best.json") == 0
    assert history(run_folder) == history(best)
    assert load_split(run_folder / "split.json") == load_split(search / "split.json")
    unfit = ("--stain-jitter", "0.2")
    assert "--config" in failure(capsys, *words, "--config", search / "best.json", *unfit, code=2)

    before = {path: path.stat().st_mtime_ns for path in search.glob("trials/*/trial.json")}
    assert run(*command, "--trials", "3") == 0
    assert {path: path.stat().st_mtime_ns for path in search.glob("trials/*/trial.json")} == before
    assert capsys.readouterr().out.splitlines() == shown


def test_a_killed_search_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    tune_words = [str(word) for word in prepare(tmp_path)][1:]

    def command(output: str) -> list[str]:
        words = [*tune_words[:-1], str(tmp_path / output), "--trials", "2"]
        return [sys.executable, "-m", "tests.helpers.tune_tiny", *words]

    subprocess.run(command("alone"), cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    expected = trials_in(tmp_path / "alone")
    assert [trial.config.fine_tune for trial in expected] == [None, "block5"]
    kill_before(command("killed"), "fine-tune block5 epoch 1")
    interrupted = tmp_path / "killed" / "trials" / "002"
    assert [trial.number for trial in trials_in(tmp_path / "killed")] == [1]
    begun = history(interrupted)
    assert begun

    subprocess.run(command("killed"), cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    assert history(interrupted)[: len(begun)] == begun
    for one, other in zip(expected, trials_in(tmp_path / "killed"), strict=True):
        assert (other.config, other.epochs, other.failure) == (one.config, one.epochs, "")
        assert other.val_auc == pytest.approx(one.val_auc, abs=1e-3)
    assert load_config(tmp_path / "killed" / "best.json") == load_config(tmp_path / "alone" / "best.json")


def search_of(folder: Path, output: str, **changes: Any) -> Callable[..., list[Trial]]:
    """``tune`` on what ``prepare`` wrote, with a budget still to be given."""
    dataset = load_dataset(folder / "data", input_size=50, mpp=4.0)
    split = tuning.Split(train=("1000", "1001", "1002"), validation=("1003", "1004"), test=("1005",))
    given = {
        "weights": read_weights(folder / "weights.npz", RECIPE.network),
        "dataset": dataset,
        "split": split,
        "config": RECIPE,
        "output": folder / output,
        "minutes": None,
        **{name: change(dataset, split) if callable(change) else change for name, change in changes.items()},
    }
    (folder / output).mkdir(exist_ok=True)
    return lambda **budget: tune(**{**given, **budget})


def with_other_test_patients(dataset: tuning.Dataset, split: tuning.Split) -> tuning.Dataset:
    rows = dataset.rows_of(split.test)
    pixels, truth = dataset.pixels.copy(), dataset.truth.copy()
    pixels[rows] = np.random.default_rng(0).integers(0, 256, pixels[rows].shape, np.uint8)
    truth[rows] ^= 1
    return replace(dataset, pixels=pixels, truth=truth)


def test_test_patients_are_not_looked_at(tmp_path: Path) -> None:
    prepare(tmp_path)
    found = search_of(tmp_path, "search")(trials=2)
    again = search_of(tmp_path, "again", dataset=with_other_test_patients)(trials=2)
    assert [replace(trial, seconds=0) for trial in again] == [replace(trial, seconds=0) for trial in found]
    # Nor are they what tells one search from another.
    search_of(tmp_path, "search", dataset=with_other_test_patients)(trials=2)


def test_the_minutes_end_a_search_behind_the_trial_that_runs(tmp_path: Path) -> None:
    prepare(tmp_path)
    search = search_of(tmp_path, "search")
    for _ in range(2):
        assert [trial.number for trial in search(trials=3, minutes=1e-6)] == [1]
    assert len(search(trials=2, minutes=60)) == 2


def test_a_trial_without_memory_is_recorded_and_the_search_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path)
    train = tuning.train

    def train_or_fail(network: keras.Model, *given: Any, **options: Any) -> None:
        if given[3].name == "001":
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating\na tensor")
        train(network, *given, **options)

    monkeypatch.setattr(tuning, "train", train_or_fail)
    found = search_of(tmp_path, "search")(trials=2)
    assert [(trial.number, trial.failure) for trial in found] == [(2, ""), (1, "OOM when allocating")]
    assert table(tmp_path / "search")[-1]["status"] == "failed: OOM when allocating"


def test_a_loss_that_is_no_number_is_recorded_and_said_where_no_trial_succeeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = prepare(tmp_path, replace(RECIPE, weight_decay=1e30))
    assert "the loss of epoch" in failure(capsys, *command, "--trials", "2")
    assert [trial.failure[:18] for trial in trials_in(tmp_path / "search")] == ["the loss of epoch "] * 2
    assert {trial.epochs for trial in trials_in(tmp_path / "search")} == {0}
    assert not (tmp_path / "search" / "best.json").exists()
    assert not list((tmp_path / "search").rglob("*.h5"))


def test_what_no_recipe_can_help_ends_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(tmp_path)

    def full(*given: Any, **_: Any) -> None:
        (given[4] / "history.jsonl").write_text('{"phase": "he', encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tuning, "train", full)
    with pytest.raises(OSError, match="No space left"):
        search_of(tmp_path, "search")(trials=3)
    assert trials_in(tmp_path / "search") == []


def test_another_search_in_the_same_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = prepare(tmp_path)
    budget = ("--trials", "1")
    assert run(*command, *budget) == 0
    search = tmp_path / "search"

    def refused(*words: str) -> str:
        kept = {path: path.read_bytes() for path in search.glob("*.json")}
        line = failure(capsys, *command, *budget, *words)
        assert {path: path.read_bytes() for path in search.glob("*.json")} == kept
        assert "another --output" in line
        return line

    assert "split.json" in refused("--folds", "3")
    assert "seed differ from its config.json" in refused("--seed", "1")
    monkeypatch.setattr(tuning, "space", narrow)
    assert "space differ from its search.json" in refused()
    monkeypatch.undo()
    (train_patient, *_) = load_split(search / "split.json").train
    path = next((tmp_path / "data" / train_patient).rglob("*.png"))
    Image.new("RGB", (50, 50)).save(path)
    assert "data differ from its search.json" in refused()


def narrow() -> keras_tuner.HyperParameters:
    drawn = keras_tuner.HyperParameters()
    drawn.Choice("dense_units", [64, 128])
    return drawn


def test_recipes_are_drawn_within_the_space_and_by_what_matters_to_them() -> None:
    oracle = keras_tuner.oracles.RandomSearchOracle("val_auc", seed=1, hyperparameters=space())
    base = TrainingConfig(fine_tune_rate=1.0, stain_jitter=1.0)
    configs = [config_of(oracle.populate_space("0")["values"], base) for _ in range(200)]
    assert {c.network.dense_units for c in configs} == {64, 128, 256, 512}
    assert {c.fine_tune for c in configs} == {None, "block1", "block2", "block3", "block4", "block5"}
    for config in configs:
        assert 0 <= config.network.dropout <= 0.7
        assert 1e-4 <= config.head_rate <= 1e-2
        if config.fine_tune is None:
            assert (config.fine_tune_rate, config.stain_jitter) == (1.0, 1.0)
        else:
            assert 1e-5 <= config.fine_tune_rate <= 3e-4
            assert 0 <= config.stain_jitter <= 0.2


def test_failed_trials_come_last_and_earlier_ones_first_where_two_are_equal(tmp_path: Path) -> None:
    trials = [
        Trial(1, RECIPE, 0, 0.0, 1.0, "no memory, \"none\""),
        Trial(2, RECIPE, 4, 0.8, 1.0),
        Trial(3, replace(RECIPE, fine_tune=None), 4, 0.9, 1.0),
        Trial(4, RECIPE, 4, 0.9, 1.0),
    ]  # fmt: skip
    save_table(trials, tmp_path / "trials.csv")
    rows = table(tmp_path)
    assert [r["trial"] for r in rows] == ["3", "4", "2", "1"]
    assert [r["fine_tune"] for r in rows[:2]] == ["none", "block4"]
    assert [r["stain_jitter"] for r in rows[:2]] == ["", "0.1"]
    assert (rows[3]["val_auc"], rows[3]["status"]) == ("", 'failed: no memory, "none"')
