"""A whole slide from its file to its full heat map.

    python -m tests.benchmarks.bench_slide

The large slide, 51,200 x 36,800 pixels at 0.25 µm/px. The first figure is ``histoviewer classify`` of every
cell of it, once the network is loaded, against the slower of what it cannot do without: OpenSlide alone
reading the same pixels at the same level with as many threads, and the network alone on as many patches. The
second is the whole process on tissue only; its rival, WSInfer 0.6.1 with the same weights as TorchScript, was
measured once, on two such cores, over 1,562 patches.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import openslide

from tests.benchmarks.figure import Figure, compared, report
from tests.benchmarks.large_slide import large_slide
from tests.benchmarks.pairs import run_pairs

ROUNDS, BATCH = 3, 64
WSINFER_S = 36.6
"""The whole process."""

SIDES = ("whole", "tissue", "openslide", "network")


def main() -> None:
    side = sys.argv[1].removeprefix("--") if len(sys.argv) > 1 else ""
    if side in SIDES:
        sides = {"whole": _whole, "tissue": _tissue, "openslide": _openslide, "network": _network}
        print(json.dumps(sides[side]()))
    else:
        report(measure)


def measure() -> list[Figure]:
    large_slide()  # made once
    base = [sys.executable, "-m", "tests.benchmarks.bench_slide"]
    found = run_pairs({side: [*base, f"--{side}"] for side in SIDES}, rounds=ROUNDS)
    seconds = {side: [one["work_s"] for one in found[side]] for side in SIDES}
    larger = max(("openslide", "network"), key=lambda side: float(np.median(seconds[side])))
    names = {"openslide": "OpenSlide alone", "network": "the network alone"}
    patches = int(found["whole"][0]["patches"])
    return [
        compared(
            f"large slide to full heat map, {patches:,} patches",
            "s",
            rival=seconds[larger],
            ours=seconds["whole"],
            aim=1.2,
            is_rate=False,
            rival_name=names[larger],
        ),
        compared(
            f"the same, whole process, tissue only, {int(found['tissue'][0]['patches']):,} patches",
            "s",
            rival=[WSINFER_S] * ROUNDS,
            ours=[one["process_s"] for one in found["tissue"]],
            aim=0.1,
            is_rate=False,
            rival_name="WSInfer 0.6.1, measured once",
        ),
    ]


def _whole() -> dict[str, float]:
    return _classify("--no-tissue-mask")


def _tissue() -> dict[str, float]:
    return _classify()


def _classify(*more: str) -> dict[str, float]:
    from tests.benchmarks.timed_classify import timed_classify

    return timed_classify(large_slide(), ["--formats", "csv,png", *more])


def _openslide() -> dict[str, float]:
    """All of the level that a patch is read from, in pieces as large as blocks."""
    from histoviewer.inference.engine import READERS

    with openslide.OpenSlide(large_slide()) as slide, ThreadPoolExecutor(READERS) as readers:
        level = slide.get_best_level_for_downsample(4.0 / float(slide.properties["openslide.mpp-x"]))
        factor, (width, height) = slide.level_downsamples[level], slide.level_dimensions[level]
        places = [(x, y) for y in range(0, height, 800) for x in range(0, width, 800)]

        def read(place: tuple[int, int]) -> None:
            x, y = place
            size = min(800, width - x), min(800, height - y)
            np.asarray(slide.read_region((int(x * factor), int(y * factor)), level, size).convert("RGB"))

        start = time.perf_counter()
        list(readers.map(read, places))
        return {"work_s": time.perf_counter() - start}


def _network() -> dict[str, float]:
    from histoviewer.inference.opening import open_classifier
    from histoviewer.patches.opening import open_source
    from histoviewer.resources import default_bundle

    classifier = open_classifier(default_bundle())
    card = classifier.card
    source = open_source(large_slide(), input_size=card.input_size, model_mpp=card.mpp, tissue_only=False)
    count = len(source.columns)
    source.close()
    pixels = np.random.default_rng(1).integers(0, 256, (BATCH, *2 * (card.input_size,), 3), np.uint8)
    start = time.perf_counter()
    for first in range(0, count, BATCH):
        classifier.predict(pixels[: min(BATCH, count - first)])
    return {"work_s": time.perf_counter() - start}


if __name__ == "__main__":
    main()
