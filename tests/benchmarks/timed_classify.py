"""``histoviewer classify`` in this process, timed from when the network is loaded."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from histoviewer.app import main as histoviewer
from histoviewer.cli import classify
from histoviewer.inference.classifier import Classifier


def timed_classify(path: Path, words: Sequence[str]) -> dict[str, float]:
    """Rows of the table it writes, and seconds of work: neither imports nor loading the network."""
    started: list[float] = []
    load = classify.open_judge

    def timed_load(*arguments: object, **options: object) -> Classifier:
        loaded = load(*arguments, **options)  # type: ignore[arg-type]
        started.append(time.perf_counter())
        return loaded

    classify.open_judge = timed_load
    with tempfile.TemporaryDirectory() as output:
        if histoviewer(["classify", str(path), "--output", output, "--quiet", *words]):
            sys.exit("classify failed")
        seconds = time.perf_counter() - started[0]
        return {"patches": rows_written(Path(output)), "work_s": seconds}


def rows_written(output: Path) -> int:
    """Of the only table in a folder of reports."""
    (table,) = [path for path in output.glob("*.csv") if path.name != "summary.csv"]
    with table.open("rb") as file:
        return sum(1 for _line in file) - 1
