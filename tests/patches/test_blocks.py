"""Blocks hold neighbours, every patch once, at most a batch."""

from __future__ import annotations

import numpy as np

from histoviewer.patches.blocks import BLOCK_SIZE, blocks_by_place
from histoviewer.patches.patch import NO_LOCATION, PatchColumns


def columns(patient: list[int], x: list[int], y: list[int]) -> PatchColumns:
    n = len(x)
    return PatchColumns(
        files=[str(i) for i in range(n)],
        patients=tuple(str(p) for p in range(max(patient, default=0) + 1)),
        patient=np.array(patient, np.int32),
        x=np.array(x, np.int32),
        y=np.array(y, np.int32),
        width=np.full(n, 50, np.int32),
        height=np.full(n, 50, np.int32),
        truth=np.zeros(n, np.int8),
    )


def test_a_dense_mosaic_falls_into_squares() -> None:
    y, x = (np.indices((16, 24)).reshape(2, -1) * 50).tolist()
    made = columns([0] * len(x), x, y)
    blocks = blocks_by_place(made, 50)
    assert [len(block.patches) for block in blocks] == [64] * 6
    for block in blocks:
        assert np.ptp(made.x[block.patches]) == np.ptp(made.y[block.patches]) == 7 * 50
    corners = [(made.x[b.patches].min() // 400, made.y[b.patches].min() // 400) for b in blocks]
    assert corners == [(0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (0, 1)]


def test_every_patch_is_in_one_block_and_no_block_holds_two_patients() -> None:
    random = np.random.default_rng(3)
    n = 5000
    made = columns(
        np.sort(random.integers(0, 40, n)).tolist(),
        (random.integers(0, 60, n) * 50).tolist(),
        (random.integers(0, 60, n) * 50).tolist(),
    )
    blocks = blocks_by_place(made, 50)
    assert np.sort(np.concatenate([block.patches for block in blocks])).tolist() == list(range(n))
    assert [block.number for block in blocks] == list(range(len(blocks)))
    assert max(len(block.patches) for block in blocks) <= BLOCK_SIZE
    assert all(len(set(made.patient[block.patches])) == 1 for block in blocks)
    # 125 patches a patient on 64 neighbourhoods: without packing there would be some 2,200 blocks.
    assert len(blocks) < 150


def test_many_files_for_one_place_do_not_swell_a_block() -> None:
    blocks = blocks_by_place(columns([0] * 150, [0] * 150, [0] * 150), 50)
    assert [len(block.patches) for block in blocks] == [64, 64, 22]


def test_loose_patches_come_in_runs_before_those_with_a_place() -> None:
    made = columns(
        [0] * 40 + [1] * 60,
        [NO_LOCATION] * 40 + [0] * 10 + [NO_LOCATION] * 50,
        [-1] * 40 + [0] * 10 + [-1] * 50,
    )
    blocks = blocks_by_place(made, 50)
    assert [block.patches.tolist() for block in blocks] == [
        [*range(40), *range(50, 74)],
        [*range(74, 100)],
        [*range(40, 50)],
    ]


def test_without_patches_there_is_no_block() -> None:
    assert blocks_by_place(columns([], [], []), 50) == []


def test_blocks_share_the_memory_of_one_array() -> None:
    blocks = blocks_by_place(columns([0] * 300, list(range(300)), [0] * 300), 1)
    assert len({id(block.patches.base) for block in blocks}) == 1
