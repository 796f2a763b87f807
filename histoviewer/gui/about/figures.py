"""The model's measured figures as a table of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from histoviewer.inference.model_card import Metric, ModelCard
from histoviewer.translation import _


def figure_rows(card: ModelCard) -> tuple[tuple[str, ...], ...]:
    """A head, then name, figure and interval of each: of each patch alone and, where neighbours count, on
    whole slides alone and with them."""
    slides = [_on_slides(card, kind) for kind in ("own", "combined")]
    of_slides = (_("whole slides: alone"), _("with neighbours, as shown")) if all(slides) else ()
    rows: list[tuple[str, ...]] = [("", _("each patch alone"), *of_slides)]
    for name, metric in card.metrics.items():
        beside = (_figure_text(of.get(name)) for of in slides) if all(slides) else ()
        rows.append((_name(name), _figure_text(metric), *beside))
    return tuple(rows)


def _on_slides(card: ModelCard, kind: str) -> dict[str, Metric]:
    """What was measured of whole slides; the card's evidence is free in its form."""
    evidence: Any = {} if card.context is None else card.context.evidence.get("figures")
    facts = evidence.get(kind) if isinstance(evidence, Mapping) else None
    if not isinstance(facts, Mapping):
        return {}
    return {str(name): metric for name, of in facts.items() if (metric := _metric(of)) is not None}


def _metric(facts: Any) -> Metric | None:
    if not isinstance(facts, Mapping):
        return None
    value, low, high = (facts.get(key) for key in ("value", "low", "high"))
    if isinstance(value, float) and isinstance(low, float) and isinstance(high, float):
        return Metric(value, low, high)
    return None


def _figure_text(metric: Metric | None) -> str:
    return "–" if metric is None else metric.text


def _name(name: str) -> str:
    names = {
        "accuracy": _("accuracy"),
        "balanced_accuracy": _("balanced accuracy"),
        "precision": _("precision"),
        "recall": _("recall (sensitivity)"),
        "specificity": _("specificity"),
        "f1": "F1",
        "roc_auc": "ROC AUC",
        "average_precision": _("average precision"),
        "brier": _("Brier score (ideal: 0)"),
        "ece": _("calibration error (ideal: 0)"),
    }
    return names.get(name, name)
