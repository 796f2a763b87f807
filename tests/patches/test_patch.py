"""Rows and the blocks they are in."""

from __future__ import annotations

import numpy as np

from histoviewer.patches.patch import Block, BlockPixels, block_numbers
from tests.helpers.array_source import ArraySource


class Shuffled(ArraySource):
    """Blocks whose rows are not in order."""

    def blocks(self) -> list[Block]:
        return [Block(0, np.array([3, 0])), Block(1, np.array([1, 4])), Block(2, np.array([2]))]


def test_every_row_has_the_number_of_its_block() -> None:
    assert block_numbers(Shuffled(5)).tolist() == [0, 1, 2, 0, 1]


def test_parts_of_a_block_hold_all_of_it_once() -> None:
    pixels = np.arange(5 * 3, dtype=np.uint8).reshape(5, 1, 1, 3)
    sizes = np.arange(10, dtype=np.int32).reshape(5, 2)
    rows = np.array([7, 3, 9, 4, 5])
    read = BlockPixels(rows, pixels, sizes, {8: "broken"}, frozenset({3, 4}))
    first, rest = read.parted(2)
    assert (first.truncated, rest.truncated) == ({3}, {4})
    assert (first.failures, rest.failures) == ({}, {8: "broken"})
    for name in ("patches", "pixels", "sizes"):
        parts = np.concatenate([getattr(first, name), getattr(rest, name)])
        assert np.array_equal(parts, getattr(read, name))
    assert len(first.patches) == 2


def test_a_source_without_patches_has_no_numbers() -> None:
    assert len(block_numbers(ArraySource(0))) == 0
