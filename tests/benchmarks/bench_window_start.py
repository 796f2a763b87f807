"""Time to the painted window against an empty PySide6 window, each in a process of its own.

    python -m tests.benchmarks.bench_window_start [ROUNDS]

Needs a screen, or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import json
import sys
import time

from tests.benchmarks.pairs import median, median_ratio, run_pairs

STARTED = time.perf_counter()


def main() -> None:
    side = sys.argv[1] if len(sys.argv) > 1 else ""
    if side == "--empty":
        _empty()
    elif side == "--ours":
        _ours()
    else:
        _compare(int(side) if side else 7)


def _compare(rounds: int) -> None:
    base = [sys.executable, "-m", "tests.benchmarks.bench_window_start"]
    found = run_pairs({side: [*base, f"--{side}"] for side in ("empty", "ours")}, rounds=rounds)
    empty, ours = found["empty"], found["ours"]
    print(f"| time to the painted window, median of {rounds} | empty PySide6 | HistoViewer | ratio |")
    print("|---|---|---|---|")
    print(
        f"| from the first import | {median(empty, 'start_s'):.2f} s | {median(ours, 'start_s'):.2f} s "
        f"| {median_ratio(ours, empty, 'start_s')} |"
    )
    print(f"tensorflow in sys.modules: {any(r['tensorflow'] for r in ours)}")


def _empty() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    _report()


def _ours() -> None:
    from histoviewer.gui.application import make_application
    from histoviewer.gui.main_window import MainWindow
    from histoviewer.gui.session import Session
    from histoviewer.resources import default_bundle

    app = make_application()
    window = MainWindow(Session(default_bundle()))
    window.show()
    app.processEvents()
    _report()
    window.close()


def _report() -> None:
    seconds = time.perf_counter() - STARTED
    print(json.dumps({"start_s": seconds, "tensorflow": int("tensorflow" in sys.modules)}))


if __name__ == "__main__":
    main()
