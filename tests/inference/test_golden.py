from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ModelError
from histoviewer.inference.classifier import Classifier
from histoviewer.inference.golden import MOST_NUCLEI, TOLERANCE, check_golden, golden_patch
from histoviewer.inference.model_card import Golden, read_card
from histoviewer.inference.opening import Engine, open_classifier
from tests.helpers.changed_bundle import changed_bundle
from tests.helpers.fake_classifier import a_card

XML = "network.xml"


def asked(expected: float, *, answer: float) -> None:
    """Check a network that gives this answer to whatever it is asked."""
    card = a_card(golden=Golden(18, {XML: expected}, 0.05))
    check_golden(card, card.networks[0], lambda pixels: np.full(len(pixels), answer, np.float32))


def test_the_patch_is_the_same_for_ever() -> None:
    patch = golden_patch(50, 18)
    assert (patch.shape, patch.dtype) == ((50, 50, 3), np.uint8)
    digest = "7486cbb066f24507af094f2eb9e1041131fb83527397645afb1ad7a55ac3249a"
    assert hashlib.sha256(patch.tobytes()).hexdigest() == digest, (
        "bundles that are out would not open any more"
    )


def test_more_nuclei_make_a_darker_patch_that_is_never_symmetric() -> None:
    patches = [golden_patch(50, nuclei) for nuclei in range(MOST_NUCLEI + 1)]
    means = [float(patch.mean()) for patch in patches]
    assert means == sorted(means, reverse=True)
    assert means[0] - means[-1] > 60
    for patch in patches:
        others = (patch[::-1], patch[:, ::-1], patch.transpose(1, 0, 2), patch[..., ::-1], patch[::-1, ::-1])
        assert not any(np.array_equal(patch, other) for other in others)


@pytest.mark.parametrize("size", [1, 8, 50, 224])
def test_the_patch_has_the_size_of_the_input(size: int) -> None:
    assert golden_patch(size, 18).shape == (size, size, 3)


def test_an_answer_within_the_tolerance_will_do() -> None:
    asked(0.83, answer=0.80)


@pytest.mark.parametrize("answer", [0.12, 0.89, float("nan")])
def test_another_answer_is_an_error_of_one_line(answer: float) -> None:
    with pytest.raises(ModelError) as error:
        asked(0.83, answer=answer)
    assert f"gives {answer:.2f} for its golden patch, where 0.83 is expected" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("engine", ["openvino", "keras"])
def test_a_bundle_opens_only_if_its_network_gives_the_expected_answer(
    tiny_bundle: Path, tmp_path: Path, engine: Engine
) -> None:
    card = read_card(tiny_bundle)
    network, golden = card.network(engine), card.golden
    assert network is not None
    assert golden is not None
    wrong = golden.probabilities[network.main_file] + 2 * TOLERANCE
    probabilities = {**golden.probabilities, network.main_file: wrong}
    facts = asdict(replace(golden, probabilities=probabilities))
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle", golden=facts)
    with pytest.raises(ModelError, match=f"where .* is expected: {engine} does not compute it rightly here"):
        open_classifier(bundle, engine=engine)
    other: Engine = "keras" if engine == "openvino" else "openvino"
    assert open_classifier(bundle, engine=other).engine == other


def test_the_trainers_answers_are_those_of_the_networks_it_wrote(tiny_bundle: Path) -> None:
    card = read_card(tiny_bundle)
    assert card.golden is not None
    patch = golden_patch(card.input_size, card.golden.nuclei)[np.newaxis]
    engines: tuple[Engine, ...] = ("openvino", "keras")
    for engine in engines:
        classifier: Classifier = open_classifier(tiny_bundle, engine=engine)
        network = card.network(engine)
        assert network is not None
        expected = card.golden.probabilities[network.main_file]
        assert classifier.predict(patch)[0] == pytest.approx(expected, abs=1e-4)


def test_a_card_without_a_golden_patch_opens_as_before(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle", golden=None)
    assert open_classifier(bundle).engine == "openvino"
