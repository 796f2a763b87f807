from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoviewer.errors import SourceError
from model_training.crossvalidation import crossvalidate, load_out_of_fold
from model_training.dataset import Dataset, load_dataset
from model_training.network import build_network, convolution_names
from tests.helpers.idc_like import write_idc_like
from tests.helpers.tiny_bundle import TINY

CONFIG = replace(TINY, head_epochs=4, fine_tune_epochs=6)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    data = tmp_path_factory.mktemp("data")
    write_idc_like(data, patients=6, patches=16)
    return load_dataset(data, input_size=50, mpp=4.0)


def tiny_base() -> dict[str, np.ndarray]:
    network = build_network(TINY.network)
    pairs = {name: network.get_layer(name).get_weights() for name in convolution_names()}
    return {
        f"{n}/{part}": a for n, ab in pairs.items() for part, a in zip(("kernel", "bias"), ab, strict=True)
    }


def test_every_patch_is_judged_once_by_a_network_that_has_not_seen_its_patient(
    dataset: Dataset, tmp_path: Path
) -> None:
    found = crossvalidate(dataset, CONFIG, tiny_base(), folds=3, output=tmp_path)
    assert sorted(found.exact.files) == sorted(dataset.files)
    for patient in np.unique(found.exact.patients):
        assert len(np.unique(found.exact.fold[found.exact.patients == patient])) == 1
    probability = found.exact.probability
    for fold in (1, 2, 3):
        rows = found.exact.fold == fold
        assert roc_auc_score(found.exact.truth[rows], probability[rows]) > 0.9
    assert np.array_equal(found.quantised.files, found.exact.files)
    assert np.abs(found.quantised.probability - probability).max() > 0, "int8 is another arithmetic"
    assert np.corrcoef(found.quantised.probability, probability)[0, 1] > 0.9

    written = {path: path.stat().st_mtime_ns for path in tmp_path.glob("fold-*/*.npz")}
    assert len(written) == 6
    again = crossvalidate(dataset, CONFIG, tiny_base(), folds=3, output=tmp_path)
    assert np.array_equal(again.exact.probability, probability)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("fold-*/*.npz")} == written
    assert np.array_equal(load_out_of_fold(tmp_path).quantised.probability, found.quantised.probability)


def test_folds_that_are_not_all_there_are_no_result(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Run crossvalidate to its end"):
        load_out_of_fold(tmp_path)
