import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from model_training.augmentation import oriented
from model_training.dataset import load_dataset, split_by_patient, split_of_all
from model_training.features import FeatureCache, compile_for_cpu, run_over, to_openvino
from model_training.network import build_network, frozen_part, trained_part
from model_training.progress import Epoch, Event, Features
from model_training.training import train
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY
from tests.helpers.train_tiny import PATIENCE, upside_down

ROOT = Path(__file__).resolve().parents[2]


def history(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / "history.jsonl").read_text(encoding="utf-8").splitlines()]


def test_training_learns_to_tell_dark_from_pale(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    dataset = load_dataset(tmp_path / "data", input_size=50, mpp=4.0)
    split = split_by_patient(dataset.patients.tolist(), seed=0)
    keras.utils.set_random_seed(0)
    network = build_network(TINY.network)
    train(network, dataset, split, replace(TINY, head_epochs=4, fine_tune_epochs=6), tmp_path)
    rows = split.rows(dataset, "test")
    probability = run_over(compile_for_cpu(to_openvino(network)), dataset.pixels[rows])[:, 0]
    truth = dataset.truth[rows]
    assert probability[truth == 1].min() > probability[truth == 0].max()


def test_a_killed_training_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    output = tmp_path / "run"
    command = [
        sys.executable, "-m", "tests.helpers.train_tiny", str(tmp_path / "data"), str(output)
    ]  # fmt: skip
    kill_before(command, "head epoch 2")
    before = history(output)
    assert len(before) == 2
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    after = history(output)
    assert after[:2] == before
    assert len({(line["phase"], line["epoch"]) for line in after}) == len(after), "an epoch was trained twice"

    head = [line for line in after if line["phase"] == "head"]
    best = max(head, key=lambda line: line["val_auc"])
    assert best["epoch"] <= 2
    assert max(line["val_auc"] for line in head[2:]) < best["val_auc"]
    assert head[-1]["epoch"] == best["epoch"] + PATIENCE
    assert val_auc_of_best_weights(tmp_path / "data", output) == pytest.approx(best["val_auc"], abs=0.01)
    assert (output / "done head").exists()
    assert (output / "done fine-tune block4").exists()


def test_a_training_killed_in_the_middle_of_an_epoch_ends_as_one_left_alone(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    alone, killed = tmp_path / "alone", tmp_path / "killed"

    def command(output: Path) -> list[str]:
        words = ["tests.helpers.train_tiny", str(tmp_path / "data"), str(output), "--by-batch"]
        return [sys.executable, "-m", *words]

    subprocess.run(command(alone), cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    for phase in ("head", "fine-tune block4"):
        kill_before(command(killed), f"{phase} epoch 1 batch 2")
    subprocess.run(command(killed), cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    expected, found = history(alone), history(killed)
    assert [(line["phase"], line["epoch"]) for line in found] == [
        (line["phase"], line["epoch"]) for line in expected
    ]
    for one, other in zip(expected, found, strict=True):
        for name in ("loss", "val_loss", "val_auc"):
            assert other[name] == pytest.approx(one[name], abs=1e-3), (one["phase"], one["epoch"], name)


def kill_before(command: list[str], moment: str) -> None:
    running = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert running.stdin is not None
    assert running.stdout is not None
    for line in running.stdout:
        if line == f"{moment}\n":
            break
        running.stdin.write("go on\n")
    running.kill()
    running.communicate()


def val_auc_of_best_weights(data: Path, output: Path) -> float:
    dataset, split = upside_down(data)
    keras.utils.set_random_seed(TINY.seed)  # the tiny network's frozen base is random
    network = build_network(TINY.network)
    trained_part(network, "block5_pool").load_weights(output / "best head.weights.h5")
    rows = split.rows(dataset, "validation")
    probability = network(dataset.pixels[rows], training=False)
    return float(roc_auc_score(dataset.truth[rows], np.asarray(probability)[:, 0]))


def test_without_validation_the_last_epoch_counts(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=2, patches=8)
    dataset = load_dataset(tmp_path / "data", input_size=50, mpp=4.0)
    network = build_network(TINY.network)
    ends: list[list[np.ndarray[Any, Any]]] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Epoch):
            ends.append([np.array(weight) for weight in network.get_weights()])

    config = replace(TINY, fine_tune=None, head_epochs=6, head_rate=0.1, patience=1)
    train(network, dataset, split_of_all(["1000", "1001"]), config, tmp_path, progress=on_event)
    assert [line["epoch"] for line in history(tmp_path)] == [1, 2, 3, 4, 5, 6]
    assert not np.array_equal(ends[-1][-2], ends[-2][-2])
    for found, expected in zip(network.get_weights(), ends[-1], strict=True):
        assert np.array_equal(found, expected)


def test_features_are_computed_once_and_stay_the_same(tmp_path: Path) -> None:
    network = frozen_part(build_network(TINY.network), "block3_pool")
    pixels = np.random.default_rng(0).integers(0, 256, (20, 50, 50, 3), np.uint8)
    even, every = np.arange(0, 20, 2), np.arange(20)
    told: list[Event] = []
    cache = FeatureCache(tmp_path, told.append)
    first = [f[even].copy() for f in cache.features(network, pixels, even, orientations=2)]
    assert told == [Features(10, 20), Features(20, 20)]
    cache.features(network, pixels, even, orientations=2)
    assert len(told) == 2, "computed again"
    again = FeatureCache(tmp_path, told.append).features(network, pixels, every, orientations=2)
    assert told[2:] == [Features(10, 20), Features(20, 20)], "more than was missing"
    assert all(np.array_equal(a, b[even]) for a, b in zip(first, again, strict=True))
    np.testing.assert_allclose(again[0], network(pixels), rtol=2e-3, atol=1e-2)
    np.testing.assert_allclose(again[1], network(oriented(pixels, 1)), rtol=2e-3, atol=1e-2)
    other = frozen_part(build_network(TINY.network), "block3_pool")
    (of_other,) = cache.features(other, pixels, every, orientations=1)
    np.testing.assert_allclose(of_other, other(pixels), rtol=2e-3, atol=1e-2)
