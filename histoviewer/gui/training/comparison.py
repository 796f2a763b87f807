"""What a training says of its model beside the one in use."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from histoviewer.errors import ResultError
from histoviewer.results.compared import ComparedMap, read_compared_maps

log = logging.getLogger("histoviewer.training")

Interval = tuple[float, float, float]
"""A figure and its 95 % interval."""


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """Read from ``comparison.json`` of a run.

    Attributes:
        problem: why there is nothing to compare on; "" where there is.
        titles, thresholds: of the old and the new model.
        patients, patches, malignant: what they were compared on.
        is_unseen: neither has seen these patients.
        old, new, difference: name -> figure.
        only_old, only_new, p: of McNemar's test.
    """

    problem: str
    titles: tuple[str, str]
    thresholds: tuple[float, float]
    patients: tuple[str, ...]
    patches: int
    malignant: int
    is_unseen: bool
    old: Mapping[str, Interval]
    new: Mapping[str, Interval]
    difference: Mapping[str, Interval]
    only_old: int
    only_new: int
    p: float


def read_comparison(run: Path) -> ComparisonFacts | None:
    """None where there is none to be read."""
    try:
        facts = json.loads((run / "comparison.json").read_text(encoding="utf-8"))
        if "problem" in facts:
            return _nothing_but(str(facts["problem"]), _figures(facts["new"]))
        test = facts["mcnemar"]
        old_title, new_title = facts["titles"]
        old_threshold, new_threshold = facts["thresholds"]
        return ComparisonFacts(
            problem="",
            titles=(str(old_title), str(new_title)),
            thresholds=(float(old_threshold), float(new_threshold)),
            patients=tuple(map(str, facts["patients"])),
            patches=int(facts["patches"]),
            malignant=int(facts["malignant"]),
            is_unseen=bool(facts["is_unseen"]),
            old=_figures(facts["old"]),
            new=_figures(facts["new"]),
            difference=_figures(facts["difference"]),
            only_old=int(test["only_old"]),
            only_new=int(test["only_new"]),
            p=float(test["p"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_maps(run: Path, facts: ComparisonFacts) -> list[ComparedMap]:
    """Of the slides that were compared on; none where the training was of a program that left none."""
    path = run / "comparison.npz"
    if not path.exists():
        return []
    try:
        return read_compared_maps(path, thresholds=facts.thresholds)
    except ResultError as error:
        log.warning("%s", error)
        return []


def _nothing_but(problem: str, new: Mapping[str, Interval]) -> ComparisonFacts:
    return ComparisonFacts(problem, ("", ""), (1.0, 1.0), (), 0, 0, False, {}, new, {}, 0, 0, 1.0)


def _figures(facts: Mapping[str, Any]) -> dict[str, Interval]:
    return {name: (one["value"], one["low"], one["high"]) for name, one in facts.items()}
