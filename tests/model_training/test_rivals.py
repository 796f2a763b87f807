import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import read_card
from model_training.cli import main
from model_training.dataset import load_dataset
from model_training.rivals import McNemar, compare_bundles, mcnemar, write_comparison
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import RESAMPLES, TINY
from tests.helpers.tiny_weights import write_tiny_weights


def test_mcnemar_counts_what_only_one_decides_rightly() -> None:
    truth = np.array([1, 1, 1, 1, 0, 0, 0, 0], np.int8)
    old = np.array([1, 0, 0, 0, 0, 1, 1, 0], bool)
    new = np.array([0, 1, 1, 1, 0, 0, 0, 0], bool)
    found = mcnemar(truth, old, new)
    assert (found.only_old, found.only_new) == (1, 5)
    assert found.p == pytest.approx(2 * (1 + 6) / 2**6), "the binomial tail, both ways"
    assert mcnemar(truth, old, old) == McNemar(0, 0, 1.0)


def test_patients_whom_neither_has_seen_are_compared_on(tiny_bundle: Path, tmp_path: Path) -> None:
    write_idc_like(tmp_path / "data", patients=8, patches=16)
    dataset = load_dataset(tmp_path / "data", input_size=50, mpp=4.0)
    found = compare_bundles(tiny_bundle, tiny_bundle, dataset, resamples=RESAMPLES)
    seen = read_card(tiny_bundle).split
    assert set(found.patients) == {*map(str, range(1000, 1008))} - {*seen["train"], *seen["validation"]}
    assert found.is_unseen
    assert found.difference["roc_auc"].value == 0
    assert found.old == found.new


def test_figures_of_one_that_has_seen_the_patients_are_marked(tiny_bundle: Path, tmp_path: Path) -> None:
    card = read_card(tiny_bundle)
    everybody = tuple(patient for side in card.split.values() for patient in side)
    old = tmp_path / "old"
    old.mkdir()
    for path in tiny_bundle.iterdir():
        (old / path.name).write_bytes(path.read_bytes())
    replace(card, split={"train": everybody, "validation": (), "test": ()}).save(old)
    dataset = load_dataset(tiny_bundle.parent / "data", input_size=50, mpp=4.0)
    found = compare_bundles(old, tiny_bundle, dataset, resamples=RESAMPLES)
    assert not found.is_unseen
    assert found.patients == card.split["test"]
    with pytest.raises(SourceError, match="Nothing to compare on"):
        compare_bundles(tiny_bundle, old, dataset, resamples=RESAMPLES)


def test_retraining_leaves_bundle_and_comparison(
    tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_idc_like(tmp_path / "data", patients=6, patches=16, seed=1)
    TINY.save(tmp_path / "recipe.json")
    run = tmp_path / "run"
    words = [
        *("retrain", tmp_path / "data", "--output", run, "--against", tiny_bundle, "--version", "7"),
        *("--config", tmp_path / "recipe.json", "--weights", write_tiny_weights(tmp_path / "weights.npz")),
        *("--no-int8", "--progress-json"),
    ]
    run.mkdir()
    (run / "stop").touch()
    assert main([str(word) for word in words]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["stage"] for line in told if line["event"] == "stage"] == ["bundle", "compare"]
    assert told[-1]["event"] == "done"
    assert read_card(run / "bundle").version == "7"
    assert "ended by hand" in read_card(run / "bundle").limits
    facts = json.loads((run / "comparison.json").read_text(encoding="utf-8"))
    assert facts["titles"] == ["tiny 1", "idc-vgg16-retrained 7"]
    assert set(facts["mcnemar"]) == {"only_old", "only_new", "p"}
    assert {"value", "low", "high"} == set(facts["new"]["roc_auc"])
    with np.load(run / "comparison.npz") as each:
        assert set(each["slide"].tolist()) == set(facts["patients"])
        assert len(each["old"]) == len(each["new"]) == facts["patches"]
        places = {(slide, x, y) for slide, x, y in zip(each["slide"], each["x"], each["y"], strict=True)}
        assert len(places) == facts["patches"]
        assert (each["truth"] == each["x"] // 50 % 2).all(), "every other column is malignant"
        assert roc_auc_score(each["truth"], each["old"]) == pytest.approx(facts["old"]["roc_auc"]["value"])


def test_where_there_is_nothing_to_compare_on_the_file_says_so(tiny_bundle: Path, tmp_path: Path) -> None:

    card = read_card(tiny_bundle)
    seen = sorted(card.split["train"])[0]
    only_seen = tiny_bundle.parent / "data" / seen
    write_comparison(tmp_path, [only_seen], tiny_bundle, tiny_bundle)
    facts = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    assert "Nothing to compare on" in facts["problem"]
    assert facts["new"]["roc_auc"]["value"] == card.metrics["roc_auc"].value
