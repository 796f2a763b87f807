"""Time to the painted window against an empty PySide6 window, each in a process of its own.

    python -m tests.benchmarks.bench_window_start

Needs a screen, or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import json
import sys
import time

from tests.benchmarks.figure import Figure, compared, report
from tests.benchmarks.pairs import run_pairs

STARTED = time.perf_counter()


ROUNDS = 7


def main() -> None:
    side = sys.argv[1].removeprefix("--") if len(sys.argv) > 1 else ""
    if side == "empty":
        _empty()
    elif side == "ours":
        _ours()
    else:
        report(measure)


def measure() -> list[Figure]:
    base = [sys.executable, "-m", "tests.benchmarks.bench_window_start"]
    found = run_pairs({side: [*base, f"--{side}"] for side in ("empty", "ours")}, rounds=ROUNDS)
    assert not any(one["tensorflow"] for one in found["ours"]), "the window imports TensorFlow"
    seconds = {side: [one["start_s"] for one in found[side]] for side in found}
    return [
        compared(
            "window start, from the first import to the painted window",
            "s",
            rival=seconds["empty"],
            ours=seconds["ours"],
            aim=2,
            is_rate=False,
            rival_name="an empty PySide6 window",
        )
    ]


def _empty() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    _say()


def _ours() -> None:
    from histoviewer.app import window_application
    from histoviewer.resources import default_bundle

    application = window_application()
    app = application.make_application()
    window = application.MainWindow(application.Session(default_bundle()))
    window.show()
    app.processEvents()
    _say()
    window.close()


def _say() -> None:
    seconds = time.perf_counter() - STARTED
    print(json.dumps({"start_s": seconds, "tensorflow": int("tensorflow" in sys.modules)}))


if __name__ == "__main__":
    main()
