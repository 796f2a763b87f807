from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from histoviewer.errors import SourceError
from model_training.dataset import (
    Split,
    describe_split,
    load_dataset,
    load_split,
    split_by_fold,
    split_by_list,
    split_by_patient,
)
from tests.helpers.idc_like import write_idc_like


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
    split = split_by_list(["1", "2", "3", "4", "5", "6"], lists, hold_out=["2", "3", "6"])
    assert split == Split(train=("1", "5"), validation=(), test=("2", "3", "4", "6"))


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
