"""What judging in eight views is worth on patients that the model was not trained on, and what it costs.

    python -m tests.benchmarks.bench_views FOLDER

A model is trained by the published lists on the real patches beside the checkout (the head alone; minutes),
and judges the patches of the lists' test patients once as they lie and once in eight views, at the same
threshold. The intervals are of draws of patients. A FOLDER that has the model keeps it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histoviewer.inference.classifier import Classifier
from histoviewer.inference.eight_views import EightViews
from histoviewer.inference.opening import open_classifier
from model_training.dataset import Dataset, load_dataset
from model_training.evaluation import compare, evaluate

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FIGURES = ("roc_auc", "balanced_accuracy", "f1", "recall", "specificity", "brier")
BATCH = 64


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    if not (folder / "bundle").exists():
        _train(folder)
    one = open_classifier(folder / "bundle", engine="openvino")
    data = _test_patients(one)
    (first, seconds), (second, more) = _judged(one, data), _judged(EightViews(one), data)
    threshold = one.card.threshold
    sides = [evaluate(data.truth, side, data.patients, threshold=threshold) for side in (first, second)]
    gain = compare(data.truth, (first, second), data.patients, thresholds=(threshold, threshold))
    print(f"{len(data)} patches of {len(np.unique(data.patients))} patients not trained on\n")
    print("| figure | one view | eight views | gain |\n|---|---|---|---|")
    for name in FIGURES:
        cells = [
            f"{one_of[name].value:.4f} ({one_of[name].low:.4f} to {one_of[name].high:.4f})"
            for one_of in (*sides, gain)
        ]
        print(f"| {name} | {' | '.join(cells)} |")
    print(f"| seconds | {seconds:.1f} | {more:.1f} | {more / seconds:.2f}x |")
    facts = {name: [asdict(side[name]) for side in (*sides, gain)] for name in FIGURES}
    (folder / "views.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _train(folder: Path) -> None:
    words: list[str | Path] = ["train", DATA / "idc", "--output", folder / "run", "--fine-tune", "none"]
    words += ["--split-list", DATA / "official_split.json"]
    words += ["--weights", DATA / "weights" / "vgg16_imagenet_notop_f16.npz"]
    _call(words)
    _call(
        [
            *("bundle", DATA / "idc", "--training", folder / "run", "--output", folder / "bundle"),
            *("--version", "views"),
        ]
    )


def _call(words: list[str | Path]) -> None:
    subprocess.run([sys.executable, "-m", "model_training", *map(str, words)], check=True)


def _test_patients(classifier: Classifier) -> Dataset:
    card = classifier.card
    folders = [DATA / "idc" / name for name in card.split["test"]]
    there = [folder for folder in folders if folder.is_dir()]
    return load_dataset(there, input_size=card.input_size, mpp=card.mpp)


def _judged(classifier: Classifier, data: Dataset) -> tuple[NDArray[np.float32], float]:
    start = time.perf_counter()
    answers = [classifier.predict(data.pixels[first : first + BATCH]) for first in range(0, len(data), BATCH)]
    return np.concatenate(answers), time.perf_counter() - start


if __name__ == "__main__":
    main()
