"""The chart of a training's epochs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from histoviewer.gui.training.chart import EpochChart

WIDTH = 600.0


@pytest.mark.parametrize(
    ("head", "blocks", "firsts"),
    [
        (10, 6, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6]),
        (10, 200, [1, 1]),
        (3, 5000, [1]),
    ],
    ids=["all have room", "both parts begin", "the first part is hardly seen"],
)
def test_numbers_of_epochs_do_not_run_into_each_other(
    qtbot: QtBot, head: int, blocks: int, firsts: list[int]
) -> None:
    chart = EpochChart()
    qtbot.addWidget(chart)
    order = [("head", number) for number in range(1, head + 1)]
    order += [("blocks", number) for number in range(1, blocks + 1)]
    places = sorted(chart._named(order, WIDTH))
    assert [order[place][1] for place in places][: len(firsts)] == firsts
    each, advance = WIDTH / len(order), chart.fontMetrics().horizontalAdvance
    for one, other in pairwise(places):
        texts = (str(order[place][1]) for place in (one, other))
        assert (other - one) * each > sum(map(advance, texts)) / 2
    assert len(places) >= 10
