from pathlib import Path

import keras
import numpy as np
import pytest

from histoviewer.errors import ModelError
from histoviewer.inference.model_card import file_sha256, read_card
from histoviewer.inference.opening import open_classifier
from model_training.bundle import evaluate_bundle
from model_training.dataset import ROLES, Split, load_dataset
from model_training.network import build_network
from model_training.training import train
from tests.helpers.tiny_bundle import RESAMPLES, TINY, make_tiny_bundle


def test_the_card_lists_every_file_with_its_checksum(tiny_bundle: Path) -> None:
    card = read_card(tiny_bundle)
    listed = {name: checksum for network in card.networks for name, checksum in network.files.items()}
    assert set(listed) == {path.name for path in tiny_bundle.iterdir()} - {"card.json"}
    assert all(file_sha256(tiny_bundle / name) == checksum for name, checksum in listed.items())


def test_the_cards_figures_are_of_patients_not_trained_on(tiny_bundle: Path) -> None:
    card = read_card(tiny_bundle)
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    assert evaluate_bundle(tiny_bundle, dataset, resamples=RESAMPLES) == card.metrics
    assert not set(card.split["test"]) & set(card.split["train"] + card.split["validation"])


def test_evaluating_on_nobody_is_an_error(tiny_bundle: Path) -> None:
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    with pytest.raises(ModelError, match="Nothing to evaluate"):
        evaluate_bundle(tiny_bundle, dataset, ["nobody"])


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


def test_int8_is_shipped_only_where_it_agrees(tmp_path: Path) -> None:
    card = read_card(make_tiny_bundle(tmp_path, allow_int8=True))
    agreement = card.training["int8_against_f32"]
    agrees = agreement["decisions"] >= 0.99 and agreement["auc_loss"] <= 0.002
    network = card.network("openvino")
    assert network is not None
    assert network.precision == ("int8" if agrees else "f16")
