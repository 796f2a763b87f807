"""The network's int8 form, and whether it is good enough to be shipped."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator, Mapping

import nncf
import numpy as np
import openvino
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from model_training.features import compile_for_cpu, run_over

CALIBRATION_PATCHES = 512
CALIBRATION_BATCH = 16
MIN_AGREEMENT = 0.99
MAX_AUC_LOSS = 0.002

log = logging.getLogger(__name__)


def quantise(
    model: openvino.Model, pixels: NDArray[np.uint8], rows: NDArray[np.intp], *, seed: int
) -> openvino.Model:
    """Int8 form of a model, calibrated on a sample of these rows of ``pixels``: training patches only.

    Weights keep to seven bits everywhere: on chips that have AVX2 or AVX-512 but not VNNI, eight would
    overflow in the multiply-and-add instruction and machines would disagree.
    """
    random = np.random.default_rng(seed)
    chosen = random.permutation(rows)[:CALIBRATION_PATCHES]

    def batches() -> Iterator[NDArray[np.uint8]]:
        for i in range(0, len(chosen), CALIBRATION_BATCH):
            yield pixels[np.sort(chosen[i : i + CALIBRATION_BATCH])]

    with _reports_on_stderr():
        return nncf.quantize(
            model,
            nncf.Dataset(list(batches())),
            subset_size=max(1, len(chosen) // CALIBRATION_BATCH),
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                overflow_fix=nncf.OverflowFix.ENABLE,
            ),
        )


@contextlib.contextmanager
def _reports_on_stderr() -> Iterator[None]:
    """NNCF's progress bars and log go to stdout, which is for the figures alone."""
    reports = logging.getLogger("nncf")
    reports.handlers.clear()  # bound to stdout when nncf was imported
    reports.propagate = True
    with contextlib.redirect_stdout(sys.stderr):
        yield


def agreeing(
    exact: openvino.Model, quantised: openvino.Model, pixels: NDArray[np.uint8], truth: NDArray[np.int8]
) -> tuple[bool, dict[str, float]]:
    """Whether ``quantised`` may stand in for ``exact``, and how the two compare on these patches."""
    agreement = compare(exact, quantised, pixels, truth)
    log.info("int8 against float32 on validation patients: %s", agreement)
    return is_good_enough(agreement), agreement


def agreement_at(
    exact: openvino.Model, quantised: openvino.Model, pixels: NDArray[np.uint8], threshold: float
) -> dict[str, float]:
    """How the decisions of the two compare at a threshold on patches whose truth does not matter, be they
    trained on: share of equal ones, largest difference, number of patches and threshold."""
    a, b = (run_over(compile_for_cpu(model), pixels)[:, 0] for model in (exact, quantised))
    return {
        "decisions": float(np.mean((a >= threshold) == (b >= threshold))),
        "largest_difference": float(np.abs(a - b).max()),
        "patches": len(pixels),
        "threshold": threshold,
    }


def is_good_enough(agreement: Mapping[str, float]) -> bool:
    """Whether what compares so may be shipped in place of float32; see ``agreement_of``."""
    return agreement["decisions"] >= MIN_AGREEMENT and agreement["auc_loss"] <= MAX_AUC_LOSS


def compare(
    exact: openvino.Model, other: openvino.Model, pixels: NDArray[np.uint8], truth: NDArray[np.int8]
) -> dict[str, float]:
    """How ``other`` compares with ``exact`` on these patches; see ``agreement_of``."""
    a, b = (run_over(compile_for_cpu(model), pixels)[:, 0] for model in (exact, other))
    return agreement_of(a, b, truth)


def agreement_of(
    exact: NDArray[np.float32], other: NDArray[np.float32], truth: NDArray[np.int8]
) -> dict[str, float]:
    """Share of equal decisions at 0.5, ROC AUC lost and largest difference of ``other`` against ``exact``:
    probabilities of the same patches, float32 (n,)."""
    return {
        "decisions": float(np.mean((exact >= 0.5) == (other >= 0.5))),
        "auc_loss": float(roc_auc_score(truth, exact) - roc_auc_score(truth, other)),
        "largest_difference": float(np.abs(exact - other).max()),
    }
