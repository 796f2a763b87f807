"""One figure of the table of speed: ours beside a rival that was measured in the same run."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """Attributes:
    name: what is measured.
    unit: of ``ours`` and ``rival``.
    ours, rival: medians of the rounds.
    ratios: of each round; of medians where the two sides have no rounds in common. More is better where
        ``is_rate``, and less is better else.
    aim: what the ratio is to be, at least or at most.
    is_rate: the ratio says how many times as fast we are; else how many times as long we take, or how much.
    rival_name: what the other side is.
    """

    name: str
    unit: str
    ours: float
    rival: float
    ratios: tuple[float, ...]
    aim: float
    is_rate: bool
    rival_name: str

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        return self.ratio >= self.aim if self.is_rate else self.ratio <= self.aim

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "ratio": self.ratio, "is_met": self.is_met}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> Figure:
        """What ``facts`` has written."""
        known = {name: facts[name] for name in cls.__slots__}
        return cls(**{**known, "ratios": tuple(facts["ratios"])})


def compared(
    name: str,
    unit: str,
    *,
    rival: Sequence[float],
    ours: Sequence[float],
    aim: float,
    is_rate: bool,
    rival_name: str,
) -> Figure:
    """Of two sides measured in turns, round by round."""
    return Figure(
        name,
        unit,
        ours=statistics.median(ours),
        rival=statistics.median(rival),
        ratios=tuple(own / other for own, other in zip(ours, rival, strict=True)),
        aim=aim,
        is_rate=is_rate,
        rival_name=rival_name,
    )


def table(figures: Sequence[Figure]) -> str:
    """Markdown."""
    lines = ["| figure | rival | rival's | ours | ratio | aim | |", "|---|---|---|---|---|---|---|"]
    for one in figures:
        sign, verdict = ("at least", "at most")[not one.is_rate], "met" if one.is_met else "**not met**"
        spread = f" ({min(one.ratios):.2f}–{max(one.ratios):.2f})" if len(one.ratios) > 1 else ""
        lines.append(
            f"| {one.name} | {one.rival_name} | {one.rival:.4g} {one.unit} | {one.ours:.4g} {one.unit} "
            f"| {one.ratio:.2f}x{spread} | {sign} {one.aim:g}x | {verdict} |"
        )
    return "\n".join(lines)


def report(measure: Callable[[], Sequence[Figure]]) -> None:
    """The main function of a script: measure, print the table, or with ``--json`` one line for the table of
    all of them."""
    figures = measure()
    if "--json" in sys.argv:
        print(json.dumps([one.facts() for one in figures]))
    else:
        print(table(figures))
