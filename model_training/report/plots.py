"""Pictures of answers against the truth, as matplotlib figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn import metrics as sk

from model_training.bootstrap import draw_patients, drawn_roc_curves
from model_training.reliability import reliability
from model_training.report.plot_style import (
    ANSWER_COLOURS,
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

BAND_RESAMPLES = 300
RATES = np.linspace(0, 1, 201)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One kind of answer to the patches of an evaluation.

    Attributes:
        name: of the kind.
        truth: int8 (n,).
        probability: float32 (n,).
        patients: str (n,).
        threshold: at which a patch is called malignant.
    """

    name: str
    truth: NDArray[np.int8]
    probability: NDArray[np.float32]
    patients: NDArray[np.str_]
    threshold: float

    def calls_any(self, threshold: float) -> bool:
        """Whether any patch is called malignant there; if none is, precision is a share of nothing."""
        return bool((self.probability >= threshold).any())


def roc_figure(kinds: Sequence[Judged], *, seed: int = 0) -> Figure:
    """Sensitivity against false positives, with the thresholds in use; the band is the 95 % interval of the
    first kind's curve over drawn patients."""
    figure, axes = _figure("ROC curve: malignant patches found against benign ones called malignant")
    first = kinds[0]
    draws = draw_patients(first.truth, first.patients, seed=seed, resamples=BAND_RESAMPLES)
    curves = drawn_roc_curves(first.truth, first.probability, draws, RATES)
    low, high = np.quantile(curves, (0.025, 0.975), axis=0)
    axes.fill_between(RATES, low, high, color=ANSWER_COLOURS[0], alpha=0.15, linewidth=0)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 4)))
    axes.text(0.6, 0.56, "chance", color=GREY, fontsize=SMALL, rotation=45, rotation_mode="anchor", va="top")
    for place, (kind, colour) in enumerate(zip(kinds, ANSWER_COLOURS, strict=False)):
        false, true, _ = sk.roc_curve(kind.truth, kind.probability)
        axes.plot(false, true, color=colour, linewidth=1.8)
        (specificity, rate), (_, sensitivity) = _confusion(kind) / _confusion(kind).sum(axis=1, keepdims=True)
        axes.plot(rate, sensitivity, "o", color=colour, markersize=7, markeredgecolor="white")
        area = sk.roc_auc_score(kind.truth, kind.probability)
        said = f"● sensitivity {three(sensitivity)}, specificity {three(specificity)}{_at(kind)}"
        _key(axes, 0.30 - 0.15 * place, f"{kind.name}: area {three(area)}", said, colour)
    _unit(axes, "share of benign patches called malignant (1 - specificity)", "sensitivity")
    return figure


def precision_recall_figure(kinds: Sequence[Judged]) -> Figure:
    """Precision against sensitivity, with the thresholds in use."""
    figure, axes = _figure("Precision and sensitivity: what the calls are worth, the more are made")
    share = float(kinds[0].truth.mean())
    axes.axhline(share, color=GREY, linewidth=0.8, linestyle=(0, (4, 4)))
    axes.text(
        0.99, share - 0.015, "every patch called malignant", color=GREY, fontsize=SMALL, ha="right", va="top"
    )
    low = 0.30 if share > 0.45 or share < 0.06 else share + 0.26
    for place, (kind, colour) in enumerate(zip(kinds, ANSWER_COLOURS, strict=False)):
        precision, recall, _ = sk.precision_recall_curve(kind.truth, kind.probability)
        axes.step(recall, precision, where="post", color=colour, linewidth=1.8)
        (_, fp), (fn, tp) = _confusion(kind)
        at = (tp / (tp + fn), tp / max(1, tp + fp))
        said = f"no patch is called malignant{_at(kind)}"
        if kind.calls_any(kind.threshold):
            axes.plot(*at, "o", color=colour, markersize=7, markeredgecolor="white")
            said = f"● precision {three(at[1])}, sensitivity {three(at[0])}{_at(kind)}"
        average = sk.average_precision_score(kind.truth, kind.probability)
        _key(
            axes,
            low - 0.15 * place,
            f"{kind.name}: average precision {three(average)}",
            said,
            colour,
            x=0.03,
        )
    _unit(axes, "sensitivity (recall)", "precision")
    return figure


