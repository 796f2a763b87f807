"""``histoviewer classify`` over a folder of PNG files against Keras doing the same with the same weights.

    python -m tests.benchmarks.bench_classify_folder FOLDER [ROUNDS]

The rival is what the Keras documentation leads to: ``image_dataset_from_directory`` and
``model.predict``. Two figures each: the whole process from start to end, and the work alone, without
imports and without loading the network. Ours writes its CSV, heat map and result file within both.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.pairs import median, median_ratio, run_pairs

BATCH = 64


def main() -> None:
    if sys.argv[1] == "--rival":
        _rival(Path(sys.argv[2]))
    elif sys.argv[1] == "--ours":
        _ours(Path(sys.argv[2]))
    else:
        _compare(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)


def _compare(folder: Path, rounds: int) -> None:
    base = [sys.executable, "-m", "tests.benchmarks.bench_classify_folder"]
    found = run_pairs({side: [*base, f"--{side}", str(folder)] for side in ("rival", "ours")}, rounds=rounds)
    rival, ours = found["rival"], found["ours"]
    print(
        f"| {folder.name}, {int(ours[0]['patches'])} patches, median of {rounds} | Keras | classify | ratio |"
    )
    print("|---|---|---|---|")
    for figure, label in (("process_s", "whole process"), ("work_s", "work alone")):
        rates = [f"{median(side, 'patches') / median(side, figure):.0f}/s" for side in (rival, ours)]
        print(f"| {label} | {rates[0]} | {rates[1]} | {median_ratio(rival, ours, figure)} |")


def _rival(folder: Path) -> None:
    import keras

    from histoviewer.inference.keras_classifier import load_network
    from histoviewer.inference.model_card import read_card
    from histoviewer.resources import default_bundle

    card = read_card(default_bundle())
    network = card.network("keras")
    assert network is not None
    model = load_network(card, network)
    start = time.perf_counter()
    patches = keras.utils.image_dataset_from_directory(
        folder, image_size=(card.input_size,) * 2, batch_size=BATCH, shuffle=False, verbose=False
    )
    answers = model.predict(patches, verbose=0)
    print(json.dumps({"patches": len(answers), "work_s": time.perf_counter() - start}))


def _ours(folder: Path) -> None:
    from histoviewer.app import main as histoviewer
    from histoviewer.cli import classify
    from histoviewer.inference.classifier import Classifier

    started: list[float] = []
    load = classify.open_classifier

    def timed_load(*args: object, **options: object) -> Classifier:
        loaded = load(*args, **options)  # type: ignore[arg-type]
        started.append(time.perf_counter())
        return loaded

    classify.open_classifier = timed_load
    with tempfile.TemporaryDirectory() as output:
        if histoviewer(["classify", str(folder), "--output", output, "--quiet"]):
            sys.exit("classify failed")
        seconds = time.perf_counter() - started[0]
        rows = (Path(output) / f"{folder.name}.csv").read_text(encoding="utf-8").count("\n") - 1
    print(json.dumps({"patches": rows, "work_s": seconds}))


if __name__ == "__main__":
    main()
