import json
import logging
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.errors import SourceError
from model_training.dataset import (
    ROLES,
    Dataset,
    Split,
    describe_split,
    load_dataset,
    load_split,
    split_at_random,
    split_by_fold,
    split_by_list,
    split_by_patient,
    split_of_all,
    split_warnings,
)
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import idc_name, painted, write_patch


def test_patients_of_a_split_never_overlap() -> None:
    split = split_by_patient([str(i) for i in range(40)], seed=3)
    sides = [set(split.train), set(split.validation), set(split.test)]
    assert not (sides[0] & sides[1])
    assert not (sides[0] & sides[2])
    assert not (sides[1] & sides[2])
    assert sides[0] | sides[1] | sides[2] == {str(i) for i in range(40)}
    assert split_by_patient([str(i) for i in range(40)], seed=3) == split
    assert split_by_patient([str(i) for i in range(40)], seed=4) != split


def test_a_patient_on_two_sides_is_an_error() -> None:
    with pytest.raises(SourceError, match="two sides of the split: 7"):
        Split(train=("1", "7"), validation=("2",), test=("7",))


def test_held_out_patients_are_tested_on_wherever_the_list_had_them() -> None:
    lists = Split(train=("1", "2"), validation=("3",), test=("4",))
    split = split_by_list(["1", "2", "3", "4", "6"], lists, hold_out=["2", "3", "6"])
    assert split == Split(train=("1",), validation=(), test=("2", "3", "4", "6"))


def test_who_is_on_no_list_is_left_out_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    lists = Split(train=("1",), validation=("2",), test=("3",))
    with caplog.at_level(logging.INFO):
        split = split_by_list(["1", "2", "3", "4", "5"], lists)
    assert split == lists
    assert "2 patients are on none of the lists and are left out" in caplog.text
    with pytest.raises(SourceError, match="Nobody in the data is on the list's training side"):
        split_by_list(["7", "8"], lists)


def test_patients_to_train_on_are_trained_on_wherever_they_would_be() -> None:
    lists = Split(train=("1", "2"), validation=("3",), test=("4",))
    split = split_by_list(["1", "2", "3", "4", "6"], lists, train_on=["4", "6"])
    assert split == Split(train=("1", "2", "4", "6"), validation=("3",), test=())
    names = [str(i) for i in range(20)]
    by_chance = split_by_patient(names, seed=0)
    fixed = split_by_patient(names, seed=0, train_on=by_chance.test[:2])
    assert set(fixed.train) == {*by_chance.train, *by_chance.test[:2]}
    assert fixed.validation == by_chance.validation
    with pytest.raises(SourceError, match="Cannot train on 99"):
        split_by_patient(["1", "2", "3"], seed=0, train_on=["99"])


def test_holding_out_a_patient_who_is_not_there_is_an_error() -> None:
    with pytest.raises(SourceError, match="Cannot hold out 99"):
        split_by_patient(["1", "2", "3"], seed=0, hold_out=["99"])


def test_a_split_survives_being_saved(tmp_path: Path) -> None:
    split = split_by_patient([str(i) for i in range(10)], seed=0)
    split.save(tmp_path / "split.json")
    assert load_split(tmp_path / "split.json") == split


def test_patches_come_with_their_own_truth_and_patient(tmp_path: Path) -> None:
    write_idc_like(tmp_path, patients=4, patches=6)
    dataset = load_dataset(tmp_path, input_size=50, mpp=4.0)
    assert len(dataset) == 24
    for file, patient, truth, pixels in zip(
        dataset.files, dataset.patients, dataset.truth, dataset.pixels, strict=True
    ):
        assert Path(file).name.startswith(f"{patient}_")
        assert file.endswith(f"class{truth}.png")
        assert np.array_equal(pixels, np.asarray(Image.open(tmp_path / file)))


def test_an_unreadable_patch_is_left_out_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_idc_like(tmp_path, patients=2, patches=4)
    broken = next(tmp_path.rglob("*.png"))
    broken.write_bytes(b"no picture")
    dataset = load_dataset(tmp_path, input_size=50, mpp=4.0)
    assert len(dataset) == 7
    assert broken.name in caplog.text


def test_the_description_counts_each_side(tmp_path: Path) -> None:
    write_idc_like(tmp_path, patients=5, patches=6)
    dataset = load_dataset(tmp_path, input_size=50, mpp=4.0)
    described = describe_split(split_by_patient(dataset.patients.tolist(), seed=0), dataset)
    assert {role: facts["patches"] for role, facts in described.items()} == {
        "train": 18,
        "validation": 6,
        "test": 6,
    }
    assert sum(facts["malignant"] for facts in described.values()) == 15


def test_each_patient_is_tested_on_in_one_fold() -> None:
    names = [str(i) for i in range(23)]
    splits = [split_by_fold(names, folds=5, fold=fold, seed=1) for fold in range(1, 6)]
    assert sorted(name for split in splits for name in split.test) == sorted(names)
    for split in splits:
        assert set(split.train) | set(split.validation) | set(split.test) == set(names)
        assert split.train
        assert split.validation


@pytest.mark.parametrize(("folds", "fold"), [(5, 0), (5, 6), (1, 1), (30, 1)])
def test_a_fold_that_cannot_be_is_told(folds: int, fold: int) -> None:
    with pytest.raises(SourceError, match="fold"):
        split_by_fold([str(i) for i in range(23)], folds=folds, fold=fold, seed=1)


