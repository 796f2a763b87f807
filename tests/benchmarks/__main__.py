"""All figures of speed in one table: Markdown, JSON and a picture.

    python -m tests.benchmarks [--output FOLDER] [NAME ...]

Each script runs in a process of its own, one after the other; a NAME is a script's without ``bench_``. An
idle machine is wanted: ratios survive a noisy one, but not unharmed. Takes about three quarters of an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from histoviewer import __version__
from tests.benchmarks.figure import Figure, table

SCRIPTS = (
    "network",
    "classify_folder",
    "slide",
    "first_patches",
    "opening",
    "size",
    "large_things",
    "window_start",
    "head_training",
)

NAME_WIDTH = 56
"""Letters of a figure's name in a line of the picture."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmarks"), metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCRIPTS)}")
    options = parser.parse_args()
    unknown = sorted({*options.names}.difference(SCRIPTS))
    if unknown:
        parser.error(f"no such figures: {', '.join(unknown)}")
    options.output.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    for name in options.names or SCRIPTS:
        print(f"{name} …", file=sys.stderr)
        figures += _measured(name)
        _write(options.output, figures)  # also what is there if a later one fails
    print(table(figures))


def _measured(name: str) -> list[Figure]:
    command = [sys.executable, "-m", f"tests.benchmarks.bench_{name}", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench_{name} has failed")
    return [Figure.of_facts(facts) for facts in json.loads(done.stdout.splitlines()[-1])]


def _write(folder: Path, figures: Sequence[Figure]) -> None:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, HistoViewer {__version__}"
    (folder / "speed.md").write_text(f"{machine}\n\n{table(figures)}\n", encoding="utf-8")
    facts = {"machine": machine, "figures": [one.facts() for one in figures]}
    (folder / "speed.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    _draw(folder / "speed.png", figures)


def _draw(path: Path, figures: Sequence[Figure]) -> None:
    """How much better than its aim each figure is: to the right of the line it is met."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    scores = [one.ratio / one.aim if one.is_rate else one.aim / max(one.ratio, 1e-9) for one in figures]
    names = [textwrap.fill(f"{one.name}, against {one.rival_name}", NAME_WIDTH) for one in figures]
    drawing, axes = plt.subplots(figsize=(11, 1.2 + 0.55 * len(figures)), layout="constrained")
    colours = ["#1b7837" if one.is_met else "#b35806" for one in figures]
    axes.barh(range(len(figures)), scores, color=colours)
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=1)
    ticks = [tick for tick in (0.125, 0.25, 0.5, 1, 2, 4, 8) if min(scores) / 2 < tick < 2 * max(scores)]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(figures)), names, fontsize="small")
    axes.invert_yaxis()
    axes.set_xlabel("times as good as the aim; beside each bar the ratio itself")
    for place, (one, score) in enumerate(zip(figures, scores, strict=True)):
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        axes.text(1.03 * score, place, f"{one.ratio:.2f}x", va="center", fontsize="small", bbox=ground)
    axes.set_xlim(min(ticks) / 1.5, 1.6 * max(scores))
    drawing.savefig(path, dpi=120)
    plt.close(drawing)


if __name__ == "__main__":
    main()
