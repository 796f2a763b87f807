"""Five hundred slides at once, in a batch and in the window, and a slide of 100,000 x 80,000 pixels.

    python -m tests.benchmarks.bench_large_things

Copies of the demo slide, 345 patches each, and two slides made of patient 8867, in the temporary folder. A
batch of 500 is to take no more memory than one of 50, and a slide with four times the pixels not much more.
The window is given all of them to open and to classify, each from a process of its own: how much memory a
slide takes that is open, and for how long the window did nothing else. Linux only: reads /proc.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from histoviewer.resources import default_bundle, demo_slide
from histoviewer.staging import staged
from tests.benchmarks.figure import Figure, compared, report
from tests.benchmarks.large_slide import LARGEST, SIZE, large_slide
from tests.benchmarks.pairs import timed_process

FEW, MANY = 50, 500
LONGEST_MS, MIB_A_SLIDE = 50.0, 2.0


def main() -> None:
    if len(sys.argv) > 2:
        side, paths = sys.argv[1], [Path(word) for word in sys.argv[2:]]
        print(json.dumps({"--batch": _batch, "--window": _window}[side](paths)))
    else:
        report(measure)


def measure() -> list[Figure]:
    slides = {count: _slides(count) for count in (FEW, MANY)}
    batch, window = (
        {count: _of(side, *slides[count]) for count in (FEW, MANY)} for side in ("--batch", "--window")
    )
    large, largest = (_of("--batch", large_slide(size)) for size in (SIZE, LARGEST))
    largest_window = _of("--window", large_slide(LARGEST))
    name = f"a slide of {LARGEST.width:,} x {LARGEST.height:,}"
    peaks = {count: facts["peak_mib"] for count, facts in batch.items()}
    a_slide = (window[MANY]["open_mib"] - window[FEW]["open_mib"]) / (MANY - FEW)
    seconds = {count: facts["work_s"] / count for count, facts in batch.items()}
    return [
        _against(
            f"a batch of {MANY} slides, peak memory", "MiB", peaks[MANY], peaks[FEW], 1.1, f"one of {FEW}"
        ),
        _against(
            f"a batch of {MANY} slides, time a slide", "s", seconds[MANY], seconds[FEW], 1.1, f"one of {FEW}"
        ),
        _within(f"an open slide among {MANY}, memory", "MiB", a_slide, MIB_A_SLIDE),
        _within(f"opening {MANY} slides, longest pause", "ms", window[MANY]["open_ms"], LONGEST_MS),
        _within(f"classifying {MANY} slides, longest pause", "ms", window[MANY]["run_ms"], LONGEST_MS),
        _against(
            f"{name} to table and heat map, peak memory",
            "MiB",
            largest["peak_mib"],
            large["peak_mib"],
            1.3,
            f"one of {SIZE.width:,} x {SIZE.height:,}",
        ),
        _within(f"opening {name}, longest pause", "ms", largest_window["open_ms"], LONGEST_MS),
        _within(f"classifying {name}, longest pause", "ms", largest_window["run_ms"], LONGEST_MS),
    ]


def _against(name: str, unit: str, ours: float, rival: float, aim: float, rival_name: str) -> Figure:
    """Of one round."""
    return compared(name, unit, rival=[rival], ours=[ours], aim=aim, is_rate=False, rival_name=rival_name)


def _within(name: str, unit: str, ours: float, bound: float) -> Figure:
    return _against(name, unit, ours, bound, 1, f"{bound:g} {unit}")


def _of(side: str, *paths: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_large_things", side]
    return timed_process([*command, *map(str, paths)])


def _slides(count: int) -> list[Path]:
    """So many; made where they are not there."""
    folder = Path(tempfile.gettempdir()) / "histoviewer-slides"
    folder.mkdir(exist_ok=True)
    slides = [folder / f"slide-{number:03}.tiff" for number in range(count)]
    for slide in slides:
        if not slide.exists():
            with staged(slide) as file:
                file.write(demo_slide().read_bytes())
    return slides


def _batch(paths: list[Path]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as output:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "histoviewer.app", "classify", *paths, "--output", output, "--quiet"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - start
    return {"work_s": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def _window(paths: list[Path]) -> dict[str, float]:
    os.environ.setdefault("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")
    with tempfile.TemporaryDirectory() as data:
        os.environ["XDG_DATA_HOME"] = data
        return _opened_and_classified(paths)


def _opened_and_classified(paths: list[Path]) -> dict[str, float]:
    from histoviewer.app import window_application
    from histoviewer.gui.open_files import allow_many_open_files
    from tests.benchmarks.bench_looking import Watch

    application = window_application()
    allow_many_open_files()
    app = application.make_application()
    session = application.Session(default_bundle())
    window = application.MainWindow(session)
    window.show()
    watch, found = Watch(app), dict[str, float]()
    with watch.longest("open_ms", found):
        session.open(paths)
        watch.until(lambda: len(session.sources) == len(paths) and not session.opener.is_busy, limit=600)
    with watch.longest("run_ms", found):
        for opened in session.sources:
            session.classify(opened)
        watch.until(lambda: not session.is_running, limit=1200)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found["open_mib"] = int(status.split("VmRSS:")[1].split()[0]) / 1024
    window.close()
    return found


if __name__ == "__main__":
    main()
