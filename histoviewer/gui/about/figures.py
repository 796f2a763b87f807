"""The model's measured figures as a table of texts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from PySide6.QtCore import QCoreApplication

from histoviewer.inference.model_card import Metric, ModelCard


def figure_rows(card: ModelCard) -> tuple[tuple[str, ...], ...]:
    """A head, then name, figure and interval of each; where neighbours count, beside them those of the patch
    alone."""
    alone = _alone(card)
    head = (_tr("with neighbours, as shown"), _tr("the patch alone")) if alone else (_tr("figure"),)
    rows = [("", *head)]
    for name, metric in card.metrics.items():
        beside = (_figure_text(alone.get(name)),) if alone else ()
        rows.append((_name(name), _figure_text(metric), *beside))
    return tuple(rows)


def _alone(card: ModelCard) -> dict[str, Metric]:
    """What was measured of patches judged by themselves; the card's evidence is free in its form."""
    evidence = card.context.evidence.get("alone") if card.context is not None else None
    if not isinstance(evidence, Mapping):
        return {}
    return {str(name): metric for name, facts in evidence.items() if (metric := _metric(facts)) is not None}


def _metric(facts: Any) -> Metric | None:
    if not isinstance(facts, Mapping):
        return None
    value, low, high = (facts.get(key) for key in ("value", "low", "high"))
    if isinstance(value, float) and isinstance(low, float) and isinstance(high, float):
        return Metric(value, low, high)
    return None


def _figure_text(metric: Metric | None) -> str:
    if metric is None:
        return "–"
    return f"{_rounded(metric.value)} ({_rounded(metric.low)}–{_rounded(metric.high)})"


def _rounded(value: float) -> str:
    """As people round what the card says: 0.9265 to 0.927, though its binary form is a little less."""
    return str(Decimal(str(value)).quantize(Decimal("0.001"), ROUND_HALF_UP))


def _name(name: str) -> str:
    names = {
        "accuracy": _tr("accuracy"),
        "balanced_accuracy": _tr("balanced accuracy"),
        "precision": _tr("precision"),
        "recall": _tr("recall (sensitivity)"),
        "specificity": _tr("specificity"),
        "f1": "F1",
        "roc_auc": "ROC AUC",
        "average_precision": _tr("average precision"),
        "brier": _tr("Brier score (ideal: 0)"),
        "ece": _tr("calibration error (ideal: 0)"),
    }
    return names.get(name, name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("about", text)
