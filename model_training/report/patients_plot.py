"""A picture of how well each patient was judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from model_training.report.patients_table import PatientRow
from model_training.report.plot_style import (
    BENIGN_COLOUR,
    GREY,
    INK,
    MALIGNANT_COLOUR,
    SMALL,
    TEXT,
    Axes,
    heading,
    styled,
    three,
)


def patients_figure(rows: Sequence[PatientRow], name: str) -> Figure:
    """Each patient's sensitivity and specificity against how many patches it rests on."""
    figure = Figure(figsize=(9.2, 4.8), layout="constrained")
    heading(
        figure,
        f"Patient by patient, {name}: outside the grey band, chance alone does not explain the distance",
    )
    left, right = figure.subplots(1, 2, sharey=True)
    found = [(row.patient, row.malignant, row.true_positive) for row in rows if row.malignant]
    spared = [(row.patient, row.patches - row.malignant, row.true_negative) for row in rows]
    _by_size(left, found, "sensitivity", "malignant patches of the patient", MALIGNANT_COLOUR)
    _by_size(
        right,
        [row for row in spared if row[1]],
        "specificity",
        "benign patches of the patient",
        BENIGN_COLOUR,
    )
    return figure


NAME_HEIGHT, LETTER_WIDTH = 0.05, 0.025
"""Of a name beside its dot, as shares of the axes."""


def _by_size(axes: Axes, rows: Sequence[tuple[str, int, int]], figure: str, label: str, colour: str) -> None:
    styled(axes)
    names, of, right = zip(*rows, strict=True)
    patches, share = np.array(of), np.array(right) / np.array(of)
    pooled = sum(right) / sum(of)
    sizes = np.geomspace(1, patches.max() * 1.9, 200)
    spread = 1.96 * np.sqrt(pooled * (1 - pooled) / sizes)  # of a share of so many independent patches
    low, high = np.clip((pooled - spread, pooled + spread), 0, 1)
    axes.fill_between(sizes, low, high, color=GREY, alpha=0.18, linewidth=0)
    axes.axhline(pooled, color=INK, linewidth=0.8)
    axes.plot(patches, share, "o", color=colour, alpha=0.65, markersize=6, markeredgecolor="white")
    axes.set_title(f"all patches: {figure} {three(pooled)}", loc="right", fontsize=TEXT)
    right_end = patches.max() * 1.9
    places = np.column_stack([np.log(patches / 0.9) / np.log(right_end / 0.9), (share + 0.03) / 1.06])
    for place in _apart(_farthest(patches, share, pooled), places, names):
        axes.annotate(
            names[place],
            (patches[place], share[place]),
            (6, 0),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK,
            va="center",
        )
    axes.set_xscale("log")
    axes.set_xlim(0.9, right_end)
    axes.set_ylim(-0.03, 1.03)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel(label, fontsize=TEXT)
    axes.set_ylabel(figure, fontsize=TEXT)


def _apart(chosen: Sequence[int], places: NDArray[np.float64], names: Sequence[str]) -> list[int]:
    """Those whose names do not overprint that of an earlier one. ``places``: float64 (n, 2), of the dots, as
    shares of the axes."""
    kept: list[int] = []
    for one in chosen:
        away = np.abs(places[kept] - places[one])
        longest = np.array([max(len(names[one]), len(names[other])) for other in kept])
        if not np.any((away[:, 0] < LETTER_WIDTH * longest) & (away[:, 1] < NAME_HEIGHT)):
            kept.append(one)
    return kept


def _farthest(patches: NDArray[np.int64], share: NDArray[np.float64], pooled: float) -> list[int]:
    """The three patients that chance explains least of those judged worse than the rest."""
    spread = np.sqrt(max(pooled * (1 - pooled), 1e-6) / patches)
    distance = (pooled - share) / spread
    worst = np.argsort(-distance)[:3]
    return [int(place) for place in worst if distance[place] > 2]
