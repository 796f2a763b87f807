"""The contract: a tiny real VGG, trained, bundled, opened by both engines, gives one and the same answer."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ModelError
from histoviewer.inference import network_files, opening
from histoviewer.inference.model_card import CARD_NAME, Context, Golden, read_card
from histoviewer.inference.opening import open_classifier
from histoviewer.resources import default_bundle

CONTEXT: dict[str, object] = {
    "own": -0.3,
    "rings": [0.8, 0.2],
    "intercept": 0.1,
    "shrinkage": 2,
    "max_logit": 6.0,
    "evidence": {"n": 1},
}
GOLDEN: dict[str, object] = {
    "nuclei": 18,
    "probabilities": {"network-int8.xml": 0.5, "keras-network.json": 0.5},
    "tolerance": 0.05,
}


def some_patches(count: int) -> np.ndarray:
    random = np.random.default_rng(5)
    base = random.integers(0, 256, (count, 1, 1, 3))
    return np.clip(base + random.integers(-40, 40, (count, 50, 50, 3)), 0, 255).astype(np.uint8)


def test_both_engines_give_the_same_answers(tiny_bundle: Path) -> None:
    pixels = some_patches(70)
    answers = {
        engine: open_classifier(tiny_bundle, engine=engine).predict(pixels)
        for engine in ("openvino", "keras")
    }
    assert answers["openvino"].dtype == answers["keras"].dtype == np.float32
    assert answers["openvino"].shape == (70,)
    assert np.ptp(answers["keras"]) > 0.05
    np.testing.assert_allclose(answers["openvino"], answers["keras"], atol=1e-3)


def test_the_answer_depends_on_the_order_of_the_channels(tiny_bundle: Path) -> None:
    classifier = open_classifier(tiny_bundle)
    pixels = some_patches(16)
    swapped = np.ascontiguousarray(pixels[..., ::-1])
    assert np.abs(classifier.predict(pixels) - classifier.predict(swapped)).max() > 1e-3


def test_a_batch_of_any_size_gives_each_patch_its_own_answer(tiny_bundle: Path) -> None:
    classifier = open_classifier(tiny_bundle)
    pixels = some_patches(9)
    one_by_one = np.concatenate([classifier.predict(pixels[i : i + 1]) for i in range(9)])
    np.testing.assert_allclose(classifier.predict(pixels), one_by_one, atol=1e-5)


def test_auto_takes_openvino_without_importing_tensorflow(tiny_bundle: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from histoviewer.inference.opening import open_classifier;"
        "c = open_classifier(Path(sys.argv[1]));"
        "print(c.engine, 'tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tiny_bundle], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["openvino", "False", "False"]


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No model in .*nowhere"):
        open_classifier(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}'])
def test_a_damaged_card_is_an_error_of_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / CARD_NAME).write_text(text)
    with pytest.raises(ModelError) as error:
        read_card(tmp_path)
    assert "\n" not in str(error.value)


def changed_card(bundle: Path, folder: Path, **changes: object) -> Path:
    """A copy of the bundle's card with other facts in it."""
    facts = json.loads((bundle / CARD_NAME).read_text(encoding="utf-8"))
    (folder / CARD_NAME).write_text(json.dumps(facts | changes), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mpp", "4.0"),
        ("mpp", True),
        ("mpp", 0),
        ("mpp", float("nan")),
        ("input_size", 50.5),
        ("input_size", -50),
        ("threshold", None),
        ("name", 7),
        ("class_names", ["benign"]),
        ("class_names", "no"),
        ("networks", 3),
        ("networks", [{"engine": "openvino", "precision": "f16", "files": ["network.xml"], "size": 1}]),
        ("networks", [{"engine": "openvino", "precision": "f16", "files": {"network.xml": 5}, "size": 1}]),
        ("split", {"test": "8867"}),
        ("split", {"test": [8867]}),
        ("metrics", {"roc_auc": {"value": "high", "low": 0.9, "high": 1.0}}),
        ("training", []),
        ("context", []),
        ("context", {}),
        ("context", CONTEXT | {"own": "1"}),
        ("context", CONTEXT | {"own": float("nan")}),
        ("context", CONTEXT | {"rings": 0.5}),
        ("context", CONTEXT | {"rings": ["0.5"]}),
        ("context", CONTEXT | {"rings": [float("inf")]}),
        ("context", CONTEXT | {"shrinkage": -1}),
        ("context", CONTEXT | {"max_logit": 0}),
        ("context", CONTEXT | {"evidence": None}),
        ("context", CONTEXT | {"unheard_of": 1}),
        ("golden", 7),
        ("golden", GOLDEN | {"nuclei": 1.5}),
        ("golden", GOLDEN | {"tolerance": None}),
        ("golden", GOLDEN | {"probabilities": [0.5]}),
        ("golden", GOLDEN | {"probabilities": {"network-int8.xml": "0.5", "keras-network.json": 0.5}}),
        ("golden", GOLDEN | {"probabilities": {"network-int8.xml": 0.5}}),
    ],
)
def test_a_field_of_a_wrong_type_damages_the_card(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(ModelError, match=r"card\.json is damaged: .* Install the bundle again"):
        read_card(changed_card(default_bundle(), tmp_path, **{field: value}))


def test_a_damaged_card_names_the_field(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"mpp is '4\.0', expected float"):
        read_card(changed_card(default_bundle(), tmp_path, mpp="4.0"))


def test_a_whole_number_is_a_scale_too(tmp_path: Path) -> None:
    assert read_card(changed_card(default_bundle(), tmp_path, mpp=4)).mpp == 4.0


def test_a_network_that_lacks_its_graph_is_named(tmp_path: Path) -> None:
    network = {"engine": "openvino", "precision": "f16", "files": {}, "size": 1}
    with pytest.raises(ModelError, match=r"names no \.xml file"):
        open_classifier(changed_card(default_bundle(), tmp_path, networks=[network], golden=None))


def test_a_network_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO), path)

    monkeypatch.setattr(network_files, "file_sha256", read)
    with pytest.raises(ModelError, match=r"Cannot read .*network-int8\.xml.*: Input/output error\. Check"):
        open_classifier(default_bundle())