def confusion_figure(kind: Judged) -> Figure:
    """Counts and shares of each true class."""
    figure, axes = _figure(f"What became of each class at the threshold {kind.threshold:g}: {kind.name}")
    counts = _confusion(kind)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        share = shares[row, column]
        colour = "white" if share > 0.5 else INK
        axes.text(column, row - 0.08, f"{count:,}", ha="center", va="center", color=colour, fontsize=17)
        of = "benign" if row == 0 else "malignant"
        axes.text(
            column,
            row + 0.14,
            f"{share:.1%} of the {of}",
            ha="center",
            va="center",
            color=colour,
            fontsize=TEXT,
        )
    axes.set_xticks([0, 1], ["called benign", "called malignant"])
    axes.set_yticks([0, 1], ["benign", "malignant"], rotation=90, va="center")
    axes.set_ylabel("truth", fontsize=TEXT)
    axes.tick_params(length=0, labelsize=TEXT)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def reliability_figure(kinds: Sequence[Judged]) -> Figure:
    """Frequency against probability in bins of equal width, over how many patches each holds."""
    figure = Figure(figsize=(5.6 * len(kinds), 5.6), layout="constrained")
    heading(figure, "Reliability: of patches with a probability of 0.7, are 70 % malignant?")
    grid = figure.add_gridspec(2, len(kinds), height_ratios=(3, 1))
    for column, kind in enumerate(kinds):
        _reliability(figure.add_subplot(grid[0, column]), kind)
        _histogram_of_all(figure.add_subplot(grid[1, column]), kind)
    return figure


def _reliability(axes: Axes, kind: Judged) -> None:
    styled(axes)
    table = reliability(kind.truth, kind.probability)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 4)))
    axes.vlines(table.probability, table.probability, table.frequency, color=MALIGNANT_COLOUR, linewidth=1.2)
    sizes = 18 + 140 * np.sqrt(table.count / table.count.max())
    axes.scatter(
        table.probability, table.frequency, s=sizes, color=BENIGN_COLOUR, edgecolors="white", zorder=3
    )
    # Outside the axes: a gap may be anywhere within.
    axes.set_title(kind.name, loc="left", fontsize=TEXT, color=INK, weight="bold")
    axes.set_title(f"mean gap (ECE) {three(table.error)}", loc="right", fontsize=TEXT, color=MALIGNANT_COLOUR)
    _unit(axes, "dots below the line: probabilities too high", "share of malignant patches")


def _histogram_of_all(axes: Axes, kind: Judged) -> None:
    styled(axes)
    counts, edges = np.histogram(kind.probability, bins=30, range=(0, 1))
    axes.bar(
        edges[:-1], counts, width=1 / 30, align="edge", color=BENIGN_COLOUR, edgecolor="white", linewidth=0.5
    )
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("probability of malignancy", fontsize=TEXT)
    axes.set_ylabel("patches", fontsize=TEXT)


def histogram_figure(kind: Judged) -> Figure:
    """How the probabilities of each class lie about the threshold; each class's shares sum to one."""
    figure, axes = _figure(f"Probabilities of benign and malignant patches: {kind.name}")
    highest = 0.0
    for truth, name, colour in ((0, "benign", BENIGN_COLOUR), (1, "malignant", MALIGNANT_COLOUR)):
        of_class = kind.probability[kind.truth == truth]
        shares, edges = np.histogram(of_class, bins=40, range=(0, 1))
        shares = shares / max(1, len(of_class))
        axes.stairs(shares, edges, fill=True, color=colour, alpha=0.3)
        axes.stairs(shares, edges, color=colour, linewidth=1.4)
        highest = max(highest, float(shares.max()))
        x, side = (0.02, "left") if truth == 0 else (0.98, "right")
        label = f"{len(of_class):,} {name}"
        axes.text(
            x, 1.01, label, color=colour, fontsize=TEXT, ha=side, transform=axes.transAxes, weight="bold"
        )
    axes.axvline(kind.threshold, color=INK, linewidth=1)
    near = kind.threshold > 0.6
    axes.text(
        kind.threshold + (-0.012 if near else 0.012),
        highest * 1.03,
        f"threshold {kind.threshold:g}",
        fontsize=SMALL,
        color=INK,
        ha="right" if near else "left",
        va="top",
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, highest * 1.06)
    axes.set_xlabel("probability of malignancy", fontsize=TEXT)
    axes.set_ylabel("share of the class's patches", fontsize=TEXT)
    return figure


def _confusion(kind: Judged) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = sk.confusion_matrix(
        kind.truth, kind.probability >= kind.threshold, labels=[0, 1]
    )
    return counts


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    heading(figure, title)
    axes = figure.add_subplot()
    styled(axes)
    return figure, axes


def _unit(axes: Axes, x: str, y: str) -> None:
    """Both axes from 0 to 1."""
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel(x, fontsize=TEXT)
    axes.set_ylabel(y, fontsize=TEXT)


def _at(kind: Judged) -> str:
    return f" at threshold {kind.threshold:g}"


def _key(axes: Axes, y: float, name: str, said: str, colour: str, *, x: float = 0.32) -> None:
    axes.text(x, y, name, color=colour, fontsize=TEXT, weight="bold")
    axes.text(x, y - 0.055, said, color=colour, fontsize=SMALL)
