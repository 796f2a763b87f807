import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from model_training.dataset import load_dataset, split_by_patient
from model_training.features import FeatureCache, compile_for_cpu, oriented, run_over, to_openvino
from model_training.network import build_network, frozen_part
from model_training.training import OrientedBatches, train
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY

ROOT = Path(__file__).resolve().parents[2]


def history(output: Path) -> list[tuple[str, int]]:
    lines = (output / "history.jsonl").read_text(encoding="utf-8").splitlines()
    return [(line["phase"], line["epoch"]) for line in map(json.loads, lines)]


def test_training_learns_to_tell_dark_from_pale(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    dataset = load_dataset(tmp_path / "data", input_size=50, mpp=4.0)
    split = split_by_patient(dataset.patients.tolist(), seed=0)
    keras.utils.set_random_seed(0)
    network = build_network(TINY.network)
    train(network, dataset, split, replace(TINY, head_epochs=4, fine_tune_epochs=6), tmp_path)
    rows = dataset.rows_of(split.test)
    probability = run_over(compile_for_cpu(to_openvino(network)), dataset.pixels[rows])[:, 0]
    truth = dataset.truth[rows]
    assert probability[truth == 1].mean() > probability[truth == 0].mean() + 0.2


def test_a_killed_training_goes_on_behind_its_last_epoch(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16)
    output = tmp_path / "run"
    command = [
        sys.executable, "-m", "tests.helpers.train_tiny", str(tmp_path / "data"), str(output)
    ]  # fmt: skip
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("epoch 2"):
            break
    running.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    running.communicate()
    before = history(output)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = history(output)
    assert after[: len(before)] == before
    assert len(after) == len(set(after)), "an epoch was trained twice"
    assert (output / "done head").exists()
    assert (output / "done fine-tune block4").exists()


def test_features_are_computed_once_and_stay_the_same(tmp_path: Path) -> None:
    network = frozen_part(build_network(TINY.network), "block3_pool")
    pixels = np.random.default_rng(0).integers(0, 256, (20, 50, 50, 3), np.uint8)
    cache = FeatureCache(tmp_path)
    first = cache.features(network, pixels, orientations=2)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = cache.features(network, pixels, orientations=2)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    np.testing.assert_allclose(first[0], network(pixels), rtol=2e-3, atol=1e-2)
    np.testing.assert_allclose(first[1], network(oriented(pixels, 1)), rtol=2e-3, atol=1e-2)


def test_the_eight_orientations_are_eight() -> None:
    pixels = np.arange(2 * 50 * 50 * 3).reshape(2, 50, 50, 3).astype(np.uint8)
    assert len({oriented(pixels, o).tobytes() for o in range(8)}) == 8
    assert np.array_equal(oriented(pixels, 0), pixels)


def test_batches_hold_every_patch_once_an_epoch_in_an_order_of_the_epoch_alone() -> None:
    features = [np.arange(10, dtype=np.float16)[:, None], np.arange(10, 20, dtype=np.float16)[:, None]]
    truth = (np.arange(10) % 2).astype(np.int8)
    batches = OrientedBatches(features, truth, batch_size=4, seed=1)

    def epoch(number: int) -> list[float]:
        batches.start_epoch(number)
        return [float(v) for i in range(len(batches)) for v in batches[i][0][:, 0]]

    first = epoch(0)
    assert sorted(v % 10 for v in first) == list(range(10))
    assert epoch(1) != first
    assert epoch(0) == first
    for i in range(len(batches)):
        x, y = batches[i]
        assert np.array_equal(x[:, 0].astype(int) % 10 % 2, y[:, 0])
