"""What a patch costs as there are more of them: memory, and seconds, of 1,000 to 1,000,000 patches.

    python -m tests.benchmarks.bench_size

``histoviewer classify`` over squares of tissue cut so finely that they have so many patches, each size in a
process of its own: opening, reading, result file and CSV are the real ones. In the network's place stands one
that answers at once, for what the network costs a patch does not depend on how many there are.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffWriter

from histoviewer.slides.geometry import Region, Size
from histoviewer.slides.opening import open_slide
from histoviewer.staging import staged
from tests.benchmarks.figure import Figure, report
from tests.benchmarks.large_slide import TILE, large_slide
from tests.benchmarks.pairs import median, run_pairs

COUNTS = (1_000, 10_000, 100_000, 1_000_000)
STRIDE, ROUNDS = 36, 2
"""Of the model's pixels, which are the slide's own here."""


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1].isdecimal():
        print(json.dumps(_classified(square_of(int(sys.argv[1])))))
    else:
        report(measure)


def measure() -> list[Figure]:
    for count in COUNTS:
        square_of(count)  # made once
    base = [sys.executable, "-m", "tests.benchmarks.bench_size"]
    found = run_pairs({str(count): [*base, str(count)] for count in COUNTS}, rounds=ROUNDS)
    patches = {count: found[str(count)][0]["patches"] for count in COUNTS}
    peak = {count: median(found[str(count)], "peak") for count in COUNTS}
    small, large = 10_000, 1_000_000
    growth = (peak[large] - peak[small]) / (patches[large] - patches[small])
    seconds = {count: median(found[str(count)], "work_s") for count in COUNTS}
    # A straight line through the smallest and the largest.
    slope = (seconds[COUNTS[-1]] - seconds[COUNTS[0]]) / (patches[COUNTS[-1]] - patches[COUNTS[0]])
    line = {n: seconds[COUNTS[0]] + slope * (patches[n] - patches[COUNTS[0]]) for n in COUNTS}
    apart = {count: abs(seconds[count] / line[count] - 1) for count in COUNTS[1:-1]}
    worst = max(apart, key=lambda count: apart[count])
    return [
        Figure(
            f"memory a patch, from {small:,} to {large:,} patches",
            "bytes",
            ours=growth,
            rival=200.0,
            ratios=(growth / 200,),
            aim=1,
            is_rate=False,
            rival_name="200 bytes",
        ),
        Figure(
            f"seconds for {', '.join(f'{count:,}' for count in COUNTS)} patches: farthest from a line",
            "s",
            ours=seconds[worst],
            rival=line[worst],
            ratios=(1 + apart[worst],),
            aim=1.1,
            is_rate=False,
            rival_name="a straight line",
        ),
    ]


def square_of(count: int) -> Path:
    """A slide of one level with about so many patches, cut out of the large one; made once."""
    path = Path(tempfile.gettempdir()) / f"histoviewer-{count}-patches.svs"
    if not path.exists():
        with (
            open_slide(large_slide()) as slide,
            staged(path) as file,
            TiffWriter(file, bigtiff=True) as writer,
        ):
            width = min(slide.dimensions.width, STRIDE * round(math.sqrt(count * 1.391)))
            height = min(slide.dimensions.height, STRIDE * math.ceil(count / (width // STRIDE)))
            size = Size(width, height)

            def tiles() -> object:
                for y in range(0, size.height, TILE):
                    for x in range(0, size.width, TILE):
                        yield slide.read_region(Region(x, y, 0, Size(TILE, TILE)))

            writer.write(
                tiles(),
                shape=(size.height, size.width, 3),
                dtype=np.uint8,
                tile=(TILE, TILE),
                photometric="rgb",
                compression="jpeg",
                compressionargs={"level": 85},
                description=f"Aperio Image Library\n{size.width}x{size.height}|AppMag = 40|MPP = 0.25",
                metadata=None,
            )
    return path


def _classified(path: Path) -> dict[str, float]:
    from histoviewer.app import main as histoviewer
    from histoviewer.cli import classify
    from histoviewer.inference.model_card import ModelCard
    from tests.benchmarks.timed_classify import rows_written

    class AtOnce:
        """Answers by the brightness of the middle pixel."""

        engine, precision, batch_size = "openvino", "int8", 64

        def __init__(self, card: ModelCard) -> None:
            self.card = card

        def predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
            return (pixels[:, 25, 25, 0] / 255).astype(np.float32)

    load = classify.open_judge
    classify.open_judge = lambda *words, **named: AtOnce(load(*words, **named).card)
    with tempfile.TemporaryDirectory() as output:
        words = ["classify", str(path), "--output", output, "--formats", "csv", "--quiet"]
        words += ["--mpp", "4", "--stride", str(STRIDE), "--no-tissue-mask"]
        start = time.perf_counter()
        if histoviewer(words):
            sys.exit("classify failed")
        seconds = time.perf_counter() - start
        rows = rows_written(Path(output))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"patches": rows, "work_s": seconds, "peak": peak}


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    main()
