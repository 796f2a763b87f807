from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from histoviewer.gui.gallery.gallery_groups import CLASSES, Group, grouped, keys_of
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from tests.helpers.array_source import ArraySource

NAN = float("nan")


def test_rows_stand_group_after_group_each_in_its_order_and_empty_groups_are_left_out() -> None:
    groups = grouped(np.array([5, 0, 3, 1, 4]), np.array([7, 2, 9, 2, 7, 2]))
    assert groups.keys.tolist() == [2, 7]
    assert groups.rows.tolist() == [5, 3, 1, 0, 4]
    assert groups.sizes.tolist() == [3, 2]
    assert (groups.of_key(7), groups.of_key(9)) == (1, None)


def test_counts_are_of_the_rows_shown_at_the_threshold() -> None:
    groups = grouped(np.array([0, 1, 2, 4]), np.array([0, 0, 1, 1, 1]))
    probabilities = np.array([0.7, 0.2, NAN, 0.9, 0.6999], np.float32)
    assert groups.counts(probabilities, 0.7).tolist() == [[2, 1], [1, 0]]
    assert groups.counts(probabilities, 0.2).tolist() == [[2, 1], [2, 1]]


def test_closed_groups_have_no_rows_to_show() -> None:
    groups = grouped(np.arange(5), np.array([0, 1, 0, 2, 1]))
    assert groups.open_rows(np.array([False, True, False])).tolist() == [0, 2, 3]
    assert groups.open_rows(np.zeros(3, np.bool_)).tolist() == [0, 2, 1, 4, 3]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (Group.CLASS, [MALIGNANT, BENIGN, UNKNOWN, BENIGN]),
        (Group.TRUTH, [UNKNOWN, MALIGNANT, BENIGN, BENIGN]),
    ],
)
def test_classes_and_truth_are_told_apart(group: Group, expected: list[int]) -> None:
    columns = replace(ArraySource(4).columns, truth=np.array([UNKNOWN, MALIGNANT, BENIGN, BENIGN], np.int8))
    keys = keys_of(columns, np.array([0.5, 0.1, NAN, 0.4], np.float32), 0.5, group)
    assert [CLASSES[key] for key in keys.tolist()] == expected


def test_many_groups_agree_with_a_plain_stable_sort() -> None:
    random = np.random.default_rng(3)
    for most in (200, 100_000):
        keys, rows = random.integers(0, most, 5000), random.permutation(5000)
        groups = grouped(rows, keys)
        assert np.array_equal(groups.rows, rows[np.argsort(keys[rows], kind="stable")])
        assert np.array_equal(np.repeat(groups.keys, groups.sizes), keys[groups.rows])


def test_nothing_makes_no_groups() -> None:
    groups = grouped(np.empty(0, np.intp), np.array([3, 1]))
    assert len(groups.keys) == len(groups.rows) == 0
    assert groups.counts(np.zeros(2, np.float32), 0.5).shape == (2, 0)
