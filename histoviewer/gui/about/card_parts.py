"""What there is to say of the program and its model, part by part, still without a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from histoviewer.gui.about.figures import figure_rows
from histoviewer.gui.formatting import count_text
from histoviewer.gui.versions import versions
from histoviewer.inference.model_card import Golden, ModelCard

SHORT_SUM = 12
"""Hex digits of a checksum that are shown: enough to compare, short enough to read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with what is below it.

    Attributes:
        title: the heading.
        sentences: a paragraph each.
        rows: a table; its first row names the columns where ``has_head``.
    """

    title: str
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    has_head: bool = False


def about_parts(card: ModelCard, *, with_patients: bool = False) -> list[Part]:
    """All of it, the most important first. ``with_patients`` names those that the model has seen."""
    return [
        Part(_tr("Model {title}").format(title=card.title), (card.intended_use, card.limits)),
        _figures(card),
        Part(_tr("How it judges"), rows=tuple(_judging(card))),
        Part(_tr("What it was trained on"), tuple(_training(card, with_patients=with_patients))),
        Part(_tr("Thanks"), (card.attribution, _tr("HistoViewer: licence Apache-2.0."))),
        Part(_tr("Versions"), rows=tuple(versions().items())),
        Part(_tr("Checksums (SHA-256, first digits)"), rows=tuple(_checksums(card))),
    ]


def _figures(card: ModelCard) -> Part:
    measured = _tr("Measured on {count} patients not trained on, 95 % intervals over patients.")
    if card.leaks:
        measured = _tr(
            "Measured on other patches of {count} patients that were trained on as well: the figures leak, "
            "and are better than on patients the model has not seen."
        )
    elif not card.split.get("test"):
        measured = _tr(
            "Measured by cross-validation: {count} patients, each judged by a network of the same recipe "
            "that was not trained on them; 95 % intervals over patients."
        )
    rows = figure_rows(card)
    return Part(_tr("Figures"), (measured.format(count=len(card.measured_on)),), rows, has_head=True)


def _judging(card: ModelCard) -> list[tuple[str, str]]:
    side = card.input_size * card.mpp
    judged = _tr("{pixels} × {pixels} px at {mpp:g} µm/px, {side:g} µm a side")
    rows = [
        (_tr("Patch"), judged.format(pixels=card.input_size, mpp=card.mpp, side=side)),
        (_tr("Threshold"), _tr("{threshold:g}, at or above it: malignant").format(threshold=card.threshold)),
        (_tr("Calibration"), _calibration_text(card.calibration)),
        (_tr("Neighbours"), _neighbours_text(card)),
    ]
    return [*rows, (_tr("Self-test"), _golden_text(card.golden))]


def _calibration_text(calibration: Mapping[str, Any]) -> str:
    method = str(calibration.get("method", "none"))
    if method == "none":
        return _tr("none: the network's own answers")
    slope, intercept = calibration.get("slope"), calibration.get("intercept")
    if not (isinstance(slope, float) and isinstance(intercept, float)):
        return method.capitalize()
    text = _tr("{method}, slope {slope:.3f}, intercept {intercept:.3f}")
    said = text.format(method=method.capitalize(), slope=slope, intercept=intercept)
    return said.replace("-", "−")


def _neighbours_text(card: ModelCard) -> str:
    if card.context is None:
        return _tr("not taken into account: each patch by itself")
    text = _tr("taken into account, up to {rings} patches away; the patch's own answer is kept and shown")
    return text.format(rings=len(card.context.rings))


def _golden_text(golden: Golden | None) -> str:
    if golden is None:
        return _tr("none: this model has no golden patch")
    return _tr("a patch of known answer is judged each time the model is loaded; it must match")


def _training(card: ModelCard, *, with_patients: bool) -> list[str]:
    said = [card.data]
    for role, name in (
        ("train", _tr("Trained on")),
        ("validation", _tr("Chosen with")),
        ("test", _tr("Measured on")),
    ):
        patients = card.split.get(role, ())
        if patients:
            said.append(f"{name}: {_amount_text(card, role)}.")
            if with_patients:
                said.append(", ".join(patients))
    if card.split.get("train"):
        said.append(_tr("What it says of patients that it was trained on is no evidence."))
    return said


def _amount_text(card: ModelCard, role: str) -> str:
    patients = count_text(len(card.split[role]))
    patches = card.training.get("patches")
    counts = patches.get(role) if isinstance(patches, Mapping) else None
    if not (isinstance(counts, Mapping) and {"patches", "malignant"} <= set(counts)):
        return _tr("{patients} patients").format(patients=patients)
    text = _tr("{patients} patients, {patches} patches of which {malignant} malignant")
    return text.format(
        patients=patients,
        patches=count_text(int(counts["patches"])),
        malignant=count_text(int(counts["malignant"])),
    )


def _checksums(card: ModelCard) -> list[tuple[str, str]]:
    files = [(name, sum_) for network in card.networks for name, sum_ in network.files.items()]
    return [(name, sum_[:SHORT_SUM]) for name, sum_ in [(_tr("The model"), card.sha256), *files]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("about", text)
