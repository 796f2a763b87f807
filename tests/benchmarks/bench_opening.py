"""Opening a folder of 277,524 files in 558 folders, against walking it.

    python -m tests.benchmarks.bench_opening

The files are links to a few real patches, named as the data set's, in 279 patients' folders of two classes
each; they are made once, in the temporary folder. The rival lists all of them with ``os.scandir`` and reads
each one's size and time, as whoever wants to know later whether a file has changed has to.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from histoviewer.gui.application import make_application
from histoviewer.gui.main_window import MainWindow
from histoviewer.gui.panels.opening_line import OpeningLine
from histoviewer.gui.session import Session
from histoviewer.patches.opening import open_source
from histoviewer.resources import default_bundle
from tests.benchmarks.bench_looking import CANVAS, Watch
from tests.benchmarks.figure import Figure, compared, report

PATIENTS, FILES, ROUNDS = 279, 277_524, 3


def many_files() -> Path:
    """The folder, made where it is not there."""
    root = Path(tempfile.gettempdir()) / "histoviewer-many-files"
    if (root / "made").exists():
        return root / "patches"
    side = int(np.ceil(np.sqrt(FILES / PATIENTS)))
    for patient in range(PATIENTS):
        count = FILES * (patient + 1) // PATIENTS - FILES * patient // PATIENTS
        for truth in (0, 1):
            folder = root / "patches" / str(10_000 + patient) / str(truth)
            folder.mkdir(parents=True, exist_ok=True)
            picture = folder / "first.png"
            Image.fromarray(np.full((50, 50, 3), (200, 60 + 80 * truth, 180), np.uint8)).save(picture)
            for place in range(truth, count, 2):
                x, y = 1 + 50 * (place % side), 1 + 50 * (place // side)
                os.link(picture, folder / f"{10_000 + patient}_idx5_x{x}_y{y}_class{truth}.png")
            picture.unlink()
    (root / "made").touch()
    return root / "patches"


def measure() -> list[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    folder = many_files()
    walks, counts, thumbnails = [], [], []
    with tempfile.TemporaryDirectory() as data:
        os.environ["XDG_DATA_HOME"] = data
        app = make_application()
        window = MainWindow(Session(default_bundle()))
        window.resize(*CANVAS)
        window.show()
        watch = Watch(app)
        for number in range(ROUNDS + 1):
            figures = _walk(folder), _count(folder), _first_thumbnails(window, watch, folder)
            if number:
                for found, kept in zip(figures, (walks, counts, thumbnails), strict=True):
                    kept.append(found)
        window.close()
    return [
        compared(
            f"opening {FILES:,} files: {what}",
            "s",
            rival=walks,
            ours=ours,
            aim=aim,
            is_rate=False,
            rival_name="os.scandir with size and time",
        )
        for what, ours, aim in (("full count", counts, 1.3), ("first thumbnails", thumbnails, 1.0))
    ]


def _walk(folder: Path) -> float:
    start, waiting, count = time.perf_counter(), [str(folder)], 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    entry.stat()
                    count += 1
    assert count == FILES
    return time.perf_counter() - start


def _count(folder: Path) -> float:
    start = time.perf_counter()
    with_count = open_source(folder, input_size=50, model_mpp=4.0)
    assert len(with_count.columns) == FILES
    seconds = time.perf_counter() - start
    with_count.close()
    return seconds


def _first_thumbnails(window: MainWindow, watch: Watch, folder: Path) -> float:
    """Until pictures of it are seen in the window."""
    session = window.session
    line = window.findChild(OpeningLine)
    assert isinstance(line, OpeningLine)
    start = time.perf_counter()
    session.open([folder])
    watch.until(lambda: line.isVisible() and not line.pictures.pixmap().isNull())
    line.repaint()
    seconds = time.perf_counter() - start
    watch.until(lambda: not session.opener.is_busy)
    assert session.current is not None
    session.close_source(session.current)
    line.pictures.clear()
    return seconds


if __name__ == "__main__":
    report(measure)
