"""Rows and the blocks they are in."""

from __future__ import annotations

import numpy as np

from histoviewer.patches.patch import Block, block_numbers
from tests.helpers.array_source import ArraySource


class Shuffled(ArraySource):
    """Blocks whose rows are not in order."""

    def blocks(self) -> list[Block]:
        return [Block(0, np.array([3, 0])), Block(1, np.array([1, 4])), Block(2, np.array([2]))]


def test_every_row_has_the_number_of_its_block() -> None:
    assert block_numbers(Shuffled(5)).tolist() == [0, 1, 2, 0, 1]


def test_a_source_without_patches_has_no_numbers() -> None:
    assert len(block_numbers(ArraySource(0))) == 0