@pytest.mark.parametrize("engine", ["openvino", "keras"])
def test_an_engine_that_cannot_be_imported_is_named(
    monkeypatch: pytest.MonkeyPatch, engine: opening.Engine
) -> None:
    monkeypatch.setitem(sys.modules, f"histoviewer.inference.{engine}_classifier", None)
    with pytest.raises(ModelError, match=f"The engine {engine} cannot be loaded here: "):
        open_classifier(default_bundle(), engine=engine)


def test_a_changed_network_file_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    weights = next(bundle.glob("*.bin"))
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    with pytest.raises(ModelError, match="sha256 differs"):
        open_classifier(bundle)


def test_a_missing_network_file_is_named(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    next(bundle.glob("*.npz")).unlink()
    with pytest.raises(ModelError, match=r"lacks keras-weights-f16\.npz"):
        open_classifier(bundle, engine="keras")


def test_an_engine_the_bundle_has_not_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    card = json.loads((bundle / CARD_NAME).read_text(encoding="utf-8"))
    card["networks"] = [n for n in card["networks"] if n["engine"] == "openvino"]
    (bundle / CARD_NAME).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="--engine keras; it has: openvino"):
        open_classifier(bundle, engine="keras")


def test_the_card_survives_being_saved(tiny_bundle: Path, tmp_path: Path) -> None:
    card = read_card(tiny_bundle)
    card.save(tmp_path)
    assert read_card(tmp_path) == card


def test_neighbours_are_part_of_what_a_model_is_and_their_evidence_is_not(tmp_path: Path) -> None:
    def identity(**changes: object) -> str:
        facts = {"golden": None, "context": None} | changes
        return read_card(changed_card(default_bundle(), tmp_path, **facts)).sha256

    files = [checksum for n in read_card(default_bundle()).networks for checksum in n.files.values()]
    known = hashlib.sha256("".join(sorted(files)).encode()).hexdigest()  # as before cards spoke of neighbours
    assert identity() == identity(golden=GOLDEN) == known
    others = [identity(context=CONTEXT | changes) for changes in ({}, {"own": 0}, {"rings": [0.8]})]
    assert len({known, *others}) == 4
    assert identity(context=CONTEXT | {"evidence": {"n": 2}, "shrinkage": 2.0}) == others[0]


def test_a_card_says_how_neighbours_are_taken_into_account(tmp_path: Path) -> None:
    card = read_card(changed_card(default_bundle(), tmp_path, context=CONTEXT, golden=GOLDEN))
    assert card.context == Context(-0.3, (0.8, 0.2), 0.1, 2, 6.0, {"n": 1})
    assert card.golden == Golden(18, {"network-int8.xml": 0.5, "keras-network.json": 0.5}, 0.05)
    card.save(tmp_path)
    assert read_card(tmp_path) == card


def test_the_shipped_model_says_that_it_has_seen_everybody_and_what_measured_it() -> None:
    card = read_card(default_bundle())
    assert not card.split["validation"]
    assert not card.split["test"]
    assert card.role_of("8867") == "train"
    assert len(card.measured_on) == 224
    assert "cross-validation by patient" in card.training["figures"]
    assert card.training["int8_against_f32"]["decisions"] >= 0.99
    assert card.training["int8_against_f32"]["auc_loss"] <= 0.002
    assert card.metrics["ece"].value <= 0.03
    assert card.context is not None
    assert card.golden is not None


def test_the_shipped_model_says_what_its_own_threshold_gives() -> None:
    card = read_card(default_bundle())
    (point,) = [point for point in card.operating_points if point.threshold == card.threshold]
    assert point.sensitivity == pytest.approx(card.metrics["recall"].value, abs=1e-4)
    assert point.specificity == pytest.approx(card.metrics["specificity"].value, abs=1e-4)


def test_the_shipped_model_answers_alike_on_both_engines_within_its_stated_bounds() -> None:
    card = read_card(default_bundle())
    pixels = some_patches(64)
    fast, exact = (open_classifier(default_bundle(), engine=e).predict(pixels) for e in ("openvino", "keras"))
    assert np.mean((fast >= card.threshold) == (exact >= card.threshold)) >= 0.95


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a single process on Windows")
def test_signals_are_survived_after_networks_came_and_went(tiny_bundle: Path) -> None:
    code = f"""
import faulthandler, os, signal
from pathlib import Path
from histoviewer.inference.opening import open_classifier
faulthandler.enable()  # has a stack for signals of its own, as a test run does
first = open_classifier(Path({str(tiny_bundle)!r}))
second = open_classifier(Path({str(tiny_bundle)!r}))
del first
del second
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("survived")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "survived\n"), done.stderr
