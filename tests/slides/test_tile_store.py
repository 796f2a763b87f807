"""Decoded tiles that slides keep together."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from histoviewer.slides.tiff_levels import TiffSlide
from histoviewer.slides.tile_store import SHARED_BYTES, TileStore, shared_tiles
from tests.helpers.pictures import textured, write_tiff_levels

KILOBYTE = 1024


class Decoder:
    """Makes tiles of a kilobyte and counts them."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> NDArray[np.uint8]:
        self.calls += 1
        return np.zeros(KILOBYTE, np.uint8)


def test_a_tile_is_decoded_once_while_it_is_kept() -> None:
    store, decode = TileStore(8 * KILOBYTE), Decoder()
    owner = store.new_owner()
    assert store.tile(owner, (0, 1), decode) is store.tile(owner, (0, 1), decode)
    assert decode.calls == 1


def test_the_same_place_of_two_owners_is_two_tiles() -> None:
    store, decode = TileStore(8 * KILOBYTE), Decoder()
    first, second = store.new_owner(), store.new_owner()
    assert store.tile(first, (0, 0), decode) is not store.tile(second, (0, 0), decode)


def test_what_was_not_used_for_the_longest_time_goes_first() -> None:
    store, decode = TileStore(16 * KILOBYTE), Decoder()
    owner = store.new_owner()
    for place in range(16):
        store.tile(owner, place, decode)
    store.tile(owner, 0, decode)
    store.tile(owner, 16, decode)
    assert (store.bytes_kept, decode.calls) == (16 * KILOBYTE, 17)
    store.tile(owner, 0, decode)
    assert decode.calls == 17
    store.tile(owner, 1, decode)
    assert decode.calls == 18


def test_a_few_tiles_are_kept_however_large_they_are() -> None:
    store, decode = TileStore(1), Decoder()
    owner = store.new_owner()
    for place in (*range(8), *range(8)):
        store.tile(owner, place, decode)
    assert decode.calls == 8


def test_a_tile_counts_with_all_that_it_was_cut_from() -> None:
    store = TileStore(8 * KILOBYTE)
    store.tile(store.new_owner(), 0, lambda: np.zeros((4, KILOBYTE), np.uint8)[:1])
    assert store.bytes_kept == 4 * KILOBYTE


def test_an_owner_that_leaves_takes_its_tiles_along() -> None:
    store, decode = TileStore(8 * KILOBYTE), Decoder()
    leaving, staying = store.new_owner(), store.new_owner()
    for owner in (leaving, staying):
        store.tile(owner, 0, decode)
    store.forget(leaving)
    assert store.bytes_kept == KILOBYTE
    store.tile(staying, 0, decode)
    assert decode.calls == 2


def test_a_tile_that_cannot_be_decoded_is_tried_again() -> None:
    store, decode = TileStore(8 * KILOBYTE), Decoder()

    def fail() -> NDArray[np.uint8]:
        raise EOFError

    with pytest.raises(EOFError):
        store.tile(1, 0, fail)
    store.tile(1, 0, decode)
    assert (decode.calls, store.bytes_kept) == (1, KILOBYTE)


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Python changes from one to the other as often as it can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty_threads")
def test_threads_leave_the_count_of_bytes_right() -> None:
    store, decode = TileStore(64 * KILOBYTE), Decoder()

    def use(number: int) -> None:
        owner = store.new_owner()
        for place in range(200):
            store.tile(owner, place % 50, decode)
        if number % 2:
            store.forget(owner)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(120)))
    assert store.bytes_kept == KILOBYTE * len(store._tiles) <= 64 * KILOBYTE


def test_slides_keep_their_tiles_together_and_a_closed_one_none(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.tif" for name in "ab"]
    before = shared_tiles.bytes_kept
    slides = []
    for path in paths:
        write_tiff_levels(path, [textured(512, 512)])
        slides.append(TiffSlide(path))
        slides[-1].read_box(slides[-1].bounds, slides[-1].dimensions)
    assert before < shared_tiles.bytes_kept <= SHARED_BYTES
    for slide in slides:
        slide.close()
    assert shared_tiles.bytes_kept <= before
