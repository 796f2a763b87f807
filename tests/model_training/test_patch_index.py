from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import ModelError, SourceError
from histoviewer.inference.model_card import read_card
from histoviewer.inference.opening import open_similar
from histoviewer.inference.patch_index import INDEX_NAME, digest_of, load_index
from model_training import patch_index
from model_training.dataset import Dataset, load_dataset
from model_training.patch_index import add_index, index_of, spread_rows
from tests.helpers.changed_bundle import changed_bundle

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dataset(tiny_bundle: Path) -> Dataset:
    return load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)


def test_the_index_is_of_patients_trained_on_and_says_which_patches(
    tiny_bundle: Path, dataset: Dataset
) -> None:
    card, index = read_card(tiny_bundle), load_index(tiny_bundle / INDEX_NAME)
    assert card.patch_index is not None
    assert card.patch_index.patches == len(index) > 0
    assert card.patch_index.network == card.networks[0].main_file
    assert set(index.patients.tolist()) == set(card.split["train"])
    for row, file in enumerate(index.files.tolist()):
        (origin,) = (i for i, name in enumerate(dataset.files) if name.endswith(file))
        assert int(index.digests[row]) == digest_of(dataset.pixels[origin])
        facts = (index.patients[row], index.x[row], index.y[row], index.truth[row])
        known = (dataset.patients[origin], dataset.x[origin], dataset.y[origin], dataset.truth[origin])
        assert facts == known


def test_the_viewer_finds_a_training_patch_again_but_for_its_own_patient(
    tiny_bundle: Path, dataset: Dataset
) -> None:
    finder, patients = open_similar(tiny_bundle), read_card(tiny_bundle).split["train"]
    row = int(dataset.rows_of(patients)[3])
    first, *others = finder.find(dataset.pixels[row], "somebody else")
    assert len(others) == 4
    assert first.digest != digest_of(dataset.pixels[row])  # the same picture under another name
    own = str(dataset.patients[row])
    found = finder.find(dataset.pixels[row], own)
    assert own not in {one.patient for one in found}
    similarities = [one.similarity for one in found]
    assert similarities == sorted(similarities, reverse=True)
    assert 0 < similarities[-1] <= similarities[0] <= 1 + 1e-6
    # A grain of noise makes another picture of it, which is most like itself.
    noisy = dataset.pixels[row].copy()
    noisy[0, 0, 0] ^= 1
    assert finder.find(noisy, "somebody else")[0].digest == digest_of(dataset.pixels[row])


def test_similarity_is_the_cosine_of_the_features(dataset: Dataset) -> None:
    random = np.random.default_rng(1)
    features = np.abs(random.normal(size=(40, 20))).astype(np.float32)
    index = index_of(dataset, np.arange(40), features)
    asked = np.abs(random.normal(size=20)).astype(np.float32)
    lengths = np.linalg.norm(features, axis=1) * np.linalg.norm(asked)
    cosine = features @ asked / lengths
    found = index.nearest(asked, patient="nobody", digest=0, count=40)
    rows = [index.digests.tolist().index(one.digest) for one in found]
    assert sorted(rows) == list(range(40))
    assert [one.similarity for one in found] == pytest.approx(cosine[rows].tolist(), abs=0.005)


def test_a_large_training_is_thinned_evenly_over_patients_and_classes(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patch_index, "MOST", 24)
    rows = spread_rows(dataset, np.arange(len(dataset)), seed=0)
    groups, counts = np.unique(
        np.char.add(dataset.patients[rows], dataset.truth[rows].astype(str)), return_counts=True
    )
    assert len(groups) == 12
    assert counts.tolist() == [2] * 12


def test_the_command_gives_a_finished_bundle_an_index_and_changes_nothing_else(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle", patch_index=None)
    expected = (bundle / INDEX_NAME).read_bytes()
    (bundle / INDEX_NAME).unlink()
    before = {path.name: path.read_bytes() for path in bundle.iterdir() if path.name != "card.json"}
    with pytest.raises(ModelError, match="has no index of the patches it was trained on"):
        open_similar(bundle)
    command = [sys.executable, "-m", "model_training", "similar", str(tiny_bundle.parent / "data")]
    done = subprocess.run(
        [*command, "--bundle", str(bundle)], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    card, old = read_card(bundle), read_card(tiny_bundle)
    assert card.patch_index is not None
    assert json.loads(done.stdout)["files"] == dict(card.patch_index.files)
    assert replace(card, patch_index=None) == replace(old, patch_index=None)
    assert card.sha256 == old.sha256, "results of the model stay its own"
    after = {path.name: path.read_bytes() for path in bundle.iterdir() if path.name != "card.json"}
    assert after == {**before, INDEX_NAME: expected}


def test_an_index_is_made_of_nothing_but_what_was_trained_on(
    tiny_bundle: Path, tmp_path: Path, dataset: Dataset
) -> None:
    others = changed_bundle(
        tiny_bundle, tmp_path / "others", split={"train": ["nobody"], "validation": [], "test": []}
    )
    with pytest.raises(SourceError, match=r"no patient that .* was trained on"):
        add_index(others, dataset)
    leaky = changed_bundle(tiny_bundle, tmp_path / "leaky", training={"split": {"leaks": True}})
    with pytest.raises(SourceError, match="does not say which"):
        add_index(leaky, dataset)


def test_a_damaged_index_is_not_used(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = changed_bundle(tiny_bundle, tmp_path / "bundle")
    (bundle / INDEX_NAME).write_bytes(b"no index")
    with pytest.raises(ModelError, match="sha256 differs"):
        open_similar(bundle)
    with pytest.raises(ModelError, match=r"Cannot read .*Install the bundle again"):
        load_index(bundle / INDEX_NAME)
