from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoviewer.errors import SourceError
from histoviewer.inference.model_card import OperatingPoint, read_card
from histoviewer.inference.opening import open_classifier
from model_training import crossvalidation, training
from model_training.answers import Answers, sigmoid
from model_training.assessment import assess
from model_training.bundle import bundle_answers, make_bundle
from model_training.cli import main
from model_training.config import load_config
from model_training.crossvalidation import (
    OutOfFold,
    check_same_recipe,
    crossvalidate,
    histories,
    load_out_of_fold,
)
from model_training.dataset import Dataset, Split, load_dataset, split_by_fold, split_of_all
from model_training.evidence import FoldEvidence
from model_training.features import to_openvino
from model_training.judging import judged
from model_training.network import build_network
from model_training.same_material import UNCHECKED
from model_training.weights import read_weights
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import RESAMPLES, TINY
from tests.helpers.tiny_weights import write_tiny_weights

CONFIG = replace(TINY, head_epochs=4, fine_tune_epochs=6)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    data = tmp_path_factory.mktemp("data")
    write_idc_like(data, patients=6, patches=16)
    return load_dataset(data, input_size=50, mpp=4.0)


@pytest.fixture(scope="module")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    weights = tmp_path_factory.mktemp("weights") / "tiny.npz"
    write_tiny_weights(weights)
    return read_weights(weights, TINY.network)


def three_folds(dataset: Dataset, output: Path) -> dict[Path, Split]:
    patients = dataset.patients.tolist()
    return {
        output / f"fold-{k}": split_by_fold(patients, folds=3, fold=k, seed=0, has_validation=False)
        for k in (1, 2, 3)
    }


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("folds")


@dataclass
class Seen:
    """Rows of the patches that were trained on or calibrated by, one array for each time, until a fold has
    been asked."""

    rows: list[np.ndarray] = field(default_factory=list)
    by_fold: dict[int, list[np.ndarray]] = field(default_factory=dict)

    def watched(self, made: Any, place: int) -> Any:
        """The same, noting the rows: what it is given in that place."""

        def make(*given: Any, **options: Any) -> Any:
            self.rows.append(given[place])
            return made(*given, **options)

        return make

    def asked(self, *given: Any, fold: int) -> Answers:
        """In place of ``judged``."""
        self.by_fold.setdefault(fold, self.rows)
        self.rows = []
        return judged(*given, fold=fold)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="module")
def found(dataset: Dataset, tiny_base: dict[str, np.ndarray], output: Path, seen: Seen) -> OutOfFold:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("FeatureBatches", "PatchBatches"):
            patch.setattr(training, name, seen.watched(getattr(training, name), 1))
        patch.setattr(crossvalidation, "quantise", seen.watched(crossvalidation.quantise, 2))
        patch.setattr(crossvalidation, "judged", seen.asked)
        return crossvalidate(dataset, three_folds(dataset, output), CONFIG, tiny_base)


def test_every_patch_is_judged_once_by_a_network_that_has_not_seen_its_patient(
    dataset: Dataset, found: OutOfFold, seen: Seen
) -> None:
    assert sorted(found.exact.files) == sorted(dataset.files)
    for patient in np.unique(found.exact.patients):
        assert len(np.unique(found.exact.fold[found.exact.patients == patient])) == 1
    probability = found.exact.probability
    for fold in (1, 2, 3):
        rows = found.exact.fold == fold
        assert roc_auc_score(found.exact.truth[rows], probability[rows]) > 0.9
        judged_patients = set(found.exact.patients[rows])
        assert len(seen.by_fold[fold]) == 3, "head, fine-tuning, quantisation"
        for trained_on in seen.by_fold[fold]:
            assert set(dataset.patients[trained_on]) == set(dataset.patients) - judged_patients
    assert np.array_equal(found.quantised.files, found.exact.files)
    assert np.abs(found.quantised.probability - probability).max() > 0, "int8 is another arithmetic"
    assert np.corrcoef(found.quantised.probability, probability)[0, 1] > 0.9


def test_finished_folds_are_not_trained_again(
    dataset: Dataset, found: OutOfFold, tiny_base: dict[str, np.ndarray], output: Path
) -> None:
    written = {path: path.stat().st_mtime_ns for path in output.glob("fold-*/*.npz")}
    assert len(written) == 6
    again = crossvalidate(dataset, three_folds(dataset, output), CONFIG, tiny_base)
    assert np.array_equal(again.exact.probability, found.exact.probability)
    assert {path: path.stat().st_mtime_ns for path in output.glob("fold-*/*.npz")} == written
    assert np.array_equal(load_out_of_fold(output).quantised.probability, found.quantised.probability)


