"""What there is to say of the program and its model, part by part, still without a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from histoviewer.gui.about.figures import figure_rows
from histoviewer.gui.formatting import count_text
from histoviewer.gui.versions import versions
from histoviewer.inference.model_card import Golden, ModelCard
from histoviewer.translation import _, translated

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
        Part(
            _("Model {title}").format(title=card.title),
            (translated(card.intended_use), translated(card.limits)),
        ),
        _figures(card),
        Part(_("How it judges"), rows=tuple(_judging(card))),
        Part(_("What it was trained on"), tuple(_training(card, with_patients=with_patients))),
        Part(_("Thanks"), (translated(card.attribution), _("HistoViewer: licence Apache-2.0."))),
        Part(_("Versions"), rows=tuple(versions().items())),
        Part(_("Checksums (SHA-256, first digits)"), rows=tuple(_checksums(card))),
    ]


def _figures(card: ModelCard) -> Part:
    measured = _("Measured on {count} patients not trained on, 95 % intervals over patients.")
    if card.leaks:
        measured = _(
            "Measured on other patches of {count} patients that were trained on as well: the figures leak, "
            "and are better than on patients the model has not seen."
        )
    elif not card.split.get("test"):
        measured = _(
            "Measured by cross-validation: {count} patients, each judged by a network of the same recipe "
            "that was not trained on them; 95 % intervals over patients."
        )
    rows = figure_rows(card)
    return Part(_("Figures"), (measured.format(count=len(card.measured_on)),), rows, has_head=True)


def _judging(card: ModelCard) -> list[tuple[str, str]]:
    side = card.input_size * card.mpp
    judged = _("{pixels} × {pixels} px at {mpp:g} µm/px, {side:g} µm a side")
    rows = [
        (_("Patch"), judged.format(pixels=card.input_size, mpp=card.mpp, side=side)),
        (_("Threshold"), _("{threshold:g}, at or above it: malignant").format(threshold=card.threshold)),
        (_("Calibration"), _calibration_text(card.calibration)),
        (_("Neighbours"), _neighbours_text(card)),
    ]
    return [*rows, (_("Self-test"), _golden_text(card.golden))]


def _calibration_text(calibration: Mapping[str, Any]) -> str:
    method = str(calibration.get("method", "none"))
    if method == "none":
        return _("none: the network's own answers")
    slope, intercept = calibration.get("slope"), calibration.get("intercept")
    if not (isinstance(slope, float) and isinstance(intercept, float)):
        return method.capitalize()
    text = _("{method}, slope {slope:.3f}, intercept {intercept:.3f}")
    said = text.format(method=method.capitalize(), slope=slope, intercept=intercept)
    return said.replace("-", "−")


def _neighbours_text(card: ModelCard) -> str:
    if card.context is None:
        return _("not taken into account: each patch by itself")
    text = _("taken into account, up to {rings} patches away; the patch's own answer is kept and shown")
    return text.format(rings=len(card.context.rings))


def _golden_text(golden: Golden | None) -> str:
    if golden is None:
        return _("none: this model has no golden patch")
    return _("a patch of known answer is judged each time the model is loaded; it must match")


def _training(card: ModelCard, *, with_patients: bool) -> list[str]:
    said = [translated(card.data)]
    for role, name in (
        ("train", _("Trained on")),
        ("validation", _("Chosen with")),
        ("test", _("Measured on")),
    ):
        patients = card.split.get(role, ())
        if patients:
            said.append(f"{name}: {_amount_text(card, role)}.")
            if with_patients:
                said.append(", ".join(patients))
    if card.split.get("train"):
        said.append(_("What it says of patients that it was trained on is no evidence."))
    return said


def _amount_text(card: ModelCard, role: str) -> str:
    patients = count_text(len(card.split[role]))
    patches = card.training.get("patches")
    counts = patches.get(role) if isinstance(patches, Mapping) else None
    if not (isinstance(counts, Mapping) and {"patches", "malignant"} <= set(counts)):
        return _("{patients} patients").format(patients=patients)
    text = _("{patients} patients, {patches} patches of which {malignant} malignant")
    return text.format(
        patients=patients,
        patches=count_text(int(counts["patches"])),
        malignant=count_text(int(counts["malignant"])),
    )


def _checksums(card: ModelCard) -> list[tuple[str, str]]:
    files = [(name, sum_) for part in card.parts for name, sum_ in part.files.items()]
    return [(name, sum_[:SHORT_SUM]) for name, sum_ in [(_("The model"), card.sha256), *files]]
