from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoviewer.results.agreement import agreement_with


@pytest.mark.parametrize("decimals", [6, 1, 0])
@pytest.mark.parametrize("count", [2, 7, 1000])
def test_the_area_under_the_curve_counts_ties_as_halves(decimals: int, count: int) -> None:
    random = np.random.default_rng(count)
    truth = np.arange(count) % 3 == 0
    probabilities = random.normal(0.45 + 0.2 * truth, 0.2).clip(0, 1).round(decimals).astype(np.float32)
    found = agreement_with(truth, probabilities, 0.5).roc_auc
    assert found == pytest.approx(roc_auc_score(truth, probabilities), abs=1e-12)


def test_many_positives_do_not_overflow() -> None:
    truth = np.arange(400_000) >= 200_000
    probabilities = np.linspace(0, 1, 400_000, dtype=np.float32)
    assert agreement_with(truth, probabilities, 0.5).roc_auc == pytest.approx(1.0, abs=1e-4)


def test_figures_do_not_cost_the_import_of_scikit_learn() -> None:
    code = (
        "import sys, numpy as np; from histoviewer.results.agreement import agreement_with;"
        "assert agreement_with(np.array([True, False]), np.ones(2, np.float32), 0.5).roc_auc == 0.5;"
        "assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
