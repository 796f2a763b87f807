from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.results.report.figures import Confusion, confusion, wilson
from histoviewer.results.reviews import UNSURE, decided
from histoviewer.results.store import ResultStore
from tests.results.samples import facts, folder_columns, record


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    columns = folder_columns([f"{i}.png" for i in range(6)])
    columns.truth[:] = [MALIGNANT, MALIGNANT, BENIGN, BENIGN, UNKNOWN, BENIGN]
    with ResultStore.open(tmp_path / "x.histo", columns, facts()) as store:
        record(store, range(6), np.array([0.9, 0.1, 0.8, 0.2, 0.9, np.nan], np.float32))
        store.decide([0, 1, 3], decided([MALIGNANT, MALIGNANT, BENIGN], reviewer="Ann"))
        store.decide([2, 4], decided([UNSURE, BENIGN], reviewer="Bob"))
    return store


def test_the_four_cells_count_judged_patches_with_a_truth(store: ResultStore) -> None:
    assert confusion(store, 0.5, np.arange(6)) == Confusion(hits=1, misses=1, alarms=1, rejections=1)
    assert confusion(store, 0.5, np.array([0, 4, 5])) == Confusion(1, 0, 0, 0)


def test_the_interval_of_a_share_is_wilsons() -> None:
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with p = 0.8, n = 10, z = 1.96
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=5e-4)
    assert wilson(10, 10) == pytest.approx((0.722, 1.0), abs=5e-4)
    assert wilson(0, 0) is None
