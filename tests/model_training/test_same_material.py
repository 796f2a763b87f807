from dataclasses import replace
from pathlib import Path

import pytest

from histoviewer.errors import SourceError
from model_training.checksums import Checksums, data_checksum
from model_training.config import TrainingConfig
from model_training.dataset import Dataset, load_dataset
from model_training.same_material import UNCHECKED, check_same_data, check_same_material
from tests.helpers.idc_like import write_idc_like


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    write_idc_like(tmp_path / "data", patients=2, patches=4)
    return load_dataset(tmp_path / "data", input_size=50, mpp=4.0)


@pytest.fixture
def made(dataset: Dataset, tmp_path: Path) -> tuple[Path, Path]:
    """A training and a cross-validation, as far as their material goes."""
    material = Checksums(data_checksum(dataset), "weights")
    training, folds = tmp_path / "training", tmp_path / "folds"
    for folder in (training, folds / "fold-1", folds / "fold-2"):
        folder.mkdir(parents=True)
        TrainingConfig().save(folder / "config.json")
        material.save(folder / "material.json")
    return training, folds


def test_the_same_material_needs_no_words(dataset: Dataset, made: tuple[Path, Path]) -> None:
    check_same_material(*made)
    assert check_same_data(dataset, *made) == ()
    assert check_same_data(dataset, made[0], None) == ()


@pytest.mark.parametrize(("data", "weights"), [("other", None), (None, "other")])
def test_a_fold_of_other_material_is_named(
    dataset: Dataset, made: tuple[Path, Path], data: str | None, weights: str | None
) -> None:
    training, folds = made
    Checksums(data or data_checksum(dataset), weights or "weights").save(folds / "fold-2" / "material.json")
    differing = "data" if data else "weights"
    with pytest.raises(SourceError, match=rf"fold-2 was made of other {differing} than the training in"):
        check_same_material(training, folds)


def test_other_data_is_refused(dataset: Dataset, made: tuple[Path, Path]) -> None:
    other = replace(dataset, truth=1 - dataset.truth)
    with pytest.raises(SourceError, match="DATA is not what the training in"):
        check_same_data(other, *made)


@pytest.mark.parametrize("older", ["training", "folds/fold-2"])
def test_the_card_says_what_could_not_be_checked(
    dataset: Dataset, made: tuple[Path, Path], tmp_path: Path, older: str
) -> None:
    (tmp_path / older / "material.json").unlink()
    check_same_material(*made)
    assert check_same_data(dataset, *made) == (UNCHECKED,)
