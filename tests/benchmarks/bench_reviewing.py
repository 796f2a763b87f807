"""Reviewing by keys in the real window: how long a decision takes to be kept, and to be seen.

python -m tests.benchmarks.bench_reviewing PATIENT

PATIENT: a folder of patches whose names tell the truth; see ``../shared/data/idc``. It is classified, then
sixty patches are decided along the uncertain ones, each by the key of its truth. Without a screen it runs
offscreen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.session import Session
from histoviewer.patches.patch import MALIGNANT
from histoviewer.resources import default_bundle
from histoviewer.results.reviews import read_reviews
from tests.benchmarks.bench_looking import Watch

DECIDED = 60


def main(patient: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        _review(patient)


def _review(patient: Path) -> None:
    app = make_application()
    session = Session(default_bundle())
    window = MainWindow(session)
    window.show()
    watch, view = Watch(app), window.canvas.view
    session.open([patient], classify=True)
    watch.until(lambda: session.current is not None and not session.opener.is_busy)
    watch.until(lambda: not session.is_running, limit=600)
    opened = session.current
    assert opened is not None
    saving, keys = [], []
    decide = opened.store.decide

    def timed(*arguments: object, **named: object) -> None:
        start = time.perf_counter()
        decide(*arguments, **named)  # type: ignore[arg-type]
        saving.append(1000 * (time.perf_counter() - start))

    opened.store.decide = timed  # type: ignore[method-assign,assignment]
    QTest.keyClick(view, Qt.Key.Key_N)
    begun = time.perf_counter()
    for _ in range(DECIDED):
        assert session.selected is not None
        is_malignant = opened.source.columns.truth[session.selected] == MALIGNANT
        start = time.perf_counter()
        QTest.keyClick(view, Qt.Key.Key_M if is_malignant else Qt.Key.Key_B)
        app.processEvents()
        keys.append(1000 * (time.perf_counter() - start))
    rate = 60 * DECIDED / (time.perf_counter() - begun)
    assert len(read_reviews(opened.store.path).reviews) == DECIDED
    window.close()
    print("| | p50, ms | p95, ms |\n|---|---|---|")
    for name, times in (("a decision in the file", saving), ("key to the next patch painted", keys)):
        print(f"| {name} | {np.percentile(times, 50):.1f} | {np.percentile(times, 95):.1f} |")
    print(f"\n{rate:,.0f} patches a minute, without a person to look at them")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
