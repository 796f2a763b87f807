"""What judging in eight views is worth on patients that a model was not trained on, and what it costs.

    python -m tests.benchmarks.bench_views CV

CV is what ``histoviewer-train crossvalidate`` has left of the real patches beside the checkout: a network
of the bundled recipe for each fold. Each patient is judged, once as its patches lie and once in eight views,
by the int8 form of the network that has not seen them, calibrated on the other folds; both sides at the
threshold that suits the single view best. The intervals are of draws of patients.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.eight_views import VIEWS, views
from histoviewer.inference.model_card import read_card
from histoviewer.resources import default_bundle
from model_training.answers import logit
from model_training.calibration import fit_calibration
from model_training.checkpoints import FINISHED
from model_training.config import load_config
from model_training.dataset import Dataset, load_dataset, load_split
from model_training.evaluation import best_threshold, compare, evaluate
from model_training.features import compile_for_cpu, run_over, to_openvino
from model_training.network import build_network
from model_training.quantisation import quantise

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "idc"
FIGURES = ("roc_auc", "balanced_accuracy", "f1", "recall", "specificity", "brier")


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    card = read_card(default_bundle())
    data = load_dataset([DATA], input_size=card.input_size, mpp=card.mpp)
    answers = np.full((len(data), VIEWS), np.nan, np.float32)
    folds = np.zeros(len(data), np.intp)
    seconds = np.zeros(VIEWS)
    for number, fold in enumerate(sorted(folder.glob("fold-*")), start=1):
        rows = _judge(fold, data, answers, seconds)
        folds[rows] = number
    one, eight = _calibrated(data, answers, folds)
    threshold = best_threshold(data.truth, one)
    sides = [evaluate(data.truth, side, data.patients, threshold=threshold) for side in (one, eight)]
    gain = compare(data.truth, (one, eight), data.patients, thresholds=(threshold, threshold))
    print(f"{len(data)} patches of {len(np.unique(data.patients))} patients, at {threshold:.2f}\n")
    print("| figure | one view | eight views | gain |\n|---|---|---|---|")
    for name in FIGURES:
        cells = [
            f"{side[name].value:.4f} ({side[name].low:.4f} to {side[name].high:.4f})"
            for side in (*sides, gain)
        ]
        print(f"| {name} | {' | '.join(cells)} |")
    cost = seconds.sum() / seconds[0]
    print(f"| seconds | {seconds[0]:.1f} | {seconds.sum():.1f} | {cost:.2f}x |")
    facts = {name: [asdict(side[name]) for side in (*sides, gain)] for name in FIGURES}
    (folder / "views.json").write_text(json.dumps({**facts, "cost": cost}, indent=1) + "\n", encoding="utf-8")


def _judge(
    fold: Path, data: Dataset, answers: NDArray[np.float32], seconds: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Fill in what the network of a fold says of those it has not seen, uncalibrated; returns their rows."""
    config, split = load_config(fold / "config.json"), load_split(fold / "split.json")
    network = build_network(config.network)
    network.load_weights(fold / FINISHED)
    model = quantise(to_openvino(network), data.pixels, split.rows(data, "train"), seed=config.seed)
    compiled, rows = compile_for_cpu(model), split.rows(data, "test")
    run_over(compiled, data.pixels, rows[:64])  # what is prepared once does not count
    for place, view in enumerate(views(data.pixels[rows])):
        start = time.perf_counter()
        answers[rows, place] = run_over(compiled, view)[:, 0]
        seconds[place] += time.perf_counter() - start
    return rows


def _calibrated(
    data: Dataset, answers: NDArray[np.float32], folds: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probability by one view, and the mean of eight, each by the calibration of the other folds."""
    calibrated = answers.copy()
    for fold in np.unique(folds):
        others = folds != fold
        fitted = fit_calibration(logit(answers[others, 0]), data.truth[others])
        own = np.flatnonzero(~others)
        for view in range(VIEWS):
            calibrated[own, view] = fitted.calibrated(answers[own, view])
    mean: NDArray[np.float32] = calibrated.mean(axis=1, dtype=np.float64).astype(np.float32)
    return calibrated[:, 0], mean


if __name__ == "__main__":
    main()