def test_finished_folds_are_not_taken_for_those_of_other_data(
    dataset: Dataset, found: OutOfFold, tiny_base: dict[str, np.ndarray], output: Path
) -> None:
    del found
    other = replace(dataset, truth=1 - dataset.truth)
    with pytest.raises(SourceError, match="fold-1 holds a training on other data"):
        crossvalidate(other, three_folds(other, output), CONFIG, tiny_base)


def test_a_bundle_of_everybody_takes_its_figures_from_the_folds(
    dataset: Dataset, found: OutOfFold, tmp_path: Path
) -> None:
    network = build_network(TINY.network)
    facts = {"name": "tiny", "version": "2", "mpp": 4.0, "resamples": RESAMPLES}
    everybody = split_of_all(dataset.patients.tolist())
    with pytest.raises(SourceError, match="--crossvalidation"):
        make_bundle(network, dataset, everybody, TINY, output=tmp_path / "none", **facts)
    bundle = tmp_path / "bundle"
    card = make_bundle(network, dataset, everybody, TINY, output=bundle, found=found, **facts)

    expected = assess(found)
    assert card.split["test"] == ()
    assert set(card.split["train"]) == set(dataset.patients)
    assert card.threshold == expected.threshold
    assert card.metrics["roc_auc"].value == pytest.approx(
        roc_auc_score(expected.answers.truth, expected.own), abs=1e-4
    )
    assert "3-fold cross-validation" in card.training["figures"]
    assert (card.context is None) == (expected.context is None)
    assert card.network("openvino").precision == ("int8" if expected.precision == "int8" else "f16")

    alone = np.asarray(network(dataset.pixels[:20], training=False))[:, 0]
    shipped = open_classifier(bundle).predict(dataset.pixels[:20])
    assert shipped == pytest.approx(expected.calibration.calibrated(alone), abs=0.05)
    with pytest.raises(SourceError, match="has seen everybody"):
        bundle_answers(bundle, dataset)


def test_int8_is_shipped_only_where_the_network_itself_decides_alike_in_it(
    dataset: Dataset, found: OutOfFold
) -> None:
    alike = replace(found, quantised=found.exact)
    exact, other = (to_openvino(_sure_network(log_odds)) for log_odds in (-9, 9))

    evidence = FoldEvidence(alike, split_of_all(dataset.patients.tolist()))
    assert evidence.is_int8_good_enough(exact, exact, dataset.pixels)
    kept = evidence.facts["int8_against_f32_of_this_network"]
    assert (kept["decisions"], kept["largest_difference"], kept["patches"]) == (1.0, 0.0, 96)
    assert kept["threshold"] == assess(alike).threshold

    evidence = FoldEvidence(alike, split_of_all(dataset.patients.tolist()))
    assert not evidence.is_int8_good_enough(exact, other, dataset.pixels)
    assert evidence.facts["int8_against_f32_of_this_network"]["decisions"] == 0


def test_where_int8_is_refused_calibration_and_figures_are_those_of_float32(
    dataset: Dataset, found: OutOfFold
) -> None:
    shifted = replace(found.exact, probability=sigmoid(found.exact.logit * 1.5))
    of_two = replace(found, quantised=shifted)
    assert assess(of_two).precision == "int8"
    evidence = FoldEvidence(of_two, split_of_all(dataset.patients.tolist()))
    before = evidence.calibration
    exact, other = (to_openvino(_sure_network(log_odds)) for log_odds in (-9, 9))
    assert not evidence.is_int8_good_enough(exact, other, dataset.pixels)
    assert evidence.calibration == assess(of_two, allow_int8=False).calibration != before


def _sure_network(log_odds: float) -> keras.Model:
    """It gives the same answer to whatever it is shown."""
    network = build_network(TINY.network)
    *others, kernel, bias = network.get_weights()
    network.set_weights([*others, kernel * 0, bias + log_odds])
    return network


def test_a_bundle_is_not_made_with_the_figures_of_other_patients(dataset: Dataset, found: OutOfFold) -> None:
    some = split_of_all([name for name in dataset.patients.tolist() if name != "1003"])
    with pytest.raises(SourceError, match="1003"):
        FoldEvidence(found, some)


