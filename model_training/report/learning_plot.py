"""A picture of how a training went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from model_training.config import Keep
from model_training.history import Epoch, kept_of, phases_of
from model_training.report.plot_style import (
    INK,
    SMALL,
    TEXT,
    TRAIN_COLOUR,
    VALIDATION_COLOUR,
    Axes,
    heading,
    styled,
)


def learning_figure(epochs: tuple[Epoch, ...], keep: Keep, name: str = "") -> Figure:
    """Loss and ROC AUC of training and validation patients by epoch, the phases side by side. There must be
    validation patients. ``name``: of the training, where there are several."""
    title = f"{name or 'Learning'}: training (while the epoch ran) and validation patients (after it)"
    figure, columns = _grid([epochs], title)
    for (loss, auc), phase in zip(columns, phases_of(epochs).values(), strict=True):
        _learnt(loss, phase, "loss", keep)
        _learnt(auc, phase, "auc", keep)
    return figure


def training_figure(histories: Mapping[str, tuple[Epoch, ...]]) -> Figure:
    """Loss and ROC AUC of the training patients alone, a line for each training of one recipe: name ->
    epochs."""
    figure, columns = _grid(list(histories.values()), "Learning: training patients, while the epoch ran")
    for name, epochs in histories.items():
        for pair, phase in zip(columns, phases_of(epochs).values(), strict=False):
            numbers = [epoch.epoch for epoch in phase]
            for axes, which in zip(pair, ("loss", "auc"), strict=True):
                values = [getattr(epoch, which) for epoch in phase]
                axes.plot(numbers, values, "o-", linewidth=1.2, markersize=3, label=name)
    if len(histories) > 1:
        columns[-1][1].legend(fontsize=SMALL, loc="lower right", ncols=2)
    return figure


def _grid(histories: Sequence[tuple[Epoch, ...]], title: str) -> tuple[Figure, list[tuple[Axes, Axes]]]:
    """Empty axes for loss and ROC AUC of each phase, wide and high enough for all trainings of a recipe."""
    phases = phases_of(max(histories, key=lambda epochs: len(phases_of(epochs))))
    figure = Figure(figsize=(max(6.6, 4.0 * len(phases)), 5.6), layout="constrained")
    heading(figure, title)
    widths = [max(4, len(phase)) for phase in phases.values()]
    grid = figure.subplots(
        2, len(phases), sharex="col", sharey="row", squeeze=False, gridspec_kw={"width_ratios": widths}
    )
    for column, (name, phase) in enumerate(phases.items()):
        loss, auc = grid[:, column]
        styled(loss)
        styled(auc)
        loss.set_title(f"phase {column + 1}: {name}", fontsize=TEXT, color=INK, loc="left")
        auc.set_xlabel("epoch", fontsize=TEXT)
        auc.set_xticks(np.unique(np.linspace(1, phase[-1].epoch, 6).round()))
        auc.set_xlim(0.5, phase[-1].epoch + 0.5 + 0.3 * max(4, len(phase)))
    every = [epoch for epochs in histories for epoch in epochs]
    grid[0, 0].set_ylim(0, _known(every, "loss").max(initial=0.1) * 1.06)
    grid[0, 0].set_ylabel("loss (lower is better)", fontsize=TEXT)
    grid[1, 0].set_ylim(_known(every, "auc").min(initial=0.5), 1)
    grid[1, 0].set_ylabel("ROC AUC (0.5 is chance)", fontsize=TEXT)
    return figure, list(zip(*grid, strict=True))


def _known(epochs: Sequence[Epoch], figure: str) -> NDArray[np.float64]:
    """Of training and validation; a training can end with NaN as its loss."""
    values = np.array([getattr(e, p + figure) for e in epochs for p in ("", "val_")], np.float64)
    known: NDArray[np.float64] = values[np.isfinite(values)]
    return known


def _learnt(axes: Axes, phase: tuple[Epoch, ...], figure: str, keep: Keep) -> None:
    numbers = [epoch.epoch for epoch in phase]
    kept = kept_of(phase, keep)
    ends = {}
    for prefix, name, colour in (("", "training", TRAIN_COLOUR), ("val_", "validation", VALIDATION_COLOUR)):
        values = [getattr(epoch, prefix + figure) for epoch in phase]
        axes.plot(numbers, values, "o-", color=colour, linewidth=1.6, markersize=3.5)
        axes.plot(kept.epoch, getattr(kept, prefix + figure), "o", color=colour, markersize=8)
        ends[name] = (values[-1], colour)
    axes.axvline(kept.epoch, color=INK, linewidth=0.7, linestyle=(0, (2, 3)))
    upper = max(ends, key=lambda name: ends[name][0])
    for name, (value, colour) in ends.items():
        axes.annotate(
            name,
            (numbers[-1], value),
            (7, 5 if name == upper else -5),
            textcoords="offset points",
            color=colour,
            fontsize=SMALL,
            va="center",
        )
    if figure == "auc":
        is_early = kept.epoch <= (numbers[0] + numbers[-1]) / 2
        axes.annotate(
            f"kept: epoch {kept.epoch}, {kept.val_auc:.3f}",
            (kept.epoch, 1),  # above the axes: the curves may be anywhere within
            (-4 if is_early else 4, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK,
            ha="left" if is_early else "right",
        )
