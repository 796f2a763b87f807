import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from histoviewer.errors import ModelError, SourceError
from histoviewer.inference.model_card import ModelCard, file_sha256, read_card
from histoviewer.inference.opening import open_classifier
from model_training.bundle import ONE_BY_ONE, bundle_answers, evaluate_bundle, make_bundle
from model_training.dataset import ROLES, Split, load_dataset, load_split, split_at_random
from model_training.network import build_network
from model_training.same_material import UNCHECKED
from model_training.training import train
from tests.helpers.changed_bundle import changed_bundle
from tests.helpers.tiny_bundle import RESAMPLES, TINY

ROOT = Path(__file__).resolve().parents[2]


def test_the_card_lists_every_file_with_its_checksum(tiny_bundle: Path) -> None:
    card = read_card(tiny_bundle)
    listed = {name: checksum for part in card.parts for name, checksum in part.files.items()}
    assert set(listed) == {path.name for path in tiny_bundle.iterdir()} - {"card.json"}
    assert all(file_sha256(tiny_bundle / name) == checksum for name, checksum in listed.items())


def test_the_cards_figures_are_of_patients_not_trained_on(tiny_bundle: Path) -> None:
    card = read_card(tiny_bundle)
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    answers = bundle_answers(tiny_bundle, dataset)
    assert evaluate_bundle(card, answers, resamples=RESAMPLES) == card.metrics
    assert not set(card.split["test"]) & set(card.split["train"] + card.split["validation"])


def test_the_card_says_how_the_patients_were_split(tiny_bundle: Path, tmp_path: Path) -> None:
    card = read_card(tiny_bundle)
    assert card.training["split"] == {
        "kind": "patients",
        "leaks": False,
        "unit": "patient",
        "seed": TINY.seed,
    }
    assert "leaks" not in card.limits

    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    split = split_at_random(dataset, seed=0)
    make_bundle(
        *(build_network(TINY.network), dataset, split, TINY),
        name="tiny",
        version="1",
        mpp=4.0,
        output=tmp_path,
        allow_int8=False,
        resamples=RESAMPLES,
    )
    leaky = read_card(tmp_path)
    assert leaky.training["split"]["kind"] == "random patches"
    assert "it leaks" in leaky.limits
    assert leaky.role_of("1000") == "train"
    assert leaky.leaks
    assert not card.leaks
    assert set(leaky.measured_on) <= set(leaky.split["train"])
    assert leaky.measured_on == leaky.split["test"] != ()
    with pytest.raises(SourceError, match="split at random, so that every test patient"):
        bundle_answers(tmp_path, dataset)


def test_evaluating_on_an_unknown_patient_beside_a_known_one_is_an_error(tiny_bundle: Path) -> None:
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    with pytest.raises(SourceError, match="Cannot evaluate on nobody: no such patient"):
        bundle_answers(tiny_bundle, dataset, ["1000", "nobody"])


def test_a_network_that_the_viewer_would_not_open_is_not_evaluated(tiny_bundle: Path, tmp_path: Path) -> None:
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle")
    (weights,) = bundle.glob("network-*.bin")
    content = bytearray(weights.read_bytes())
    content[100:400] = bytes(300)
    weights.write_bytes(content)
    with pytest.raises(ModelError, match=r"not the file the model card names \(sha256 differs\)"):
        bundle_answers(bundle, dataset)
    weights.unlink()
    with pytest.raises(ModelError, match=rf"lacks {weights.name}\. Install the bundle again"):
        bundle_answers(bundle, dataset)


def test_a_network_that_computes_something_else_here_is_not_evaluated(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    card = read_card(tiny_bundle)
    assert card.golden is not None
    wrong = {name: answer + 2 * card.golden.tolerance for name, answer in card.golden.probabilities.items()}
    golden = {"nuclei": card.golden.nuclei, "probabilities": wrong, "tolerance": card.golden.tolerance}
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle", golden=golden)
    with pytest.raises(ModelError, match="for its golden patch"):
        bundle_answers(bundle, dataset)


def test_the_bundle_answers_as_the_network_that_was_trained(tiny_bundle: Path) -> None:
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    keras.utils.set_random_seed(TINY.seed)  # the tiny network's frozen base is random
    network = build_network(TINY.network)
    run = tiny_bundle.parent / "training"
    card = read_card(tiny_bundle)
    split = Split(**{role: card.split[role] for role in ROLES})
    train(network, dataset, split, TINY, run)  # finished already: loads the best weights
    expected = np.asarray(network(dataset.pixels[:40], training=False))[:, 0]
    answer = open_classifier(tiny_bundle).predict(dataset.pixels[:40])
    np.testing.assert_allclose(answer, expected, atol=2e-3)  # weights are stored as float16


def test_the_command_writes_nothing_but_figures_to_stdout(tiny_bundle: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "model_training", "bundle", str(tiny_bundle.parent / "data")]
    options = ["--training", str(tiny_bundle.parent / "training"), "--output", str(tmp_path)]
    done = subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    card = read_card(tmp_path)
    assert json.loads(done.stdout)["roc_auc"]["value"] == card.metrics["roc_auc"].value
    assert "int8_against_f32" in card.training
    assert card.data.endswith("Read from: data.")
    assert ONE_BY_ONE in card.limits
    assert UNCHECKED in card.limits, "the tiny training has kept no checksums"


def test_the_card_says_that_patches_are_judged_one_by_one_and_of_which_data(tiny_bundle: Path) -> None:
    card = read_card(tiny_bundle)
    assert card.context is None
    assert ONE_BY_ONE in card.limits
    assert card.data.startswith("Breast Histopathology Images: 6 patients, 96 patches, 48 of them malignant")


def test_a_failure_in_the_middle_leaves_the_older_bundle_as_it_was(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, older)
    before = {path.name: path.read_bytes() for path in older.iterdir()}
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    split = load_split(tiny_bundle.parent / "training" / "split.json")
    network = build_network(TINY.network)

    def full(*words: object) -> None:
        raise OSError(28, "No space left on device", str(words[-1]))

    facts: dict[str, Any] = {"name": "tiny", "version": "2", "mpp": 4.0, "resamples": RESAMPLES}
    with monkeypatch.context() as patched:
        patched.setattr(ModelCard, "save", full)
        with pytest.raises(OSError, match="No space left"):
            make_bundle(network, dataset, split, TINY, output=older, allow_int8=False, **facts)
    assert {path.name: path.read_bytes() for path in older.iterdir()} == before
    assert list(tmp_path.iterdir()) == [older]

    (older / "network-int8.xml").touch()
    make_bundle(network, dataset, split, TINY, output=older, allow_int8=False, **facts)
    card = read_card(older)
    assert card.version == "2"
    assert {path.name for path in older.iterdir()} == {
        "card.json",
        *(name for part in card.parts for name in part.files),
    }
