from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from histoviewer.errors import SourceError
from model_training import checks
from model_training.checks import check_identical, check_patches, check_sides
from model_training.dataset import Dataset, Split, load_dataset, split_at_random, split_of_all
from model_training.identical import identical_patches
from tests.helpers.idc_like import write_idc_like

SPLIT = Split(train=("1000", "1001"), validation=("1002",), test=("1003",))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    write_idc_like(tmp_path, patients=4, patches=8)
    return load_dataset(tmp_path, input_size=50, mpp=4.0)


def with_copy(dataset: Dataset, one: str, other: str) -> Dataset:
    """The first patch of a patient is the first of another, too."""
    pixels = dataset.pixels.copy()
    pixels[dataset.rows_of([other])[0]] = pixels[dataset.rows_of([one])[0]]
    return replace(dataset, pixels=pixels)


def test_a_picture_on_two_sides_is_an_error_that_names_both(dataset: Dataset) -> None:
    copied = with_copy(with_copy(dataset, "1000", "1003"), "1001", "1002")
    with pytest.raises(
        SourceError, match=r"two sides .*1000_.*\(train\) and 1003.*\(test\); 2 such"
    ) as raised:
        check_identical(SPLIT, copied)
    assert "\n" not in str(raised.value)


def test_pictures_on_one_side_are_counted(dataset: Dataset, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    check_identical(SPLIT, with_copy(dataset, "1000", "1001"))
    assert "several times: 1" in caplog.text


def test_squares_of_one_colour_are_no_leak(dataset: Dataset) -> None:
    pixels = dataset.pixels.copy()
    pixels[::8] = 255
    check_identical(SPLIT, replace(dataset, pixels=pixels))
    pixels[::8, 0, 0] = 0
    with pytest.raises(SourceError, match="two sides"):
        check_identical(SPLIT, replace(dataset, pixels=pixels))


def test_a_random_split_leaks_in_any_case(dataset: Dataset) -> None:
    copied = with_copy(dataset, "1000", "1003")
    for seed in range(10):
        check_identical(split_at_random(copied, seed=seed), copied)


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        ([0] * 8, "8 benign and 0 malignant"),
        ([1] * 8, "0 benign and 8 malignant"),
        ([0, 0, 1], "2 benign and 1 malignant"),
    ],
)
def test_too_little_to_train_on_is_an_error(dataset: Dataset, truth: list[int], said: str) -> None:
    few = replace(dataset, truth=np.array(truth, np.int8))
    with pytest.raises(SourceError, match=said):
        check_patches(few, is_split=True)


def test_what_is_not_split_needs_one_of_each(dataset: Dataset) -> None:
    check_patches(replace(dataset, truth=np.array([0, 0, 1], np.int8)), is_split=False)


@pytest.mark.parametrize(("patient", "role"), [("1002", "validation"), ("nobody", "validation")])
def test_a_side_with_one_class_is_an_error(dataset: Dataset, patient: str, role: str) -> None:
    truth = dataset.truth.copy()
    truth[dataset.rows_of(["1002"])] = 0
    split = replace(SPLIT, validation=(patient,))
    with pytest.raises(SourceError, match=rf"{role} side .* no malignant .*another --seed"):
        check_sides(split, replace(dataset, truth=truth))


def test_a_test_side_with_one_class_is_only_told(dataset: Dataset, caplog: pytest.LogCaptureFixture) -> None:
    truth = dataset.truth.copy()
    truth[dataset.rows_of(["1003"])] = 1
    check_sides(SPLIT, replace(dataset, truth=truth))
    assert "test side" in caplog.text


def test_a_fold_whose_test_side_has_one_class_is_told_of(
    dataset: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    truth = dataset.truth.copy()
    truth[dataset.rows_of(["1003"])] = 0
    fold = Split(train=("1000", "1001", "1002"), validation=(), test=("1003",))
    check_sides(fold, replace(dataset, truth=truth))
    assert "test side" in caplog.text
    assert "no malignant patch" in caplog.text


def test_the_pixels_are_looked_at_once_for_all_folds(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    asked = []

    def counted(pixels: np.ndarray) -> list[np.ndarray]:
        asked.append(pixels)
        return identical_patches(pixels)

    monkeypatch.setattr(checks, "identical_patches", counted)
    copied = with_copy(dataset, "1000", "1001")
    for test in ("1002", "1003"):
        train = tuple(name for name in ("1000", "1001", "1002", "1003") if name != test)
        check_identical(Split(train=train, validation=(), test=(test,)), copied)
    assert len(asked) == 1
    with pytest.raises(SourceError, match="two sides"):
        check_identical(SPLIT, with_copy(dataset, "1000", "1003"))
    assert len(asked) == 2


def test_everybody_trained_on_needs_no_other_side(dataset: Dataset) -> None:
    check_sides(split_of_all(dataset.patients.tolist()), dataset)