def test_the_commands_lead_from_a_folder_to_a_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, recipe, weights = tmp_path / "data", tmp_path / "recipe.json", tmp_path / "weights.npz"
    write_idc_like(data, patients=6, patches=16)
    replace(TINY, head_epochs=1, fine_tune_epochs=1).save(recipe)
    write_tiny_weights(weights)
    material = [str(data), "--config", str(recipe), "--weights", str(weights)]
    folds, final, bundle = (str(tmp_path / name) for name in ("folds", "final", "bundle"))
    assert main(["crossvalidate", *material, "--folds", "2", "--output", folds]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"own answer"}
    page = (tmp_path / "folds" / "report.html").read_text(encoding="utf-8")
    assert "int8 against float32" in page
    assert "Whole slides" not in page, "there are none"
    assert main(["train", *material, "--all-patients", "--output", final]) == 0

    make = ["bundle", str(data), "--training", final, "--output", bundle, "--no-int8"]
    assert main(make) == 1
    assert "--crossvalidation" in capsys.readouterr().err
    assert main([*make, "--crossvalidation", folds]) == 0
    card = read_card(tmp_path / "bundle")
    assert "2-fold cross-validation" in card.training["figures"]
    assert not card.split["test"]
    assert "no figures on others" not in card.limits

    assert card.data.startswith("Breast Histopathology Images: 6 patients, 96 patches")
    assert "one by one" not in card.limits
    assert UNCHECKED not in card.limits
    (moved,) = (path for path in data.rglob("*_x1_y1_class0.png") if path.name.startswith("1000"))
    moved.rename(tmp_path / moved.name)
    assert main([*make, "--crossvalidation", folds]) == 1
    assert "DATA is not what the training in" in capsys.readouterr().err
    assert read_card(tmp_path / "bundle") == card
    (tmp_path / moved.name).rename(moved)
    make[-1:] = ["--no-int8", "--data-description", "Cut by hand"]
    assert main([*make, "--crossvalidation", folds]) == 0
    assert read_card(tmp_path / "bundle").data.startswith("Cut by hand: 6 patients")
    capsys.readouterr()

    before = read_card(tmp_path / "bundle")
    without = tuple(OperatingPoint(p.threshold, 0, 0, 0) for p in before.operating_points)
    replace(before, operating_points=without, metrics={}).save(tmp_path / "bundle")
    again = ["figures", "--bundle", bundle, "--crossvalidation", folds]
    assert main(again) == 0
    after = read_card(tmp_path / "bundle")
    assert (after.metrics, after.operating_points) == (before.metrics, before.operating_points)
    assert after.sha256 == before.sha256
    assert after.training["figures"] != before.training["figures"]
    assert replace(after, training=before.training) == before, "nothing else has changed"
    replace(after, split={**after.split, "train": after.split["train"][1:]}).save(tmp_path / "bundle")
    assert main(again) == 1
    assert "not of the patients that the bundle was trained on" in capsys.readouterr().err
    after.save(tmp_path / "bundle")

    other = tmp_path / "folds" / "fold-2" / "config.json"
    replace(load_config(other), stain_jitter=0.2).save(other)
    assert load_config(tmp_path / "folds" / "fold-1" / "config.json").precision is not None
    assert main([*make, "--crossvalidation", folds]) == 1
    assert "another recipe than the training: stain_jitter differ" in capsys.readouterr().err
    assert main(again) == 1
    assert "another recipe than the training: stain_jitter differ" in capsys.readouterr().err
    assert read_card(tmp_path / "bundle") == after


@pytest.mark.parametrize(
    ("folds", "final", "fine_tune", "is_same"),
    [
        ("mixed_bfloat16", "mixed_float16", "block4", False),
        ("mixed_bfloat16", "mixed_bfloat16", "block4", True),
        ("mixed_bfloat16", "mixed_float16", None, True),
        (None, "mixed_float16", "block4", True),
    ],
)
def test_another_arithmetic_is_another_recipe_where_it_is_known_and_used(
    tmp_path: Path, folds: Any, final: Any, fine_tune: Any, is_same: bool
) -> None:
    (tmp_path / "fold-1").mkdir()
    recipe = replace(CONFIG, fine_tune=fine_tune, precision=folds)
    recipe.save(tmp_path / "fold-1" / "config.json")
    with nullcontext() if is_same else pytest.raises(SourceError, match="precision differ"):
        check_same_recipe(tmp_path, replace(recipe, precision=final))


def test_histories_are_in_the_order_of_the_folds_numbers(tmp_path: Path) -> None:
    for name in ("fold-10", "fold-2", "fold-1", "fold-x", "features"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "history.jsonl").touch()
    found = histories(tmp_path)
    assert list(found) == [1, 2, 10]
    assert found[10] == tmp_path / "fold-10" / "history.jsonl"


def test_folds_that_are_not_all_there_are_no_result(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Run crossvalidate to its end"):
        load_out_of_fold(tmp_path)