def test_the_kind_of_a_split_is_saved_with_it(tmp_path: Path) -> None:
    split_by_fold([str(i) for i in range(10)], folds=3, fold=2, seed=7).save(tmp_path / "split.json")
    saved = json.loads((tmp_path / "split.json").read_text(encoding="utf-8"))
    assert (saved["kind"], saved["leaks"], saved["seed"]) == ("fold 2 of 3", False, 7)
    assert load_split(tmp_path / "split.json").facts() == {
        "kind": "fold 2 of 3",
        "leaks": False,
        "unit": "patient",
        "seed": 7,
    }


def test_a_published_list_says_that_it_is_one(tmp_path: Path) -> None:
    lists = tmp_path / "lists.json"
    lists.write_text('{"train": ["1"], "validation": ["2"], "test": ["3"]}', encoding="utf-8")
    assert split_by_list(["1", "2", "3"], load_split(lists)).kind == "published list"


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    write_idc_like(tmp_path / "data", patients=5, patches=20)
    return load_dataset(tmp_path / "data", input_size=50, mpp=4.0)


def test_a_random_split_takes_tenths_of_each_class(dataset: Dataset) -> None:
    split = split_at_random(dataset, seed=0)
    rows = {role: split.rows(dataset, role) for role in ROLES}
    assert {role: len(found) for role, found in rows.items()} == {"train": 80, "validation": 10, "test": 10}
    assert {role: int(dataset.truth[found].sum()) for role, found in rows.items()} == {
        "train": 40,
        "validation": 5,
        "test": 5,
    }
    assert sorted(np.concatenate(list(rows.values())).tolist()) == list(range(100))
    assert split == split_at_random(dataset, seed=0)
    assert split != split_at_random(dataset, seed=1)


def test_a_random_split_says_that_it_leaks_and_survives_being_saved(dataset: Dataset, tmp_path: Path) -> None:
    split = split_at_random(dataset, seed=0)
    split.save(tmp_path / "split.json")
    loaded = load_split(tmp_path / "split.json")
    assert loaded == split
    assert loaded.leaks
    (warning,) = split_warnings(loaded)
    assert "leaks" in warning
    assert split_warnings(split_by_patient(dataset.patients.tolist(), seed=0)) == ()
    with pytest.raises(SourceError, match="names patches"):
        split_by_list(dataset.patients.tolist(), loaded)


def test_a_patient_of_a_random_split_is_on_every_side_that_has_some_of_the_patches(dataset: Dataset) -> None:
    split = split_at_random(dataset, seed=0)
    patient_of = dict(zip(dataset.files, dataset.patients.tolist(), strict=True))
    assert split.patients(dataset) == {
        role: tuple(sorted({patient_of[file] for file in getattr(split, role)})) for role in ROLES
    }
    assert set(split.patients(dataset)["test"]) & set(split.patients(dataset)["train"])
    few = Split(dataset.files[1:], (), dataset.files[:1], unit="patch")
    assert few.patients(dataset)["test"] == (str(dataset.patients[0]),)


def test_everybody_may_be_trained_on(dataset: Dataset) -> None:
    split = split_of_all(dataset.patients.tolist())
    assert len(split.rows(dataset, "train")) == 100
    assert not len(split.rows(dataset, "validation"))
    assert not split.has_validation
    (warning,) = split_warnings(split)
    assert "no figures" in warning


def test_a_fold_without_validation_has_figures_on_others(dataset: Dataset) -> None:
    patients = dataset.patients.tolist()
    fold = split_by_fold(patients, folds=2, fold=1, seed=0, has_validation=False)
    assert not fold.has_validation
    assert split_warnings(fold) == ()


def test_patches_without_patients_cannot_be_split_by_patient(tmp_path: Path) -> None:
    for i in range(12):
        write_patch(tmp_path / "train" / ("benign", "malignant")[i % 2], f"{i}.png", painted(shade=i))
    dataset = load_dataset(tmp_path / "train", input_size=50, mpp=4.0)
    with pytest.raises(SourceError, match=r"of 1 \(train\).*--split random"):
        split_by_patient(dataset.patients.tolist(), seed=0)
    assert len(split_at_random(dataset, seed=0).train) == 8


def test_truncated_patches_are_filled_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    write_patch(tmp_path, idc_name(x=0, truth=1), painted(50, 20))
    write_patch(tmp_path, idc_name(x=50, truth=0), painted(shade=9))
    dataset = load_dataset(tmp_path, input_size=50, mpp=4.0)
    assert (dataset.pixels[0, 20:] == 255).all()
    assert np.array_equal(dataset.pixels[0, :20], painted(50, 20))
    assert "read 2 patches: 1 truncated" in caplog.text


def test_many_unreadable_patches_are_an_error(tmp_path: Path) -> None:
    write_idc_like(tmp_path, patients=2, patches=10)
    for broken in sorted(tmp_path.rglob("*.png"))[:3]:
        broken.write_bytes(b"no picture")
    with pytest.raises(SourceError, match=r"More than 10% of the 20 patches are unreadable"):
        load_dataset(tmp_path, input_size=50, mpp=4.0)


def test_one_picture_with_two_truths_is_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = [idc_name("1", x=0, truth=1), idc_name("1", x=50, truth=0), idc_name("2", x=0, truth=0)]
    for name, shade in zip(names, (5, 5, 7), strict=True):
        write_patch(tmp_path, name, painted(shade=shade))
    dataset = load_dataset(tmp_path, input_size=50, mpp=4.0)
    assert dataset.files == (names[2],)
    assert np.array_equal(dataset.pixels[0], painted(shade=7))
    assert f"both benign and malignant: {names[0]}, {names[1]}" in caplog.text
