"""A picture of how a training went."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from model_training.history import Epoch, best_of, phases_of
from model_training.plot_style import INK, SMALL, TEXT, TRAIN_COLOUR, VALIDATION_COLOUR, Axes, heading, styled


def learning_figure(epochs: tuple[Epoch, ...], name: str = "") -> Figure:
    """Loss and ROC AUC of training and validation patients by epoch, the phases side by side. ``name``: of
    the training, where there are several."""
    phases = phases_of(epochs)
    figure = Figure(figsize=(max(6.6, 4.0 * len(phases)), 5.6), layout="constrained")
    widths = [max(4, len(phase)) for phase in phases.values()]
    grid = figure.subplots(
        2, len(phases), sharex="col", sharey="row", squeeze=False, gridspec_kw={"width_ratios": widths}
    )
    heading(
        figure, f"{name or 'Learning'}: training (while the epoch ran) and validation patients (after it)"
    )
    losses = np.array([(epoch.loss, epoch.val_loss) for epoch in epochs])
    highest = losses[np.isfinite(losses)].max(initial=0.1)  # a training can end with NaN as its loss
    for column, (name, phase) in enumerate(phases.items()):
        loss, auc = grid[:, column]
        _learnt(loss, phase, "loss")
        _learnt(auc, phase, "auc")
        loss.set_title(f"phase {column + 1}: {name}", fontsize=TEXT, color=INK, loc="left")
        auc.set_xlabel("epoch", fontsize=TEXT)
        auc.set_xticks(np.unique(np.linspace(1, phase[-1].epoch, 6).round()))
        auc.set_xlim(0.5, phase[-1].epoch + 0.5 + 0.3 * max(4, len(phase)))
    grid[0, 0].set_ylim(0, highest * 1.06)
    grid[0, 0].set_ylabel("loss (lower is better)", fontsize=TEXT)
    grid[1, 0].set_ylim(min(0.5, *(min(e.auc, e.val_auc) for e in epochs)), 1)
    grid[1, 0].set_ylabel("ROC AUC (0.5 is chance)", fontsize=TEXT)
    return figure


def _learnt(axes: Axes, phase: tuple[Epoch, ...], figure: str) -> None:
    styled(axes)
    numbers = [epoch.epoch for epoch in phase]
    best = best_of(phase)
    ends = {}
    for prefix, name, colour in (("", "training", TRAIN_COLOUR), ("val_", "validation", VALIDATION_COLOUR)):
        values = [getattr(epoch, prefix + figure) for epoch in phase]
        axes.plot(numbers, values, "o-", color=colour, linewidth=1.6, markersize=3.5)
        axes.plot(best.epoch, getattr(best, prefix + figure), "o", color=colour, markersize=8)
        ends[name] = (values[-1], colour)
    axes.axvline(best.epoch, color=INK, linewidth=0.7, linestyle=(0, (2, 3)))
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
        axes.annotate(
            f"kept: epoch {best.epoch}, {best.val_auc:.3f}",
            (best.epoch, 0),
            (4 if best.epoch <= (numbers[0] + numbers[-1]) / 2 else -4, 6),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK,
            ha="left" if best.epoch <= (numbers[0] + numbers[-1]) / 2 else "right",
        )
