"""``histoviewer classify`` over a folder of PNG files against Keras doing the same with the same weights.

    python -m tests.benchmarks.bench_classify_folder [FOLDER]

The rival is what the Keras documentation leads to: ``image_dataset_from_directory``, ``model.predict`` and a
CSV. Ours writes its CSV and result file; neither imports nor loading the network count for either, but in the
second figure, of whole processes. The third sets ours beside what it cannot be faster than: the network on
arrays in memory, and decoding of the same files.

Without a folder: 5,000 real patches of a few patients, where they lie beside the checkout.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from tests.benchmarks.figure import Figure, compared, report
from tests.benchmarks.pairs import run_pairs

BATCH, ROUNDS, FILES = 64, 3, 5000
SIDES = ("keras", "ours", "network", "decoding")
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "idc"


def main() -> None:
    side = sys.argv[1].removeprefix("--") if len(sys.argv) > 1 else ""
    if side in SIDES:
        {"keras": _keras, "ours": _ours, "network": _network, "decoding": _decoding}[side](Path(sys.argv[2]))
    else:
        report(measure)


def measure() -> list[Figure]:
    given = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given[0] if given else some_patches(Path(temporary) / "patches", FILES)
        base = [sys.executable, "-m", "tests.benchmarks.bench_classify_folder"]
        found = run_pairs({side: [*base, f"--{side}", str(folder)] for side in SIDES}, rounds=ROUNDS)
    patches = int(found["ours"][0]["patches"])
    rate = {side: [patches / one["work_s"] for one in found[side]] for side in SIDES}
    whole = {side: [patches / one["process_s"] for one in found[side]] for side in ("keras", "ours")}
    slower = min(("network", "decoding"), key=lambda side: float(np.median(rate[side])))
    files, unit = f"{patches:,} PNG files to CSV", "patches/s"
    keras = "image_dataset_from_directory and model.predict"
    return [
        compared(files, unit, rival=rate["keras"], ours=rate["ours"], aim=4, is_rate=True, rival_name=keras),
        compared(
            f"{files}, whole process",
            unit,
            rival=whole["keras"],
            ours=whole["ours"],
            aim=4,
            is_rate=True,
            rival_name=keras,
        ),
        compared(
            files,
            unit,
            rival=rate[slower],
            ours=rate["ours"],
            aim=0.9,
            is_rate=True,
            rival_name={"network": "the network on arrays", "decoding": "decoding alone"}[slower],
        ),
    ]


def some_patches(folder: Path, count: int) -> Path:
    """So many real patches, patient after patient, in a folder of their own."""
    real = sorted(REAL.rglob("*.png"))[:count]
    if not real:
        sys.exit("the real patches do not lie beside the checkout: name a folder")
    for path in real:
        copy = folder / path.relative_to(REAL)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


def _say(patches: int, seconds: float) -> None:
    print(json.dumps({"patches": patches, "work_s": seconds}))


def _keras(folder: Path) -> None:
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
    with tempfile.TemporaryFile("w+", newline="") as file:
        csv.writer(file).writerows(zip(patches.file_paths, answers[:, 0].tolist(), strict=True))
    _say(len(answers), time.perf_counter() - start)


def _ours(folder: Path) -> None:
    from tests.benchmarks.timed_classify import timed_classify

    print(json.dumps(timed_classify(folder, ["--formats", "csv"])))


def _network(folder: Path) -> None:
    from histoviewer.inference.opening import open_classifier
    from histoviewer.resources import default_bundle

    classifier = open_classifier(default_bundle())
    count, size = sum(1 for _path in folder.rglob("*.png")), classifier.card.input_size
    pixels = np.random.default_rng(1).integers(0, 256, (BATCH, size, size, 3), np.uint8)
    start = time.perf_counter()
    for first in range(0, count, BATCH):
        classifier.predict(pixels[: min(BATCH, count - first)])
    _say(count, time.perf_counter() - start)


def _decoding(folder: Path) -> None:
    from histoviewer.inference.engine import READERS
    from histoviewer.patches.opening import open_source

    source = open_source(folder, input_size=50, model_mpp=4.0)
    start = time.perf_counter()
    with ThreadPoolExecutor(READERS) as readers:
        count = sum(len(read.patches) for read in readers.map(source.read, source.blocks()))
    _say(count, time.perf_counter() - start)


if __name__ == "__main__":
    main()
